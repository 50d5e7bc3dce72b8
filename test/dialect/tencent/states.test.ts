import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterLifecycle } from '../../../src/domain/cluster/lifecycle.ts'
import { statusText } from '../../../src/dialect/tencent/catalogue/status.ts'
import {
  statesByStatus,
  statesOf,
  stateText,
  statusOf,
} from '../../../src/dialect/tencent/states.ts'

const CODES = [
  ['unpaid', 0, '生产中'],
  ['creating', 3, '集群创建中'],
  ['running', 2, '集群运行中'],
  ['changing', 22, '变配等待中'],
  ['failed', 301, '集群创建失败'],
  ['suspended', 10, '服务暂停中'],
  ['resuming', 12, '退出暂停中'],
  ['isolated', 201, '集群已终止'],
  ['deleting', 14, '集群销毁中'],
  ['deleted', -2, '已删除'],
] as const

test('every state of the core has the documented code, and a text in both languages', () => {
  assert.deepEqual(CODES.map(([state]) => state).toSorted(), [...clusterLifecycle.states].sort())
  for (const [state, code, zh] of CODES) {
    assert.equal(statusOf[state], code)
    assert.equal(stateText(state, 'zh'), zh)
    assert.match(stateText(state, 'en'), /^[A-Z][a-z]/)
    assert.equal(statusText(code, 'zh'), zh)
    assert.deepEqual(statesOf(code), [state])
  }
})

test('states are ranked by their code', () => {
  const codes = statesByStatus.map((state) => statusOf[state])
  assert.deepEqual(
    codes,
    codes.toSorted((one, other) => one - other),
  )
})
