import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  operationType,
  operationTypes,
  recordedVerbs,
  verbsOf,
} from '../../../src/dialect/alibaba/operation-types.ts'

test('what is recorded has a type of the service, and is found by it', () => {
  for (const verb of recordedVerbs) {
    assert.ok(operationTypes.includes(operationType(verb)), verb)
    assert.deepEqual(verbsOf(operationType(verb)), [verb])
  }
})

test('what is done with its answer is not recorded', () => {
  for (const verb of ['rename', 'tag', 'untag', 'move']) assert.equal(operationType(verb), '')
})

test('the types are those of the service, each once', () => {
  assert.equal(new Set(operationTypes).size, operationTypes.length)
  const some = ['upgrade_fe_disk_performance_level', 'downgrade_cn_disk_performance', 'UPGRADE']
  for (const type of [...some, 'scale_out_be', 'elastic_scale_in_cn', 'trial_to_official'])
    assert.ok(operationTypes.includes(type), type)
  assert.ok(!operationTypes.includes('upgrade_cn_disk_performance_level'))
  assert.deepEqual(verbsOf('upgrade_version'), [])
})
