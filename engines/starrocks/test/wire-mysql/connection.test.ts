import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createSecureContext } from 'node:tls'
import { selfSignedCertificate } from '../../../../src/kernel/certificate.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { serve, until } from '../support/mysql-server.ts'
import {
  BASIC,
  CAPABILITIES,
  framed,
  helloPayload,
  loggedIn,
  query,
  rawClient,
  saltOf,
} from '../support/raw-mysql-client.ts'
import type { RawClient } from '../support/raw-mysql-client.ts'
import { column, rows } from '../support/scripted-engine.ts'
import type { Script } from '../support/scripted-engine.ts'

const RUNS = 300

const script: Script = {
  prepareColumns: () => [column('x')],
  answer: ({ parameters }) => rows([column('x')], [[String(parameters.length)]]),
}

/** What a client may send at any time: commands with any body, and the bodies of real ones, changed. */
const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .constantFrom(
      'select 1',
      'select ?, ?',
      '\x01\0\0\0\0\x01\0\0\0\0\x01\xfd\0\xfd\0\x01a\x01b',
      '\x01\0\0\0\x00\x00abc',
      '\x01\0\0\0',
      '\0\0',
      'admin\0\x14aaaaaaaaaaaaaaaaaaaashop\0\x2d\0mysql_native_password\0',
      't\0%',
    )
    .map((text) => Buffer.from(text, 'latin1')),
)
const command = fc
  .tuple(fc.integer({ min: 0x02, max: 0x25 }), body)
  .map(([code, rest]) => Buffer.concat([Buffer.from([code]), rest]))
const mutation = fc.record({
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  with: fc.nat(255),
})

test('random commands after login: each ends in an answer or a close, and the server continues', async (t) => {
  const { port, server, engine } = await serve(t, script)
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 6 }), async (commands) => {
      const client = await loggedIn(port)
      for (const payload of commands) client.send(0, payload)
      // A ping behind them is answered unless the connection was closed: nothing hangs, nothing is out of step.
      client.send(0, Buffer.from([0x0e]))
      client.send(0, Buffer.from([0x01]))
      await drained(client)
    }),
    { numRuns: RUNS },
  )
  await until(() => server.connections() === 0)
  assert.ok(engine.sessions.every((session) => session.closes === 1))
  await stillServes(port)
})

test('a command stream with changed bytes, cut anywhere, ends in an answer or a close', async (t) => {
  const { port, server, engine } = await serve(t, script)
  const stream = Buffer.concat([
    framed(0, query('select 1')),
    framed(0, Buffer.from('\x16select ?, ?')),
    framed(0, Buffer.from('\x17\x01\0\0\0\0\x01\0\0\0\0\x01\xfd\0\xfd\0\x01a\x01b', 'latin1')),
    framed(0, Buffer.from('\x18\x01\0\0\0\0\0long', 'latin1')),
    framed(0, Buffer.from([0x0e])),
  ])
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { maxLength: 4 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (mutations, cut) => {
        const changed = Buffer.from(stream)
        for (const one of mutations) changed[Math.floor(one.at * changed.length)] = one.with
        const client = await loggedIn(port)
        client.socket.end(changed.subarray(0, Math.ceil(cut * changed.length)))
        await drained(client)
      },
    ),
    { numRuns: RUNS },
  )
  await until(() => server.connections() === 0)
  assert.ok(engine.sessions.every((session) => session.closes === 1))
  await stillServes(port)
})

test('any bytes instead of a login, and changed or cut logins, end in an answer or a close', async (t) => {
  const made = await selfSignedCertificate({ hosts: ['localhost'], days: 1 }, systemClock())
  const tls = createSecureContext({ cert: made.certificatePem, key: made.keyPem })
  const { port, server } = await serve(t, script, { tls })
  const plan = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => () => Buffer.from(bytes)),
    fc
      .tuple(
        fc.array(mutation, { maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
      )
      .map(([mutations, cut, encrypted]) => (salt: Buffer) => {
        const capabilities = BASIC | CAPABILITIES.attributes | (encrypted ? CAPABILITIES.tls : 0)
        const hello = framed(1, helloPayload(salt, { capabilities, database: 'shop' }))
        for (const one of mutations) hello[Math.floor(one.at * hello.length)] = one.with
        return hello.subarray(0, Math.ceil(cut * hello.length))
      }),
  )
  await fc.assert(
    fc.asyncProperty(plan, async (bytesFor) => {
      const client = rawClient(port)
      const greeting = await client.read()
      client.socket.end(bytesFor(saltOf(greeting?.payload ?? Buffer.alloc(60))))
      await drained(client)
    }),
    { numRuns: RUNS },
  )
  await until(() => server.connections() === 0)
  await stillServes(port)
})

test('a client that only opens and closes leaves nothing behind', async (t) => {
  const { port, server, engine } = await serve(t)
  const clients = Array.from({ length: 50 }, () => rawClient(port))
  await Promise.all(clients.map((client) => client.read()))
  for (const client of clients) client.socket.resetAndDestroy()
  await until(() => server.connections() === 0)
  assert.equal(engine.sessions.length, 0)
})

async function drained(client: RawClient): Promise<void> {
  while (await client.read());
  await client.closed
}

async function stillServes(port: number): Promise<void> {
  const client = await loggedIn(port)
  assert.equal((await client.ask(Buffer.from([0x0e])))?.payload[0], 0)
  client.socket.destroy()
}
