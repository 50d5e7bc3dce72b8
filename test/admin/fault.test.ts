import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../src/limits.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { ask, sampleCreateRequest } from '../support/http/tencent-client.ts'

test('a fault is switched on, met as often as it says, and shown', async (t) => {
  const { port } = await startCloud(t)
  const body = { dependency: 'block-storage', mode: 'service', times: 1 }
  const put = await askAdmin(port, 'faults', { method: 'PUT', body })
  const reported = [{ ...body, probability: 1, latencyMs: 0, action: null }]
  assert.deepEqual([put.status, put.body.faults], [200, reported])
  assert.deepEqual((await askAdmin(port, 'faults')).body.faults, reported)
  const first = await ask({ port }, 'CreateInstance', sampleCreateRequest())
  assert.equal(first.code, 'InternalError.CbsError')
  assert.deepEqual((await askAdmin(port, 'faults')).body.faults, [])
  assert.equal((await ask({ port }, 'CreateInstance', sampleCreateRequest())).code, '')
})

test('faults are switched off one by one, or all together', async (t) => {
  const { port } = await startCloud(t)
  for (const dependency of ['tag', 'trade', 'network'])
    await askAdmin(port, 'faults', { method: 'PUT', body: { dependency, mode: 'gateway' } })
  const off = (page: string) => askAdmin(port, page, { method: 'DELETE' })
  assert.deepEqual((await off('faults/tag')).body, { removed: 1 })
  assert.deepEqual((await off('faults/tag')).body, { removed: 0 })
  assert.deepEqual((await off('faults')).body, { removed: 2 })
  assert.equal((await off('faults/weather')).status, 400)
})

const on = { dependency: 'tag', mode: 'gateway' }
const REFUSED: readonly [object, RegExp][] = [
  [{ mode: 'gateway' }, /^dependency must be one of account, identity/],
  [{ ...on, dependency: 'weather' }, /^dependency must be one of/],
  [{ dependency: 'tag' }, /^mode must be one of gateway, service, latency$/],
  [{ ...on, mode: 'sometimes' }, /^mode must be one of/],
  [{ ...on, probability: 0 }, /^probability/],
  [{ ...on, probability: 1.1 }, /^probability/],
  [{ ...on, probability: '1' }, /^probability/],
  [{ ...on, times: 0 }, /^times must be a whole number from 1/],
  [{ ...on, times: 1.5 }, /^times/],
  [{ ...on, latencyMs: -1 }, /^latencyMs/],
  [{ ...on, latencyMs: limits.faultLatencyMs + 1 }, /^latencyMs/],
  [{ ...on, mode: 'latency' }, /^mode latency needs latencyMs$/],
  [{ ...on, action: 'Create Instance' }, /^action/],
  [{ ...on, colour: 'red' }, /no member colour/],
]

test('a switch that says nothing sensible is refused by what is wrong with it', async (t) => {
  const { port, core } = await startCloud(t)
  for (const [body, says] of REFUSED) {
    const answer = await askAdmin(port, 'faults', { method: 'PUT', body })
    assert.equal(answer.status, 400, JSON.stringify(body))
    assert.match(answer.body.error, says)
  }
  assert.deepEqual(core.dependencies.switches(), [])
})
