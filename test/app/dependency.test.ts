import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../src/kernel/clock.ts'
import { random } from '../../src/kernel/random.ts'
import { dependencies } from '../../src/app/dependency.ts'
import type { FaultSwitch } from '../../src/domain/dependency.ts'
import { limits } from '../../src/limits.ts'
import { sampleCall } from '../support/fixture/sample.ts'

const call = sampleCall({ action: 'Create' })
const one: FaultSwitch = {
  dependency: 'tag',
  mode: 'gateway',
  probability: 1,
  times: undefined,
  latencyMs: 0,
  action: undefined,
}

function fresh(seed = 's') {
  const clock = manualClock()
  return { clock, port: dependencies({ clock, random: random(seed) }) }
}

test('without a switch every call goes through', async () => {
  await fresh().port.call(call, 'tag')
})

test('a switch fails its dependency in its way, and no other', async () => {
  const { port } = fresh()
  port.put({ ...one, mode: 'service' })
  await port.call(call, 'trade')
  await assert.rejects(port.call(call, 'tag'), {
    code: 'DependencyFailed',
    facts: { dependency: 'tag', mode: 'service' },
  })
})

test('a switch counts down, also when calls meet it at once, and is gone at its end', async () => {
  const { port } = fresh()
  port.put({ ...one, times: 3 })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => port.call(call, 'tag')),
  )
  assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 3)
  assert.deepEqual(port.switches(), [])
})

test('a switch for an action leaves others alone', async () => {
  const { port } = fresh()
  port.put({ ...one, action: 'Delete' })
  await port.call(call, 'tag')
  await assert.rejects(port.call({ ...call, action: 'Delete' }, 'tag'))
})

test('a probability is met about as often as it says', async () => {
  const { port } = fresh()
  port.put({ ...one, probability: 0.3 })
  let failed = 0
  for (let n = 0; n < 2000; n++) await port.call(call, 'tag').catch(() => failed++)
  assert.ok(failed > 500 && failed < 700, `${failed} of 2000`)
})

test('latency is waited for by the clock, bounded, and then the call fails or continues', async () => {
  const { clock, port } = fresh()
  port.put({ ...one, mode: 'latency', latencyMs: 1000 })
  let done = false
  const slow = port.call(call, 'tag').then(() => (done = true))
  clock.advance(999)
  await Promise.resolve()
  assert.equal(done, false)
  clock.advance(1)
  await slow
  port.remove()
  port.put({ ...one, latencyMs: 10 ** 9 })
  const failing = assert.rejects(port.call(call, 'tag'))
  clock.advance(limits.faultLatencyMs)
  await failing
})

test('the same switch again replaces the first, others stand beside it, all can be taken out', () => {
  const { port } = fresh()
  port.put({ ...one, times: 1 })
  port.put({ ...one, times: 5 })
  port.put({ ...one, action: 'Create' })
  port.put({ ...one, dependency: 'trade' })
  assert.deepEqual(
    port.switches().map(({ dependency, times }) => [dependency, times]),
    [
      ['trade', undefined],
      ['tag', undefined],
      ['tag', 5],
    ],
  )
  assert.equal(port.remove('tag'), 2)
  assert.equal(port.remove(), 1)
  for (let n = 0; n < limits.faultSwitches + 5; n++) port.put({ ...one, action: `A${n}` })
  assert.equal(port.switches().length, limits.faultSwitches)
})
