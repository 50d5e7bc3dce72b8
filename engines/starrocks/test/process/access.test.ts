/** Who may come in where, in a running engine: every change is taken over by the same process. Needs the addresses of 127.0.0.0/8. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { selfSignedCertificate } from '../../../../src/kernel/certificate.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { serverKeyText } from '../../../../src/kernel/key-store.ts'
import type { EngineConfiguration } from '../../src/process/configuration.ts'
import { engineControl } from '../../src/process/control-client.ts'
import {
  engineDirectory,
  healthOf,
  startEngine,
  writeConfiguration,
} from '../support/engine-process.ts'

type Access = NonNullable<EngineConfiguration['access']>

const OWN = '127.0.0.1'
const node = (name: string, role: 'fe' | 'be') => ({
  name,
  role,
  host: OWN,
  group: role,
  zone: 'z',
  version: '3.3.8',
})
const nodes = [...['fe-0', 'fe-1', 'fe-2'].map((name) => node(name, 'fe')), node('be-0', 'be')]
const open: Access = { frontends: [], entries: [], tls: 'own' }

async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function start(t: TestContext) {
  const directory = engineDirectory(t, { nodes })
  const engine = await startEngine(t, directory)
  const { query, front, back } = engine.ports
  let generation = 0
  return {
    ...engine,
    directory,
    /** Rejects when the engine refuses it. */
    async change(access: Partial<Access>) {
      writeConfiguration(directory, {
        nodes,
        generation: ++generation,
        access: { ...open, ...access },
      })
      await engineControl(directory).reload()
    },
    async logIn(from = OWN, to = { host: OWN, port: query }, ssl?: { ca: string }) {
      const stream = () => connect({ ...to, localAddress: from })
      const user = { user: 'root', ...(ssl ? { ssl } : {}) }
      const connection = await createConnection({ ...user, stream })
      connection.on('error', () => undefined)
      t.after(() => connection.destroy())
      return connection
    },
    http: async (from: string) => [await statusOf(from, front), await statusOf(from, back)],
  }
}

async function statusOf(localAddress: string, port: number): Promise<number | string> {
  const sent = request({ host: OWN, port, localAddress, path: '/api/health', agent: false })
  sent.end()
  try {
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }]
    response.resume()
    return response.statusCode
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code ?? ''
  }
}

/** Names of the front ends that the session is counted to, with its user. */
async function serverOf(connection: Connection): Promise<unknown> {
  const [[id]] = await connection.query<RowDataPacket[]>('SELECT connection_id() AS id')
  const [rows] = await connection.query<RowDataPacket[]>('SHOW PROCESSLIST')
  return rows.find((row) => Number(row['Id']) === Number(id?.['id']))?.['ServerName']
}

const ended = (connection: Connection) => assert.rejects(connection.query('SELECT 1'))

test('an entry is opened, counts its sessions to its front ends in turn, and ends them when it goes', async (t) => {
  const it = await start(t)
  const before = await it.logIn()
  const host = '127.0.0.21'
  const queryPort = await freePort(host)
  const at = { host, port: queryPort }
  await assert.rejects(it.logIn(OWN, at), /ECONNREFUSED/)
  const entry = { name: 'g-1', host, open: false, frontends: ['fe-1', 'fe-2'], queryPort }
  await it.change({ frontends: ['fe-0'], entries: [entry] })
  const [first, second] = [await it.logIn(OWN, at), await it.logIn(OWN, at)]
  assert.deepEqual([await serverOf(first), await serverOf(second)], ['fe-1', 'fe-2'])
  assert.equal(await serverOf(await it.logIn()), 'fe-0')
  assert.deepEqual((await healthOf(it.directory)).entries, [entry])
  // Its front ends change while it stays open, and so do its sessions.
  await it.change({ entries: [{ ...entry, frontends: ['fe-2'] }] })
  assert.equal(await serverOf(first), 'fe-1')
  assert.equal(await serverOf(await it.logIn(OWN, at)), 'fe-2')
  await it.change({})
  await Promise.all([ended(first), ended(second)])
  await assert.rejects(it.logIn(OWN, at), /ECONNREFUSED/)
  await before.query('SELECT 1')
  assert.deepEqual((await healthOf(it.directory)).entries, [])
})

test('whoever is in no block is cut off before a greeting, on every port, and his sessions end', async (t) => {
  const it = await start(t)
  const [allowed, stranger] = ['127.0.0.31', '127.0.0.40'] as const
  const inside = await it.logIn(allowed)
  const outside = await it.logIn(stranger)
  await it.change({ allowed: ['127.0.0.28/30'] })
  await ended(outside)
  await inside.query('SELECT 1')
  await it.logIn(allowed)
  await assert.rejects(it.logIn(stranger), /ECONNRESET|Connection lost/)
  assert.deepEqual(await it.http(allowed), [200, 200])
  assert.deepEqual(await it.http(stranger), ['ECONNRESET', 'ECONNRESET'])
  // The instance itself looks whether it answers.
  assert.deepEqual(await it.http(OWN), [200, 200])
  await it.change({})
  await (await it.logIn(stranger)).query('SELECT 1')
})

