import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { changeStreams } from '../../src/console/change-stream.ts'
import { limits } from '../../src/limits.ts'

test('a stream says that something changed, and nothing while nothing does', async (t) => {
  let revision = 1
  const streams = changeStreams(() => revision)
  t.after(() => streams.close())
  const stream = streams.open(() => true)
  assert.ok(stream)
  stream.setEncoding('utf8')
  const [first] = (await once(stream, 'data')) as [string]
  assert.match(first, /^retry: \d+\ndata: 1\n\n$/)
  revision = 2
  const [second] = (await once(stream, 'data')) as [string]
  assert.equal(second, 'data: 2\n\n')
})

test('a stream ends with its session, and when the server stops; its place is free then', async () => {
  let isWanted = true
  const streams = changeStreams(() => 1)
  const ofSession = streams.open(() => isWanted)
  const other = streams.open(() => true)
  assert.ok(ofSession && other)
  ofSession.resume()
  other.resume()
  isWanted = false
  await once(ofSession, 'close')
  assert.equal(streams.size, 1)
  streams.close()
  await once(other, 'close')
  assert.equal(streams.size, 0)
})

test('their number is bounded', () => {
  const streams = changeStreams(() => 1)
  const opened = Array.from({ length: limits.consoleStreams }, () => streams.open(() => true))
  assert.ok(opened.every(Boolean))
  assert.equal(
    streams.open(() => true),
    undefined,
  )
  for (const each of opened) each?.destroy()
})
