import assert from 'node:assert/strict'
import { once } from 'node:events'
import { before, test } from 'node:test'
import { connect as connectTls, createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
import type { RowDataPacket } from 'mysql2/promise'
import { selfSignedCertificate } from '../../../../src/kernel/certificate.ts'
import { manualClock, systemClock } from '../../../../src/kernel/clock.ts'
import { logger } from '../../../../src/kernel/log.ts'
import { LOGIN, serve, until } from '../support/mysql-server.ts'
import {
  BASIC,
  CAPABILITIES,
  errorOf,
  framed,
  hello,
  helloPayload,
  loggedIn,
  nativeResponse,
  query,
  rawClient,
  saltOf,
} from '../support/raw-mysql-client.ts'
import type { RawClient } from '../support/raw-mysql-client.ts'
import { column, rows } from '../support/scripted-engine.ts'

const WITH_TLS = BASIC | CAPABILITIES.tls
let tls: SecureContext
let certificatePem: string

before(async () => {
  const made = await selfSignedCertificate(
    { hosts: ['localhost', '127.0.0.1'], days: 1 },
    systemClock(),
  )
  certificatePem = made.certificatePem
  tls = createSecureContext({ cert: made.certificatePem, key: made.keyPem })
})

test('a client that begins with another method is asked to switch and may prove itself then', async (t) => {
  const { port } = await serve(t)
  for (const plugin of [
    'caching_sha2_password',
    'sha256_password',
    'mysql_clear_password',
    'dialog',
  ]) {
    const client = rawClient(port)
    const asked = await hello(client, { plugin, response: Buffer.alloc(32, 7) })
    assert.equal(asked?.payload[0], 0xfe)
    assert.equal(asked.payload.toString('latin1', 1, 23), 'mysql_native_password\0')
    const salt = asked.payload.subarray(23, 43)
    client.send(asked.sequence + 1, nativeResponse('secret-of-admin', salt))
    assert.equal((await client.read())?.payload[0], 0, plugin)
    client.socket.destroy()
  }
})

test('after a switch a wrong answer, an empty one and one of another length are refused', async (t) => {
  const { port } = await serve(t)
  for (const wrong of [
    nativeResponse('wrong', Buffer.alloc(20)),
    Buffer.alloc(0),
    Buffer.alloc(400),
  ]) {
    const client = rawClient(port)
    const asked = await hello(client, {
      plugin: 'caching_sha2_password',
      response: Buffer.alloc(32, 7),
    })
    client.send((asked?.sequence ?? 0) + 1, wrong)
    assert.equal(errorOf(await client.read()).errno, 1045)
    await client.closed
  }
})

test('a user that does not exist is asked the same and refused the same as one with a wrong password', async (t) => {
  const { port } = await serve(t)
  const answers: string[] = []
  for (const user of ['admin', 'ghost']) {
    const client = rawClient(port)
    const asked = await hello(client, {
      user,
      plugin: 'caching_sha2_password',
      response: Buffer.alloc(32),
    })
    assert.equal(asked?.payload[0], 0xfe)
    client.send(asked.sequence + 1, Buffer.alloc(20, 1))
    answers.push(errorOf(await client.read()).message.replace(user, 'USER'))
  }
  assert.equal(answers[0], answers[1])
})

test('a response that was seen on one connection proves nothing on another', async (t) => {
  const { port } = await serve(t)
  const first = rawClient(port)
  const seen = nativeResponse(
    'secret-of-admin',
    saltOf((await first.read())?.payload ?? Buffer.alloc(0)),
  )
  const second = rawClient(port)
  assert.equal(errorOf(await hello(second, { response: seen })).errno, 1045)
  first.socket.destroy()
})

test('a password is never taken in the clear from a client without TLS', async (t) => {
  const { port } = await serve(t, {}, { tls })
  const client = rawClient(port)
  const asked = await hello(client, {
    plugin: 'mysql_clear_password',
    response: Buffer.from('secret-of-admin\0'),
  })
  assert.equal(asked?.payload[0], 0xfe)
  client.socket.destroy()
})

test('mysql2 logs in over TLS and checks the certificate', async (t) => {
  const { connect } = await serve(
    t,
    { answer: () => rows([column('x')], [['encrypted']]) },
    { tls },
  )
  const client = await connect({ ssl: { ca: certificatePem, verifyIdentity: true } })
  const [found] = await client.query<RowDataPacket[]>('select 1')
  assert.equal(found[0]?.['x'], 'encrypted')
  const big = await client.query<RowDataPacket[]>(`select '${'x'.repeat(17_000_000)}'`)
  assert.equal(big[0].length, 1)
})

test('a server without a certificate does not offer TLS, and refuses a request for it', async (t) => {
  const { port, connect } = await serve(t)
  await assert.rejects(connect({ ssl: { ca: certificatePem } }))
  const client = rawClient(port)
  await client.read()
  client.send(1, helloPayload(Buffer.alloc(20), { capabilities: WITH_TLS }).subarray(0, 32))
  assert.equal(errorOf(await client.read()).errno, 1043)
})

test('over TLS the password itself is accepted in both methods that send it', async (t) => {
  const { port } = await serve(t, { users: { admin: LOGIN.password, open: '' } }, { tls })
  const clear = await overTls(port)
  const sent = { capabilities: WITH_TLS, plugin: 'mysql_clear_password' }
  clear.send(2, helloPayload(clear.salt, { ...sent, response: Buffer.from('secret-of-admin\0') }))
  assert.equal((await clear.read())[4], 0)

  const sha2 = await overTls(port)
  sha2.send(
    2,
    helloPayload(sha2.salt, {
      ...sent,
      plugin: 'caching_sha2_password',
      response: Buffer.alloc(32, 1),
    }),
  )
  assert.equal((await sha2.read()).toString('hex', 4), '0104')
  sha2.send(4, Buffer.from('secret-of-admin\0'))
  assert.equal((await sha2.read())[4], 0)

  const open = await overTls(port)
  open.send(
    2,
    helloPayload(open.salt, {
      ...sent,
      user: 'open',
      plugin: 'caching_sha2_password',
      response: Buffer.alloc(0),
    }),
  )
  assert.equal((await open.read())[4], 0)
})

test('over TLS a wrong password, one without its end and an empty one are refused', async (t) => {
  const { port } = await serve(t, {}, { tls })
  const cases: readonly (readonly [string, string, number])[] = [
    ['mysql_clear_password', 'wrong\0', 1045],
    ['mysql_clear_password', 'secret-of-admin', 1043],
    ['mysql_clear_password', '\0', 1045],
    ['caching_sha2_password', '', 1045],
    ['caching_sha2_password', '\0', 1045],
  ]
  for (const [plugin, response, errno] of cases) {
    const client = await overTls(port)
    client.send(
      2,
      helloPayload(client.salt, {
        capabilities: WITH_TLS,
        plugin,
        response: Buffer.from(response),
      }),
    )
    assert.equal((await client.read()).readUInt16LE(5), errno, `${plugin} ${response}`)
  }
})

test('what is sent in the clear behind a request for TLS is never taken as sent under TLS', async (t) => {
  const { port, engine, server } = await serve(t, {}, { tls })
  const client = rawClient(port)
  const salt = saltOf((await client.read())?.payload ?? Buffer.alloc(0))
  const request = helloPayload(salt, { capabilities: WITH_TLS }).subarray(0, 32)
  const smuggled = framed(2, helloPayload(salt, { capabilities: WITH_TLS }))
  client.socket.write(Buffer.concat([framed(1, request), smuggled, framed(0, query('select 1'))]))
  await client.closed
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions.length, 0)
})

