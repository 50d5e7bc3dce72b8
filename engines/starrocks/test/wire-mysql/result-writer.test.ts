import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { serve, until } from '../support/mysql-server.ts'
import {
  BASIC,
  CAPABILITIES,
  errorOf,
  framed,
  helloPayload,
  loggedIn,
  query,
  saltOf,
} from '../support/raw-mysql-client.ts'
import { column, done, rows, streamed } from '../support/scripted-engine.ts'
import { SqlError } from '../../src/session.ts'

const MULTIPLE = BASIC | CAPABILITIES.multiStatements | CAPABILITIES.multiResults

function* numbered(count: number, chunkRows = 2_048) {
  for (let from = 0; from < count; from += chunkRows) {
    const size = Math.min(chunkRows, count - from)
    yield Array.from({ length: size }, (_, index) => [from + index, `row ${from + index}`])
  }
}

test(
  'a result of ten million rows keeps the memory of its server flat',
  { timeout: 120_000 },
  async () => {
    const total = 10_000_000
    const child = spawn(
      process.execPath,
      [new URL('../support/row-server.ts', import.meta.url).pathname, String(total)],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    try {
      const [ready] = (await once(child.stdout, 'data')) as [Buffer]
      const socket = connect({ port: Number(ready.toString()), host: '127.0.0.1' })
      const [greeting] = (await once(socket, 'data')) as [Buffer]
      socket.write(framed(1, helloPayload(saltOf(greeting.subarray(4)))))
      await once(socket, 'data')
      let bytes = 0
      let tail = Buffer.alloc(0)
      socket.write(framed(0, query('select all')))
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        bytes += chunk.length
        tail = Buffer.concat([tail, chunk]).subarray(-9)
        if (tail.readUIntLE(0, 3) === 5 && tail[4] === 0xfe) break
      }
      assert.ok(bytes > total * 20, `${bytes} bytes are not ${total} rows`)
      child.stdin.write('memory\n')
      const [report] = (await once(child.stdout, 'data')) as [Buffer]
      const { rss, growth } = JSON.parse(report.toString()) as { rss: number; growth: number }
      assert.ok(growth < 40_000_000, `grew by ${growth} to ${rss}`)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  },
)

test('a fast reader of a long result does not starve other clients', async (t) => {
  let pulled = 0
  const { port } = await serve(t, {
    answer: ({ text }) =>
      text === 'short'
        ? done()
        : streamed(
            [column('n', 'long'), column('s')],
            (function* () {
              for (const chunk of numbered(3_000_000)) {
                pulled += chunk.length
                yield chunk
              }
            })(),
          ),
  })
  const [reader, other] = [await loggedIn(port), await loggedIn(port)]
  reader.socket.removeAllListeners('data')
  reader.socket.resume()
  reader.send(0, query('long'))
  await until(() => pulled > 0)
  for (let round = 0; round < 5; round++)
    assert.equal((await other.ask(query('short')))?.payload[0], 0)
  assert.ok(pulled < 3_000_000, 'the others were answered only after the long result')
  reader.socket.destroy()
  other.socket.destroy()
})

test('a client that leaves amid a result stops its source', async (t) => {
  let finished = false
  const { port, server } = await serve(t, {
    answer: () =>
      streamed(
        [column('n', 'long'), column('s')],
        (function* () {
          try {
            yield* numbered(5_000_000)
          } finally {
            finished = true
          }
        })(),
      ),
  })
  const client = await loggedIn(port)
  client.socket.removeAllListeners('data')
  client.socket.once('data', () => client.socket.destroy())
  client.send(0, query('long'))
  await until(() => server.connections() === 0)
  assert.ok(finished)
})

test('each result but the last says that another follows, an error included', async (t) => {
  const { port } = await serve(t, {
    answer({ text }) {
      if (text.trim() === 'wrong') throw new SqlError('no')
      return text.trim() === 'rows' ? rows([column('x')], [['v']]) : done(1)
    },
  })
  const client = await loggedIn(port, { capabilities: MULTIPLE })
  const flags = async () => (await client.read())?.payload.readUInt16LE(3)
  client.send(0, query('update; rows; wrong; update'))
  assert.equal(await flags(), 0x0a)
  for (let index = 0; index < 4; index++) await client.read()
  assert.equal(await flags(), 0x0a)
  assert.equal(errorOf(await client.read()).errno, 1064)
  client.send(0, query('update; update'))
  assert.equal(await flags(), 0x0a)
  assert.equal(await flags(), 0x02)
  client.socket.destroy()
})

test('a result whose rows do not fit its columns is an error, not a broken stream', async (t) => {
  const { port } = await serve(t, {
    answer: ({ text }) =>
      text === 'none' ? rows([], []) : rows([column('a'), column('b')], [['1', '2'], ['3']]),
  })
  const client = await loggedIn(port)
  assert.equal(errorOf(await client.ask(query('none'))).errno, 1105)
  await client.ask(query('narrow'))
  for (let index = 0; index < 4; index++) await client.read()
  assert.equal(errorOf(await client.read()).errno, 1105)
  assert.equal((await client.ask(Buffer.from([0x0e])))?.payload[0], 0)
  client.socket.destroy()
})
