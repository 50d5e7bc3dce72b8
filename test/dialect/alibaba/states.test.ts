import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChangeAction } from '../../../src/domain/cluster/change.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { clusterLifecycle, type ClusterState } from '../../../src/domain/cluster/lifecycle.ts'
import { withoutNodes, type Scope } from '../../../src/domain/cluster/spec.ts'
import { changeVerbs } from '../../../src/domain/operation.ts'
import {
  instanceStatus,
  instanceStatuses,
  nodeGroupStatus,
  nodeGroupStatuses,
  operationStatus,
  operationStatuses,
  operationStatusesOf,
  statesOf,
  statusWord,
} from '../../../src/dialect/alibaba/states.ts'
import { changeActions, changingCluster } from '../../support/fixture/change.ts'
import { sampleCluster, sampleGroup } from '../../support/fixture/sample.ts'

const words: readonly (readonly [ClusterState, string, string])[] = [
  ['unpaid', 'unpaid', 'UNPAID'],
  ['creating', 'creating', 'CREATING'],
  ['running', 'running', 'RUNNING'],
  // One that is changing has the word of its change; without one it would be this.
  ['changing', 'updating', 'RUNNING'],
  ['impaired', 'restarting', 'RESTARTING'],
  ['failed', 'creating_failed', 'CREATING_FAILED'],
  ['suspended', 'disable', 'DISABLE'],
  ['resuming', 'enabling', 'DISABLE'],
  ['isolated', 'disable', 'DISABLE'],
  ['deleting', 'deleting', 'DELETING'],
  ['deleted', 'deleted', 'DELETED'],
]

const changeWords: readonly (readonly [string, string, string])[] = [
  ['restart', 'restarting', 'RESTARTING'],
  ['scale-out', 'scaling_out', 'SCALING_OUT'],
  ['scale-in', 'scaling_in', 'SCALING_IN'],
  ['elastic-scale-out', 'scaling_out', 'ELASTIC_SCALING_OUT'],
  ['elastic-scale-in', 'scaling_in', 'ELASTIC_SCALING_IN'],
  ['add-group', 'updating', 'CREATING'],
  ['add-agent', 'agent_creating', 'CREATING'],
  ['remove-group', 'updating', 'DELETING'],
  ['resize-up', 'scaling_up', 'SCALING_UP'],
  ['resize-down', 'scaling_down', 'SCALING_DOWN'],
  ['configure', 'modifying_config', 'MODIFYING_CONFIG'],
  ['set-password', 'updating', 'RUNNING'],
  ['switch-zone', 'switch_az', 'SWITCH_AZ'],
  ['upgrade', 'upgrading', 'UPGRADING'],
  ['downgrade', 'upgrading', 'UPGRADING'],
  ['change-gateway', 'gateway_updating', 'RUNNING'],
  ['change-exposure', 'gateway_updating', 'RUNNING'],
  ['open-network', 'enable_public_network', 'ENABLE_PUBLIC_NETWORK'],
  ['close-network', 'disable_public_network', 'DISABLE_PUBLIC_NETWORK'],
  ['change-access', 'updating', 'RUNNING'],
  ['start-service', 'updating', 'RUNNING'],
  ['stop-service', 'updating', 'RUNNING'],
  ['restart-service', 'restarting', 'RESTARTING'],
  ['enter-maintenance', 'updating', 'RUNNING'],
  ['exit-maintenance', 'updating', 'RUNNING'],
  ['install', 'updating', 'RUNNING'],
]

const inState = (state: ClusterState): Cluster => sampleCluster({ status: { state } })
const groupWord = (cluster: Cluster) => nodeGroupStatus(cluster, cluster.spec.groups[0]!)

test('every state of the core has its word on this wire', () => {
  assert.deepEqual(
    clusterLifecycle.states.map((state) => {
      const cluster = inState(state)
      return [state, instanceStatus(cluster), groupWord(cluster)]
    }),
    words,
  )
})

test('every change has its word, of the instance and of the groups that it is about', () => {
  assert.deepEqual(
    changeVerbs.map((verb) => {
      const cluster = changingCluster(changeActions[verb])
      return [verb, instanceStatus(cluster), groupWord(cluster)]
    }),
    changeWords,
  )
  for (const verb of changeVerbs)
    assert.equal(statusWord('changing', verb), instanceStatus(changingCluster(changeActions[verb])))
  assert.equal(statusWord('changing', undefined), 'updating')
  assert.equal(statusWord('running', 'restart'), 'running')
})

test('groups that a change is not about run on', () => {
  const groups = [sampleGroup('g-1', 2), sampleGroup('g-2', 1)]
  const restart: ChangeAction = { kind: 'restart' }
  const statuses = (scope: Scope) => {
    const cluster = changingCluster(restart, { scope, cluster: { spec: { groups } } })
    return cluster.spec.groups.map((group) => nodeGroupStatus(cluster, group))
  }
  assert.deepEqual(statuses({ of: 'cluster' }), ['RESTARTING', 'RESTARTING'])
  assert.deepEqual(statuses({ of: 'group', group: 'g-2' }), ['RUNNING', 'RESTARTING'])
  assert.deepEqual(statuses({ of: 'nodes', nodes: ['g-1-1'] }), ['RESTARTING', 'RUNNING'])
})

test('a group is scaled in by nodes that it has no longer', () => {
  const groups = [sampleGroup('g-1', 2), sampleGroup('g-2', 3)]
  const nodes = ['g-2-2']
  const cluster = changingCluster(changeActions['scale-in'], {
    scope: { of: 'nodes', nodes },
    cluster: { spec: { groups } },
  })
  const fewer = { ...cluster, spec: withoutNodes(cluster.spec, nodes) }
  const seen = fewer.spec.groups.map((group) => nodeGroupStatus(fewer, group))
  assert.deepEqual(seen, ['RUNNING', 'SCALING_IN'])
})

test('the vocabularies are those of the service', () => {
  assert.equal(new Set(instanceStatuses).size, 31)
  assert.equal(new Set(nodeGroupStatuses).size, 21)
  assert.ok(instanceStatuses.every((word) => /^[a-z_]+$/.test(word)))
  assert.ok(nodeGroupStatuses.every((word) => /^[A-Z_]+$/.test(word)))
})

test('a filter by words finds every state and change that reads so, and none for words nobody reaches here', () => {
  assert.deepEqual(statesOf(['disable', 'running']), {
    states: ['running', 'suspended', 'isolated'],
    changes: [],
  })
  assert.deepEqual(statesOf(['modifying_timezone', 'not_init']), { states: [], changes: [] })
  assert.deepEqual(statesOf(['switch_az']), { states: [], changes: ['switch-zone'] })
  assert.deepEqual(statesOf(['gateway_updating']), {
    states: [],
    changes: ['change-gateway', 'change-exposure'],
  })
  assert.deepEqual(statesOf(['restarting']), {
    states: ['impaired'],
    changes: ['restart', 'restart-service'],
  })
  assert.deepEqual(statesOf(['upgrading']), { states: [], changes: ['upgrade', 'downgrade'] })
  for (const state of clusterLifecycle.states.filter((each) => each !== 'changing'))
    assert.ok(statesOf([instanceStatus(inState(state))]).states.includes(state))
  for (const verb of changeVerbs) {
    const word = instanceStatus(changingCluster(changeActions[verb]))
    assert.ok(statesOf([word]).changes.includes(verb))
  }
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
