import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  operationsOf,
  operationType,
  operationTypes,
  recordedVerbs,
} from '../../../src/dialect/alibaba/operation-types.ts'
import type { Verb } from '../../../src/domain/operation.ts'

/** Verb, what it was about, and the type: alibaba-starrocks.md 5.3. */
const types: readonly (readonly [Verb, string | undefined, string])[] = [
  ['create', undefined, 'create_cluster'],
  ['delete', undefined, 'delete_cluster'],
  ['isolate', undefined, 'disable_cluster'],
  ['restore', undefined, 'enable_cluster'],
  ['renew', undefined, 'renew_cluster'],
  ['restart', 'cluster', 'restart_cluster'],
  ['restart', 'group', 'restart_node_group'],
  ['restart', 'nodes', 'restart_node'],
  ['scale-out', 'be', 'scale_out_be'],
  ['scale-out', 'fe', 'scale_out_fe'],
  ['scale-in', 'cn', 'scale_in_cn'],
  ['elastic-scale-out', undefined, 'elastic_scale_out_cn'],
  ['elastic-scale-in', undefined, 'elastic_scale_in_cn'],
  ['add-group', undefined, 'create_node_group'],
  ['add-agent', undefined, 'create_agent'],
  ['remove-group', undefined, 'delete_node_group'],
  ['resize-up', 'be.compute', 'upgrade_be_cu'],
  ['resize-down', 'cn.compute', 'downgrade_cn_cu'],
  ['resize-up', 'be.disk-size', 'increase_be_disk_size'],
  ['resize-up', 'fe.disk-count', 'increase_fe_disk_number'],
  ['resize-down', 'be.disk-level', 'downgrade_be_disk_performance_level'],
  ['resize-up', 'cn.disk-level', 'upgrade_cn_disk_performance'],
  ['resize-up', 'be.machine', 'upgrade_be_spec_type'],
]

test('a verb and what it was about have a type of the service, and are found by it', () => {
  for (const [verb, subject, type] of types) {
    assert.equal(operationType(verb, subject), type)
    assert.ok(operationTypes.includes(type), type)
    const found = operationsOf(type)
    assert.deepEqual([found.verbs, found.subject], [[verb], subject])
  }
})

test('versions and settings have their type whatever they were about', () => {
  for (const subject of [undefined, 'cluster', 'be']) {
    assert.equal(operationType('upgrade', subject), 'upgrade_version')
    assert.equal(operationType('configure', subject), 'update_configuration')
  }
  assert.deepEqual(operationsOf('rollback_upgrade_version'), { verbs: ['downgrade'] })
})

test('what is done with its answer is not recorded', () => {
  const verbs = ['rename', 'set-description', 'set-maintenance', 'tag', 'untag', 'move'] as const
  for (const verb of verbs) {
    assert.equal(operationType(verb), '')
    assert.ok(!recordedVerbs.includes(verb))
  }
})

test('a type leads to operations that have it, and to all of them', () => {
  const network = ['change-exposure', 'open-network', 'close-network']
  assert.deepEqual(operationsOf('update_public_network_status'), { verbs: network })
  assert.deepEqual(operationsOf('update_configuration'), { verbs: ['configure', 'change-access'] })
  assert.deepEqual(operationsOf('resource_change'), { verbs: ['change-gateway'] })
  for (const type of operationTypes) {
    const { verbs, subject } = operationsOf(type)
    for (const verb of verbs) assert.equal(operationType(verb, subject), type)
  }
  assert.deepEqual(operationsOf('trial_to_official'), { verbs: [] })
})

test('the types are the 70 of the service, each once', () => {
  assert.equal(operationTypes.length, 70)
  assert.equal(new Set(operationTypes).size, 70)
  const some = ['upgrade_fe_disk_performance_level', 'downgrade_cn_disk_performance', 'UPGRADE']
  for (const type of [...some, 'scale_out_be', 'elastic_scale_in_cn', 'upgrade_cn_spec_type'])
    assert.ok(operationTypes.includes(type), type)
  for (const type of ['upgrade_cn_disk_performance_level', 'upgrade_fe_spec_type'])
    assert.ok(!operationTypes.includes(type), type)
})
