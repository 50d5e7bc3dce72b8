/** A PostgreSQL of a test's own, with the settings that matter as they are by default; ended and removed with the test. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  globSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { freePort } from '../../../src/substrate/local/loopback-address.ts'
import { cleanUp, type Ending } from '../process/clean-up.ts'
import { temporaryDirectory } from '../process/directory.ts'
import { OTHER_USER } from '../process/other-user.ts'

const USER = 'emrys'
const LOOKS = 600
const LOOK_MS = 50

export interface Postgres {
  readonly port: number
  /** A new, empty database; its address for a store. */
  database(): Promise<string>
  /** The address of a database of this one, asked of all of these. */
  query(database: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** From the next connection on its user needs this password. */
  demandPassword(password: string): Promise<void>
  /** From the next connection on nobody gets in without TLS; it shows this certificate, and listens on all of loopback's addresses. */
  demandTls(pair: { readonly cert: string; readonly key: string }): Promise<void>
  /** As it ends by itself when it is stopped at once, or killed. */
  kill(): Promise<void>
  start(): Promise<void>
  /** A second one that follows this one and has whatever this one acknowledged. */
  replica(t: Ending): Promise<Postgres>
  /** Makes a replica take writes. */
  promote(): Promise<void>
}

/** Debian keeps them away from the path, as several versions can be there. */
const programs = globSync('/usr/lib/postgresql/*/bin').sort().at(-1)

/** For the option of a test. */
export function skipWithoutPostgres(): string | false {
  if (programs !== undefined && existsSync(join(programs, 'initdb'))) return false
  const how = 'PostgreSQL is not there; Debian has it as postgresql'
  if (process.env['CI']) throw new Error(how)
  process.stderr.write(`SKIPPED: ${how}\n`)
  return how
}

export async function startPostgres(t: Ending): Promise<Postgres> {
  const folder = folderOf(t)
  const data = join(folder, 'data')
  await ran('initdb', ['-D', data, '-U', USER, '--auth=trust', '--no-sync', '-E', 'UTF8'])
  return running(t, { folder, data, port: await freePort('127.0.0.1') })
}

interface Place {
  readonly folder: string
  readonly data: string
  readonly port: number
}

async function running(t: Ending, { folder, data, port }: Place): Promise<Postgres> {
  let child: ChildProcess | undefined
  const log = join(folder, 'log')
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder }
  const small = { shared_buffers: '32MB', max_connections: 100, logging_collector: 'off' }
  for (const [name, value] of Object.entries({ ...settings, ...small }))
    appendFileSync(join(data, 'postgresql.conf'), `${name} = '${value}'\n`)
  const start = async () => {
    child = spawn(programOf('postgres'), ['-D', data], {
      ...asOther(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr?.on('data', (text) => appendFileSync(log, text))
    await answering({ folder, port }, log)
  }
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    // At once, and with all its processes; what it had not flushed is lost as with `kill -9`.
    child.kill('SIGQUIT')
    await ended
  }
  cleanUp(t, kill)
  await start()
  /** Over its socket nobody needs a password. */
  const admit = async (line: string) => {
    writeFileSync(join(data, 'pg_hba.conf'), `local all all trust\n${line}\n`)
    await query('postgres', 'select pg_reload_conf()')
  }
  const query: Postgres['query'] = async (database, sql) => {
    const client = new Client({ host: folder, port, user: USER, database })
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  let made = 0
  return {
    port,
    query,
    kill,
    start,
    async database() {
      const name = `emrys${++made}`
      await query('postgres', `create database ${name}`)
      return `postgres://${USER}@127.0.0.1:${port}/${name}`
    },
    async demandPassword(password) {
      await query('postgres', `alter user ${USER} password '${password}'`)
      await admit('host all all 127.0.0.0/8 scram-sha-256')
    },
    async demandTls({ cert, key }) {
      for (const [name, text] of [
        ['server.crt', cert],
        ['server.key', key],
      ] as const) {
        writeFileSync(join(data, name), text, { mode: 0o600 })
        if (process.getuid?.() === 0) chownSync(join(data, name), OTHER_USER, OTHER_USER)
      }
      await query('postgres', 'alter system set ssl = on')
      await query('postgres', `alter system set listen_addresses = '127.0.0.1, 127.0.0.2'`)
      await admit('hostssl all all 127.0.0.0/8 scram-sha-256')
      await kill()
      await start()
    },
    async replica(ending) {
      const other = folderOf(ending)
      const copy = join(other, 'data')
      await ran('pg_basebackup', [
        '-h',
        folder,
        '-p',
        String(port),
        '-U',
        USER,
        '-D',
        copy,
        '-R',
        '-c',
        'fast',
      ])
      const replica = await running(ending, {
        folder: other,
        data: copy,
        port: await freePort('127.0.0.1'),
      })
      await query('postgres', `alter system set synchronous_standby_names = '*'`)
      await query('postgres', 'select pg_reload_conf()')
      return replica
    },
    async promote() {
      await query('postgres', 'select pg_promote()')
    },
  }
}

/** It refuses to run as root. */
function asOther() {
  return process.getuid?.() === 0 ? { uid: OTHER_USER, gid: OTHER_USER, cwd: '/' } : {}
}

function folderOf(t: Ending): string {
  const folder = temporaryDirectory(t)
  chmodSync(folder, 0o700)
  if (process.getuid?.() === 0) chownSync(folder, OTHER_USER, OTHER_USER)
  return folder
}

function programOf(name: string): string {
  assert.ok(programs)
  return join(programs, name)
}

async function ran(name: string, args: readonly string[]): Promise<void> {
  const { status, stderr } = spawnSync(programOf(name), args, { ...asOther(), encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

async function answering(
  { folder, port }: Pick<Place, 'folder' | 'port'>,
  log: string,
): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const client = new Client({ host: folder, port, user: USER, database: 'postgres' })
    client.on('error', () => {})
    const connected = await client.connect().then(
      () => true,
      () => false,
    )
    // Of a connection that was refused, nobody hears when it has ended.
    const ended = client.end().catch(() => {})
    if (connected) return ended
    await pause(LOOK_MS)
  }
  throw new Error(`PostgreSQL does not answer: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`)
}