test('an open entry is for everyone, whatever the blocks', async (t) => {
  const it = await start(t)
  const host = '127.0.0.22'
  const queryPort = await freePort(host)
  const frontPort = await freePort(host)
  const redirect = { host: '127.0.0.99', port: 8040 }
  const entry = {
    name: 'g/public',
    host,
    open: true,
    frontends: [],
    queryPort,
    frontPort,
    redirect,
  }
  await it.change({ allowed: ['10.0.0.0/8'], entries: [entry] })
  await (await it.logIn('127.0.0.41', { host, port: queryPort })).query('SELECT 1')
  await assert.rejects(it.logIn('127.0.0.41'), /ECONNRESET|Connection lost/)
  const sentOn = async () => {
    const sent = request({
      host,
      port: frontPort,
      method: 'PUT',
      path: '/api/d/t/_stream_load',
      auth: 'root:',
      headers: { expect: '100-continue' },
      agent: false,
    })
    sent.flushHeaders()
    const [response] = (await once(sent, 'response')) as [
      { headers: Record<string, string>; resume(): void },
    ]
    response.resume()
    sent.destroy()
    return response.headers['location']
  }
  assert.equal(await sentOn(), 'http://127.0.0.99:8040/api/d/t/_stream_load')
  // Where loads go changes while the entry stays open.
  await it.change({ entries: [{ ...entry, redirect: { ...redirect, port: 8041 } }] })
  assert.equal(await sentOn(), 'http://127.0.0.99:8041/api/d/t/_stream_load')
})

test('TLS is offered with the certificate that is given, or not at all', async (t) => {
  const it = await start(t)
  const clock = systemClock()
  const made = await selfSignedCertificate({ hosts: ['localhost', OWN], days: 1 }, clock)
  const other = await selfSignedCertificate({ hosts: ['localhost', OWN], days: 1 }, clock)
  const text = serverKeyText({ certificate: made.certificatePem, key: made.keyPem })
  writeFileSync(join(it.directory, 'certificate'), text, { mode: 0o600 })
  const before = await it.logIn()
  await it.change({ tls: 'given' })
  const at = { host: OWN, port: it.ports.query }
  const verified = await it.logIn(OWN, at, { ca: made.certificatePem })
  const [[row]] = await verified.query<RowDataPacket[]>('SELECT 1 AS one')
  assert.equal(Number(row?.['one']), 1)
  await assert.rejects(it.logIn(OWN, at, { ca: other.certificatePem }), /self.signed|certificate/)
  // Offered, not demanded.
  await (await it.logIn()).query('SELECT 1')
  await it.change({ tls: 'off' })
  await assert.rejects(it.logIn(OWN, at, { ca: made.certificatePem }), /secure connection/)
  await verified.query('SELECT 1')
  await before.query('SELECT 1')
})

test('what cannot be had refuses the whole configuration, and nothing has changed', async (t) => {
  const it = await start(t)
  const host = '127.0.0.23'
  const taken = createServer().listen(0, host)
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const free = await freePort(host)
  const entry = (name: string, queryPort: number) => ({
    name,
    host,
    open: false,
    frontends: [],
    queryPort,
  })
  const access = { allowed: ['10.0.0.0/8'], entries: [entry('a', free), entry('b', port)] }
  await assert.rejects(it.change(access), /an entry cannot be opened: .*EADDRINUSE/)
  await assert.rejects(it.logIn(OWN, { host, port: free }), /ECONNREFUSED/)
  await assert.rejects(it.change({ tls: 'given' }), /holds no certificate/)
  await assert.rejects(it.change({ allowed: ['everyone'] }), /everyone is no block/)
  await (await it.logIn('127.0.0.42')).query('SELECT 1')
  assert.equal((await healthOf(it.directory)).generation, 0)
})

test('a flood from addresses that are not let in costs nothing, and others are served meanwhile', async (t) => {
  const it = await start(t)
  const allowed = '127.0.0.51'
  await it.change({ allowed: [allowed] })
  const { rssBytes: before } = await engineControl(it.directory).stats()
  const flood = async (): Promise<boolean> => {
    const socket = connect({ host: OWN, port: it.ports.query, localAddress: '127.0.0.52' })
    let greeted = false
    socket.on('data', () => (greeted = true))
    socket.on('error', () => undefined)
    await once(socket, 'close').catch(() => undefined)
    return greeted
  }
  // Fewer at a time than may wait to be accepted: those beyond it take themselves for connected and get no answer.
  const WAVES = 8
  const AT_ONCE = 250
  const greeted: boolean[] = []
  const flooding = (async () => {
    for (let wave = 0; wave < WAVES; wave++)
      greeted.push(...(await Promise.all(Array.from({ length: AT_ONCE }, flood))))
  })()
  const connection = await it.logIn(allowed)
  await connection.query('SELECT 1')
  await flooding
  assert.equal(greeted.length, WAVES * AT_ONCE)
  assert.ok(greeted.every((each) => !each))
  const { connections, rssBytes } = await engineControl(it.directory).stats()
  assert.equal(connections, 1)
  const grownMib = (Number(rssBytes) - Number(before)) / 1024 ** 2
  assert.ok(grownMib < 100, `${grownMib} MiB`)
})
