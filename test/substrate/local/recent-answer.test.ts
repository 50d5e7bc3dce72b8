import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recentAnswers } from '../../../src/substrate/local/recent-answer.ts'
import type { Probe } from '../../../src/substrate/local/service.ts'

function stage() {
  let nowMs = 0
  let asked = 0
  const answers = recentAnswers(() => nowMs)
  return {
    async look(said: Probe, { of = '7 1', directory = '/a' } = {}) {
      const before = asked
      const found = await answers.of(directory, of, async () => {
        asked++
        return said
      })
      return asked === before ? 'known' : found.answering
    },
    pass: (ms: number) => void (nowMs += ms),
  }
}

const works = { answering: true, drained: false }

test('one that does its work is not asked again in the same second', async () => {
  const { look, pass } = stage()
  assert.equal(await look(works), true)
  pass(999)
  assert.equal(await look({ answering: false }), 'known')
  pass(1)
  assert.equal(await look(works), true)
})

test('another process, other files and another directory are asked', async () => {
  const { look } = stage()
  await look(works)
  assert.equal(await look(works, { of: '8 1' }), true)
  assert.equal(await look(works, { of: '8 2' }), true)
  assert.equal(await look(works, { directory: '/b', of: '8 2' }), true)
})

test('one that does not work, or may go, is asked each time', async () => {
  const { look } = stage()
  for (let time = 0; time < 2; time++) assert.equal(await look({ answering: false }), false)
  for (let time = 0; time < 2; time++)
    assert.equal(await look({ answering: true, drained: true }), true)
  assert.equal(await look(works), true)
  assert.equal(await look(works), 'known')
})
