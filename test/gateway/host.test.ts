import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { text } from 'node:stream/consumers'
import type { Dialect, WireRequest } from '../../src/gateway/dialect.ts'
import { ByteText, utf8Bytes } from '../../src/kernel/byte-text.ts'
import { httpHost, type BrowserResponse, type HostOptions } from '../../src/gateway/host.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

/** A host whose one dialect answers so, and whose refusals name their code. */
async function start(
  t: TestContext,
  answer: (wire: WireRequest) => BrowserResponse,
  more: Partial<HostOptions> = {},
): Promise<number> {
  const host = httpHost({
    dialects: [{ recognises: () => true } as unknown as Dialect],
    gateway: {
      handle: async (_dialect, wire) => answer(wire) as never,
      refuse: (_dialect, _wire, fault) => ({ status: 400, headers: {}, body: fault.code }),
    },
    admin: async () => {
      throw new Error('broken')
    },
    ...more,
  })
  t.after(() => host.close())
  return host.listen('127.0.0.1', 0)
}

async function ask(port: number, path: string, method = 'GET', body = '') {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const headers = body === '' ? {} : { 'content-length': body.length }
  request({ port, path, method, headers, agent: false }, resolve).on('error', reject).end(body)
  const answer = await promise
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

test('an answer is sent to the byte with its length, short or long, as a text or as bytes', async (t) => {
  const texts = ['{"name":"集群"}', 'é'.repeat(9_000), '', 'x'.repeat(100_000)]
  const bodies = texts.flatMap((each) => [each, Buffer.from(each), new ByteText(utf8Bytes(each))])
  const port = await start(t, ({ path }) => ({
    status: 200,
    headers: JSON_TYPE,
    body: bodies[Number(path.slice(1))]!,
  }))
  for (const at of bodies.keys()) {
    const answer = await ask(port, `/${at}`)
    assert.equal(answer.body, texts[Math.floor(at / 3)])
    assert.equal(answer.headers['content-type'], 'application/json')
    assert.equal(answer.headers['content-length'], String(Buffer.byteLength(answer.body)))
    const head = await ask(port, `/${at}`, 'HEAD')
    assert.deepEqual(
      [head.body, head.headers['content-length']],
      ['', String(Buffer.byteLength(answer.body))],
    )
  }
})

test('a status without content has no length, and a stream is sent as it comes', async (t) => {
  const port = await start(t, ({ path }) =>
    path === '/stream'
      ? { status: 200, headers: {}, body: Readable.from(['a', 'b']) }
      : { status: Number(path.slice(1)), headers: {}, body: '' },
  )
  for (const status of [204, 304]) {
    const answer = await ask(port, `/${status}`)
    assert.deepEqual([answer.status, answer.headers['content-length']], [status, undefined])
  }
  assert.equal((await ask(port, '/stream')).body, 'ab')
})

test('a request is handed on as it was sent, the body of any method too', async (t) => {
  const port = await start(t, ({ method, path, query, body }) => ({
    status: 200,
    headers: {},
    body: JSON.stringify([method, path, query, Buffer.from(body).toString()]),
  }))
  for (const method of ['GET', 'POST', 'DELETE', 'PROPFIND'])
    assert.deepEqual(JSON.parse((await ask(port, '/a%2Fb?c=%zz', method, 'x')).body), [
      method,
      '/a%2Fb',
      'c=%zz',
      'x',
    ])
})

test('a path that is no text is refused by its dialect, and a page that breaks is an internal error', async (t) => {
  const port = await start(t, () => ({ status: 200, headers: {}, body: '' }))
  for (const path of ['/%zz', '/%ff?a=b'])
    assert.deepEqual((await ask(port, path)).body, 'RequestMalformed', path)
  const broken = await ask(port, '/_emrys/health')
  assert.deepEqual([broken.status, broken.body], [500, '{"error":"internal error"}\n'])
})

test('a body that is not read to its end ends its connection; others are kept', async (t) => {
  const port = await start(t, () => ({ status: 200, headers: {}, body: '' }))
  const tooLong = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n'
  const { promise, resolve } = Promise.withResolvers<void>()
  let heard = ''
  const socket = connect({ host: '127.0.0.1', port }, () =>
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${tooLong}`),
  )
  socket.on('data', (piece) => (heard += piece.toString()))
  socket.on('close', () => resolve())
  await promise
  assert.match(heard, /^HTTP\/1\.1 200 OK\r\n.*RequestTooLarge$/s)
})

test('requests that come together are handled before the first of them is answered, each with its own body', async (t) => {
  const order: string[] = []
  const port = await start(t, ({ body }) => {
    order.push('handled')
    return { status: 200, headers: {}, body: body.length > 0 ? body : 'none' }
  })
  const count = 100
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect({ host: '127.0.0.1', port })
      await once(socket, 'connect')
      return socket
    }),
  )
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  const askAll = async (): Promise<readonly boolean[]> => {
    const answers = sockets.map(async (socket, at) => {
      const [answer] = (await once(socket, 'data')) as [Buffer]
      order.push('answered')
      return answer.toString().endsWith(`\r\n\r\nbody ${at}`)
    })
    for (const [at, socket] of sockets.entries()) {
      const body = `body ${at}`
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    }
    return Promise.all(answers)
  }
  // The system hands new connections over one by one.
  await askAll()
  order.length = 0
  assert.deepEqual(new Set(await askAll()), new Set([true]))
  assert.ok(order.indexOf('answered') > 1, order.join(' '))
  assert.equal(order.length, 2 * count)
})

test('a body that comes after its head, in pieces or without a length is whole', async (t) => {
  const port = await start(t, ({ body }) => ({ status: 200, headers: {}, body }))
  const long = 'x'.repeat(300_000)
  assert.equal((await ask(port, '/', 'POST', long)).body, long)
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
  const chunked = request({ port, method: 'POST', agent: false }, resolve)
  chunked.write('first ')
  setTimeout(() => chunked.end('second'), 20)
  assert.equal(await text(await promise), 'first second')
  const late = connect({ host: '127.0.0.1', port })
  t.after(() => late.destroy())
  late.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n')
  setTimeout(() => late.write('late'), 20)
  const [answer] = (await once(late, 'data')) as [Buffer]
  assert.match(answer.toString(), /\r\n\r\nlate$/)
})

test('an answer that HTTP cannot carry is an internal error, and those beside it are sent', async (t) => {
  const port = await start(t, ({ path }) => ({
    status: 200,
    headers: path === '/broken' ? { 'x-name': 'two\nlines' } : {},
    body: path,
  }))
  const paths = ['/one', '/broken', '/two']
  const answers = await Promise.all(paths.map((path) => ask(port, path)))
  assert.deepEqual(
    answers.map(({ status, body }) => [status, body]),
    [
      [200, '/one'],
      [500, '{"error":"internal error"}\n'],
      [200, '/two'],
    ],
  )
})