test('a client that asks for TLS together with its first TLS bytes is understood', async (t) => {
  const { port } = await serve(t, {}, { tls })
  const client = await overTls(port, { together: true })
  client.send(2, helloPayload(client.salt, { capabilities: WITH_TLS }))
  assert.equal((await client.read())[4], 0)
})

test('an answer that cannot be read is refused with 1043, one from an old client with 1251', async (t) => {
  const { port } = await serve(t)
  const cases: readonly (readonly [Buffer, number])[] = [
    [Buffer.alloc(0), 1043],
    [Buffer.from([1]), 1043],
    [helloPayload(Buffer.alloc(20)).subarray(0, 40), 1043],
    [helloPayload(Buffer.alloc(20), { capabilities: CAPABILITIES.plugin }), 1251],
    [Buffer.from('\x05\x00\x00\x00\x00root\0', 'latin1'), 1251],
  ]
  for (const [payload, errno] of cases) {
    const client = rawClient(port)
    await client.read()
    client.send(1, payload)
    assert.equal(errorOf(await client.read()).errno, errno, payload.toString('hex'))
    await client.closed
  }
})

test('before login a packet is bounded, and its number is checked', async (t) => {
  const { port } = await serve(t)
  const large = rawClient(port)
  await large.read()
  large.socket.write(framed(1, Buffer.alloc(65_537)).subarray(0, 100))
  const refused = await large.read()
  assert.equal(errorOf(refused).errno, 1153)
  assert.equal(refused?.sequence, 2)
  const numbered = rawClient(port)
  await numbered.read()
  numbered.send(5, helloPayload(Buffer.alloc(20)))
  assert.equal(errorOf(await numbered.read()).errno, 1156)
})

