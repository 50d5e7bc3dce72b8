import assert from 'node:assert/strict'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { createSecureContext } from 'node:tls'
import { selfSignedCertificate } from '../../../src/kernel/certificate.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { mysqlProbe } from '../../../src/adapter/metadata-probe/mysql.ts'
import { limits } from '../../../src/limits.ts'
import { LOGIN, serve } from '../../../engines/starrocks/test/support/mysql-server.ts'

const probe = mysqlProbe({ mode: 'loopback', timeoutMs: 2_000 })

function database(port: number, members: object = {}) {
  return { host: '127.0.0.1', port, database: 'shop', ...LOGIN, ...members }
}

test('a database that is there answers', async (t) => {
  const { port, engine } = await serve(t)
  assert.equal(await probe.check(database(port)), 'answered')
  assert.equal(await probe.check(database(port, { host: 'localhost' })), 'answered')
  assert.equal(engine.sessions.length, 2)
  assert.equal(engine.sessions[0]?.calls.length, 0)
})

test('a wrong password, an unknown user and an absent database are distinguished', async (t) => {
  const { port } = await serve(t)
  assert.equal(await probe.check(database(port, { password: 'wrong' })), 'denied')
  assert.equal(await probe.check(database(port, { user: 'nobody' })), 'denied')
  assert.equal(await probe.check(database(port, { database: 'absent' })), 'no-database')
})

test('a server with TLS is spoken to with TLS, whatever authority signed its certificate', async (t) => {
  const { certificatePem: cert, keyPem: key } = await selfSignedCertificate(
    { hosts: ['elsewhere.example'], days: 1 },
    systemClock(),
  )
  const { port } = await serve(t, {}, { tls: createSecureContext({ cert, key }) })
  const heard: Buffer[] = []
  const relay = await listening(t, (socket) => {
    const onward = connect(port, '127.0.0.1').on('error', () => {})
    onward.pipe(socket)
    socket.on('data', (chunk: Buffer) => heard.push(chunk)).pipe(onward)
  })
  assert.equal(await probe.check(database(relay.port)), 'answered')
  assert.equal(await probe.check(database(relay.port, { password: 'wrong' })), 'denied')
  // Without TLS the name of the user would be among the first bytes.
  assert.ok(Buffer.concat(heard).length > 200)
  assert.ok(!Buffer.concat(heard).includes(LOGIN.user))
})

test('the connection is ended when the answer is known', async (t) => {
  const { port, server } = await serve(t)
  await probe.check(database(port))
  await probe.check(database(port, { database: 'absent' }))
  for (let turn = 0; turn < 10_000 && server.connections() > 0; turn++)
    await new Promise(setImmediate)
  assert.equal(server.connections(), 0)
})

test('nothing that listens, and what is no MySQL server, is unreachable in one word', async (t) => {
  const http = await listening(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  assert.equal(await probe.check(database(http.port)), 'unreachable')
  const silent = await listening(t, () => {})
  const hurried = mysqlProbe({ mode: 'loopback', timeoutMs: 50 })
  assert.equal(await hurried.check(database(silent.port)), 'unreachable')
  const closed = await listening(t, () => {})
  await new Promise((resolve) => closed.server.close(resolve))
  assert.equal(await probe.check(database(closed.port)), 'unreachable')
})

test('a server that never stops talking is cut', async (t) => {
  let sent = 0
  const flood = await listening(t, (socket) => {
    // One packet of 16 MiB, as it announces; the probe must not take it in.
    socket.write(Buffer.from([0xff, 0xff, 0xff, 0]))
    const more = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(16_384, 10))) sent += 16_384
      socket.once('drain', more)
    }
    more()
  })
  assert.equal(await probe.check(database(flood.port)), 'unreachable')
  assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes were taken`)
})

test('what is not allowed is not connected to, and off connects to nothing', async (t) => {
  let seen = 0
  const { port } = await listening(t, () => seen++)
  assert.equal(await probe.check(database(port, { host: '10.0.0.1' })), 'not-allowed')
  assert.equal(await probe.check(database(port, { host: 'db.example.com' })), 'not-allowed')
  assert.equal(await mysqlProbe({ mode: 'off' }).check(database(port)), 'off')
  const any = mysqlProbe({ mode: 'any' })
  assert.equal(await any.check(database(port, { host: '169.254.169.254' })), 'not-allowed')
  assert.equal(seen, 0)
})

test('probes beyond what is allowed at once are refused, and room comes back', async (t) => {
  const { port } = await listening(t, () => {})
  const slow = mysqlProbe({ mode: 'loopback', timeoutMs: 300 })
  const outcomes = Array.from({ length: limits.probesAtOnce }, () => slow.check(database(port)))
  await assert.rejects(slow.check(database(port)), { code: 'Overloaded' })
  assert.deepEqual(new Set(await Promise.all(outcomes)), new Set(['unreachable']))
  assert.equal(await slow.check(database(port)), 'unreachable')
})

async function listening(
  t: TestContext,
  connected: (socket: Socket) => void,
): Promise<{ server: Server; port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    connected(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port }
}
