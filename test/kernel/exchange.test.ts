import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { exchange } from '../../src/kernel/exchange.ts'
import { pieceServer } from '../support/process/piece-server.ts'

const host = '127.0.0.1'
const answerMs = 10_000

const serverOf = (t: TestContext, pieces: readonly string[], then: 'ends' | 'waits') =>
  pieceServer(t, (message) => [`${String(message)}:`, ...pieces], then)

/** Of answers whose first byte behind the message says how long they are. */
const lengthOf = (start: Buffer) => (start.length < 4 ? undefined : 4 + (start[3] ?? 0) - 48)

test('an answer is read to its end, in however many pieces it comes, and no further', async (t) => {
  const known = await serverOf(t, ['5', 'a', 'bc', 'de', 'more'], 'waits')
  assert.equal(String(await exchange(known, 'ab', { answerMs, lengthOf })), 'ab:5abcde')
  const ended = await serverOf(t, ['one', ' two'], 'ends')
  assert.equal(String(await exchange(ended, 'q', { answerMs })), 'q:one two')
})

test('what breaks off, is too long, is late, or is nobody is a problem', async (t) => {
  const short = await serverOf(t, ['5', 'abc'], 'ends')
  await assert.rejects(exchange(short, 'ab', { answerMs, lengthOf }), /breaks off/)
  const none = await serverOf(t, [], 'ends')
  await assert.rejects(exchange(none, 'ab', { answerMs, lengthOf }), /breaks off/)
  const long = await serverOf(t, ['9', 'abcdefghi'], 'waits')
  await assert.rejects(exchange(long, 'ab', { answerMs, lengthOf, bytesMax: 8 }), /great length/)
  await assert.rejects(exchange(long, 'ab', { answerMs, bytesMax: 8 }), /great length/)
  const late = await serverOf(t, ['5', 'abc'], 'waits')
  await assert.rejects(exchange(late, 'ab', { answerMs: 100, lengthOf }), { name: 'AbortError' })
  const gone = createServer()
  gone.listen(0, host)
  await once(gone, 'listening')
  const at = { host, port: (gone.address() as AddressInfo).port }
  gone.close()
  await once(gone, 'close')
  await assert.rejects(exchange(at, '', { answerMs }), { code: 'ECONNREFUSED' })
})
