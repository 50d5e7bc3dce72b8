import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { pieceServer } from '../../../test/support/process/piece-server.ts'
import { callThrift } from '../src/thrift.ts'

/** Answers whatever comes first with these pieces; what came is in `seen`. */
async function serverOf(t: TestContext, ...pieces: readonly Buffer[]) {
  const seen: Buffer[] = []
  const at = await pieceServer(t, (message) => {
    seen.push(message)
    return pieces
  })
  return { seen, at }
}

/** A message of `ask`, whose first member has this number. */
const message = (kind: number, member: number) =>
  Buffer.from(
    `800100${kind.toString(16).padStart(2, '0')}0000000361736b000000000c${member.toString(16).padStart(4, '0')}00`,
    'hex',
  )

test('a method that succeeds is asked for once, with its text', async (t) => {
  const answer = message(2, 0)
  const { at, seen } = await serverOf(t, answer.subarray(0, 5), answer.subarray(5))
  await callThrift(at, 'ask', 'default')
  assert.equal(
    seen[0]?.toString('hex'),
    '800100010000000361736b000000000b00010000000764656661756c7400',
  )
})

test('what is refused, and what is another protocol, are problems', async (t) => {
  const fault = await serverOf(t, message(2, 1))
  await assert.rejects(callThrift(fault.at, 'ask'), /refuses ask/)
  const exception = await serverOf(t, message(3, 0))
  await assert.rejects(callThrift(exception.at, 'ask'), /refuses ask/)
  const other = await serverOf(t, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await assert.rejects(callThrift(other.at, 'ask'), /does not speak Thrift/)
  const short = await serverOf(t, message(2, 0).subarray(0, 9))
  await assert.rejects(callThrift(short.at, 'ask'), /breaks off/)
})
