import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock, systemClock } from '../../src/kernel/clock.ts'

test('a manual clock runs due tasks in order of their time, also those that tasks add', () => {
  const clock = manualClock(0)
  const ran: string[] = []
  clock.at(30, () => ran.push('30'))
  clock.at(10, () => {
    ran.push('10')
    clock.at(20, () => ran.push('20'))
  })
  const cancel = clock.at(15, () => ran.push('never'))
  cancel()
  clock.advance(29)
  assert.deepEqual(ran, ['10', '20'])
  clock.advance(1)
  assert.deepEqual(ran, ['10', '20', '30'])
})

test('moving the system clock runs what became due, moves service time only, and never back', async () => {
  const clock = systemClock()
  const before = clock.now()
  const ran = new Promise<void>((resolve) => clock.at(before + 3_600_000, resolve))
  clock.advance(3_600_000)
  await ran
  assert.ok(clock.now() >= before + 3_600_000)
  assert.ok(clock.wall() < before + 3_600_000)
  const ahead = clock.now()
  clock.advance(-5000)
  assert.ok(clock.now() >= ahead)
  assert.equal(clock.aheadMs, 3_600_000)
})
