import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyedMutex } from '../../src/kernel/keyed-mutex.ts'

test('one holder of a key at a time, in order, and other keys beside it', async () => {
  const { withLock, settled } = keyedMutex()
  const events: string[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const first = withLock('a', async () => {
    events.push('first')
    await held
    events.push('first ends')
  })
  const second = withLock('a', async () => void events.push('second'))
  await withLock('b', async () => void events.push('other'))
  assert.deepEqual(events, ['first', 'other'])
  release()
  await settled()
  assert.deepEqual(events, ['first', 'other', 'first ends', 'second'])
  await Promise.all([first, second])
})

test('a failure is its own holder’s, and the next one continues', async () => {
  const { withLock } = keyedMutex()
  const failed = withLock('a', async () => {
    throw new Error('mine')
  })
  const next = withLock('a', async () => 'continued')
  await assert.rejects(failed, /mine/)
  assert.equal(await next, 'continued')
})
