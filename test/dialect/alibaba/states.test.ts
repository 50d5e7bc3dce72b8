import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterLifecycle } from '../../../src/domain/cluster/cluster.ts'
import {
  instanceStatus,
  instanceStatuses,
  nodeGroupStatus,
  nodeGroupStatuses,
  operationStatus,
  operationStatuses,
  operationStatusesOf,
  statesOf,
} from '../../../src/dialect/alibaba/states.ts'

const words: readonly (readonly [string, string, string])[] = [
  ['unpaid', 'unpaid', 'UNPAID'],
  ['creating', 'creating', 'CREATING'],
  ['running', 'running', 'RUNNING'],
  ['changing', 'updating', 'MODIFYING_CONFIG'],
  ['failed', 'creating_failed', 'CREATING_FAILED'],
  ['suspended', 'disable', 'DISABLE'],
  ['resuming', 'enabling', 'DISABLE'],
  ['isolated', 'disable', 'DISABLE'],
  ['deleting', 'deleting', 'DELETING'],
  ['deleted', 'deleted', 'DELETED'],
]

test('every state of the core has its word on this wire', () => {
  assert.deepEqual(
    clusterLifecycle.states.map((state) => [state, instanceStatus(state), nodeGroupStatus(state)]),
    words,
  )
})

test('the vocabularies are those of the service', () => {
  assert.equal(new Set(instanceStatuses).size, 31)
  assert.equal(new Set(nodeGroupStatuses).size, 21)
  assert.ok(instanceStatuses.every((word) => /^[a-z_]+$/.test(word)))
  assert.ok(nodeGroupStatuses.every((word) => /^[A-Z_]+$/.test(word)))
})

test('a filter by words finds every state that reads so, and none for words that no state has', () => {
  assert.deepEqual(statesOf(['disable', 'running']), ['running', 'suspended', 'isolated'])
  assert.deepEqual(statesOf(['scaling_out', 'not_init']), [])
  for (const state of clusterLifecycle.states)
    assert.ok(statesOf([instanceStatus(state)]).includes(state))
})

test('operations end as COMPLETED or TERMINATED', () => {
  assert.deepEqual((['running', 'completed', 'failed'] as const).map(operationStatus), [
    'RUNNING',
    'COMPLETED',
    'TERMINATED',
  ])
  assert.deepEqual(operationStatusesOf(['TERMINATED', 'HUMAN_PROCESSING']), ['failed'])
  assert.equal(operationStatuses.length, 4)
})
