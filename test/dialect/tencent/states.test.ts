import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { clusterLifecycle, type ClusterState } from '../../../src/domain/cluster/lifecycle.ts'
import { changeVerbs } from '../../../src/domain/operation.ts'
import { statusText } from '../../../src/dialect/tencent/catalogue/status.ts'
import {
  statesByStatus,
  statesOf,
  statusOf,
  statusTextOf,
} from '../../../src/dialect/tencent/states.ts'
import { changeActions, changingCluster } from '../../support/fixture/change.ts'
import { sampleCluster, sampleGroup } from '../../support/fixture/sample.ts'

const CODES = [
  ['unpaid', 0, '生产中'],
  ['creating', 3, '集群创建中'],
  ['running', 2, '集群运行中'],
  ['impaired', 8, '重启服务中'],
  ['failed', 301, '集群创建失败'],
  ['suspended', 10, '服务暂停中'],
  ['resuming', 12, '退出暂停中'],
  ['isolated', 201, '集群已终止'],
  ['deleting', 14, '集群销毁中'],
  ['deleted', -2, '已删除'],
] as const

const CHANGE_CODES = [
  ['restart', 8],
  ['scale-out', 4],
  ['scale-in', 24],
  ['elastic-scale-out', 4],
  ['elastic-scale-in', 24],
  ['add-group', 4],
  ['add-agent', 4],
  ['remove-group', 24],
  ['resize-up', 22],
  ['resize-down', 22],
  ['configure', 13],
  ['set-password', 13],
  ['switch-zone', 13],
  ['upgrade', 6],
  ['downgrade', 6],
  ['change-gateway', 13],
  ['change-exposure', 13],
  ['open-network', 13],
  ['close-network', 13],
  ['change-access', 13],
  ['start-service', 7],
  ['stop-service', 7],
  ['restart-service', 8],
  ['enter-maintenance', 9],
  ['exit-maintenance', 11],
  ['install', 6],
] as const

const inState = (state: ClusterState): Cluster => sampleCluster({ status: { state } })

test('every state of the core has the documented code, and a text in both languages', () => {
  assert.deepEqual(
    [...CODES.map(([state]) => state), 'changing'].toSorted(),
    [...clusterLifecycle.states].sort(),
  )
  for (const [state, code, zh] of CODES) {
    const cluster = inState(state)
    assert.equal(statusOf(cluster), code)
    assert.equal(statusTextOf(cluster, 'zh'), zh)
    assert.match(statusTextOf(cluster, 'en'), /^[A-Z][a-z]/)
    assert.equal(statusText(code, 'zh'), zh)
    assert.deepEqual(statesOf(code).states, [state])
  }
})

test('every change has a code with a text, and is found by it', () => {
  assert.deepEqual(
    changeVerbs.map((verb) => [verb, statusOf(changingCluster(changeActions[verb]))]),
    CHANGE_CODES,
  )
  for (const [verb, code] of CHANGE_CODES) {
    assert.match(statusText(code, 'zh') ?? '', /./)
    assert.match(statusText(code, 'en') ?? '', /^[A-Z][a-z]/)
    assert.ok(statesOf(code).changes.includes(verb), verb)
  }
  assert.deepEqual(statesOf(8), {
    states: ['impaired'],
    changes: ['restart', 'restart-service'],
  })
  assert.deepEqual(statesOf(22), { states: [], changes: ['resize-up', 'resize-down'] })
})

test('nodes that are removed have the code of their role where all are of one', () => {
  const roles = ['core', 'task', 'router', 'master']
  const groups = roles.map((role) => ({ ...sampleGroup(role, 2), role }))
  const removing = (...nodes: readonly string[]) =>
    statusOf(
      changingCluster(changeActions['scale-in'], {
        scope: { of: 'nodes', nodes },
        cluster: { spec: { groups } },
      }),
    )
  assert.equal(removing('core-0', 'core-1'), 15)
  assert.equal(removing('task-1'), 16)
  assert.equal(removing('router-0'), 17)
  assert.equal(removing('master-1'), 24)
  assert.equal(removing('core-0', 'task-0'), 24)
  for (const code of [15, 16, 17]) assert.deepEqual(statesOf(code).changes, ['scale-in'])
})

test('states are ranked by their code, changes by the lowest of theirs', () => {
  assert.deepEqual(statesByStatus.toSorted(), [...clusterLifecycle.states].sort())
  const lowest = Math.min(...CHANGE_CODES.map(([, code]) => code))
  const codes = statesByStatus.map((state) =>
    state === 'changing' ? lowest : statusOf(inState(state)),
  )
  assert.deepEqual(
    codes,
    codes.toSorted((one, other) => one - other),
  )
})
