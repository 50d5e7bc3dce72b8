import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from '../../../src/domain/cluster/change.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { clusterLifecycle, type ClusterState } from '../../../src/domain/cluster/lifecycle.ts'
import { withNodes, withoutNodes, type Scope } from '../../../src/domain/cluster/spec.ts'
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
import { sampleCluster, sampleGroup, sampleNode, sampleSpec } from '../../support/sample.ts'

/** Those in which a cluster can be without a change. */
const words: readonly (readonly [ClusterState, string, string])[] = [
  ['unpaid', 'unpaid', 'UNPAID'],
  ['creating', 'creating', 'CREATING'],
  ['running', 'running', 'RUNNING'],
  ['impaired', 'restarting', 'RESTARTING'],
  ['failed', 'creating_failed', 'CREATING_FAILED'],
  ['suspended', 'disable', 'DISABLE'],
  ['resuming', 'enabling', 'DISABLE'],
  ['isolated', 'disable', 'DISABLE'],
  ['deleting', 'deleting', 'DELETING'],
  ['deleted', 'deleted', 'DELETED'],
]

const before = sampleSpec({ groups: [sampleGroup('g-1', 2), sampleGroup('g-2', 3)] })
const whole: Scope = { of: 'cluster' }
const second: Scope = { of: 'group', group: 'g-2' }

function changing(
  action: Pick<Change, 'kind'> & { readonly direction?: string },
  scope: Scope,
  spec = before,
): Cluster {
  const base = { operation: 'op', rolling: false, startedMs: 0, deadlineMs: 1, before }
  const change = { ...base, ...action, scope, supply: { before: [], after: [] } } as Change
  return sampleCluster({ spec, status: { state: 'changing' }, change })
}

function wordsOf(cluster: Cluster): readonly string[] {
  const groups = cluster.spec.groups.map((group) => nodeGroupStatus(cluster, group))
  return [instanceStatus(cluster), ...groups]
}

test('every state of the core has its word on this wire', () => {
  assert.deepEqual(
    words.map(([state]) => state),
    clusterLifecycle.states.filter((state) => state !== 'changing'),
  )
  for (const [state, instance, group] of words)
    assert.deepEqual(
      wordsOf(sampleCluster({ status: { state } })),
      [instance, group],
      `the words of ${state}`,
    )
})

test('a change has the word of what it does, for the instance and for the groups that it is about', () => {
  const cases: readonly (readonly [Cluster, readonly string[]])[] = [
    [changing({ kind: 'restart' }, whole), ['restarting', 'RESTARTING', 'RESTARTING']],
    [changing({ kind: 'restart' }, second), ['restarting', 'RUNNING', 'RESTARTING']],
    [
      changing({ kind: 'restart' }, { of: 'nodes', nodes: ['g-1-1'] }),
      ['restarting', 'RESTARTING', 'RUNNING'],
    ],
    [
      changing(
        { kind: 'scale', direction: 'out' },
        second,
        withNodes(before, 'g-2', [sampleNode('g-2', 3)]),
      ),
      ['scaling_out', 'RUNNING', 'SCALING_OUT'],
    ],
    [
      changing({ kind: 'resize', direction: 'up' }, second),
      ['scaling_up', 'RUNNING', 'SCALING_UP'],
    ],
    [
      changing({ kind: 'resize', direction: 'down' }, second),
      ['scaling_down', 'RUNNING', 'SCALING_DOWN'],
    ],
    [
      changing({ kind: 'configure' }, whole),
      ['modifying_config', 'MODIFYING_CONFIG', 'MODIFYING_CONFIG'],
    ],
    [
      changing({ kind: 'upgrade', direction: 'up' }, whole),
      ['upgrading', 'UPGRADING', 'UPGRADING'],
    ],
  ]
  for (const [cluster, wanted] of cases) assert.deepEqual(wordsOf(cluster), wanted)
})

test('a group is scaled in by nodes that it has no longer', () => {
  const nodes = ['g-2-2']
  const fewer = withoutNodes(before, nodes)
  const cluster = changing({ kind: 'scale', direction: 'in' }, { of: 'nodes', nodes }, fewer)
  assert.deepEqual(wordsOf(cluster), ['scaling_in', 'RUNNING', 'SCALING_IN'])
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
  assert.deepEqual(statesOf(['restarting', 'scaling_in']), {
    states: ['impaired'],
    changes: ['restart', 'scale-in'],
  })
  assert.deepEqual(statesOf(['gateway_updating', 'not_init']), { states: [], changes: [] })
  for (const [state, word] of words) assert.ok(statesOf([word]).states.includes(state))
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