test('a client that does not log in in time is closed, whatever it does meanwhile', async (t) => {
  const clock = manualClock()
  const { port, server } = await serve(t, {}, { clock, tls })
  const silent = rawClient(port)
  await silent.read()
  const trickling = rawClient(port)
  await trickling.read()
  trickling.socket.write(Buffer.from([200]))
  const switching = rawClient(port)
  await hello(switching, { plugin: 'caching_sha2_password', response: Buffer.alloc(3) })
  const encrypting = rawClient(port)
  await encrypting.read()
  encrypting.send(1, helloPayload(Buffer.alloc(20), { capabilities: WITH_TLS }).subarray(0, 32))
  // The request for TLS has no answer that could be waited for; after these turns it was read.
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  clock.advance(9_000)
  assert.equal(server.connections(), 4)
  for (let step = 0; step < 10; step++) clock.advance(250)
  await Promise.all([silent, trickling, switching, encrypting].map((client) => client.closed))
  await until(() => server.connections() === 0)
})

test('nothing secret is logged, whatever a client does', async (t) => {
  const lines: string[] = []
  const log = logger('debug', { write: (line) => lines.push(line) })
  const { port, connect } = await serve(
    t,
    {
      answer() {
        throw new TypeError('an engine bug')
      },
    },
    { log, tls },
  )
  const client = await connect({
    ssl: { rejectUnauthorized: false },
    connectAttributes: { note: 'hidden-attribute' },
  })
  await assert.rejects(client.query("select 'hidden-text'"))
  await assert.rejects(client.execute('select ?', ['hidden-value']))
  await assert.rejects(connect({ password: 'hidden-password' }))
  const clear = await overTls(port)
  clear.send(
    2,
    helloPayload(clear.salt, {
      plugin: 'mysql_clear_password',
      response: Buffer.from('hidden-clear\0'),
    }),
  )
  await clear.read()
  const logged = lines.join('')
  assert.ok(logged.includes('an engine bug'))
  assert.ok(logged.includes('"errno":1045'))
  assert.ok(logged.includes('"driver":"Node-MySQL-2"'))
  for (const secret of [
    'hidden-',
    'secret-of-admin',
    nativeResponse('secret-of-admin', Buffer.alloc(20)).toString('hex'),
  ]) {
    assert.ok(!logged.includes(secret), secret)
  }
})

test('a session that cannot be opened for a reason of its own is an internal error, and the server continues', async (t) => {
  const { port, engine } = await serve(t)
  const open = engine.openSession
  engine.openSession = () => Promise.reject(new TypeError('broken'))
  const client = rawClient(port)
  assert.equal(errorOf(await hello(client)).errno, 1105)
  engine.openSession = open
  ;(await loggedIn(port)).socket.destroy()
})

interface TlsClient {
  readonly salt: Buffer
  send(sequence: number, payload: Buffer): void
  read(): Promise<Buffer>
}

/** A raw client that has upgraded; `together` sends the request and the first TLS record in one segment. */
async function overTls(port: number, options: { together?: boolean } = {}): Promise<TlsClient> {
  const raw: RawClient = rawClient(port)
  const salt = saltOf((await raw.read())?.payload ?? Buffer.alloc(0))
  const request = framed(1, helloPayload(salt, { capabilities: WITH_TLS }).subarray(0, 32))
  raw.socket.removeAllListeners('data')
  if (options.together) raw.socket.cork()
  raw.socket.write(request)
  const secured = connectTls({ socket: raw.socket, ca: certificatePem, servername: 'localhost' })
  if (options.together) process.nextTick(() => raw.socket.uncork())
  await once(secured, 'secureConnect')
  return {
    salt,
    send: (sequence, payload) => secured.write(framed(sequence, payload)),
    async read() {
      const [chunk] = (await once(secured, 'data')) as [Buffer]
      return chunk
    },
  }
}
