/** A MariaDB of a test's own, as a client has one for the metadata of its clusters; ended and removed with the test. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import mysql from 'mysql2/promise'
import { freePort } from '../../../src/substrate/local/loopback-address.ts'
import { cleanUp } from '../process/clean-up.ts'
import { temporaryDirectory } from '../process/directory.ts'

export const DATABASE = 'hivemeta'
export const LOGIN = { user: 'hive', password: 'Hive@metastore1' } as const
const LOOKS = 600
const LOOK_MS = 200

/** For the option of a test. */
export function skipWithoutMariadb(): string | false {
  if (spawnSync('mariadbd', ['--version']).status === 0) return false
  const how = 'mariadbd is not there; Debian has it as mariadb-server-core'
  if (process.env['CI']) throw new Error(how)
  process.stderr.write(`SKIPPED: ${how}\n`)
  return how
}

export interface Mariadb {
  readonly port: number
  /** As the client of the cluster. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

export async function startMariadb(t: TestContext): Promise<Mariadb> {
  const folder = temporaryDirectory(t)
  const port = await freePort('127.0.0.1')
  // It refuses to run as root without this option.
  const asRoot = userInfo().uid === 0 ? ['--user=root'] : []
  const all = ['--no-defaults', `--datadir=${join(folder, 'data')}`, ...asRoot]
  const fresh = ['--auth-root-authentication-method=normal', '--skip-test-db']
  const made = spawnSync('mariadb-install-db', [...all, ...fresh], { encoding: 'utf8' })
  assert.equal(made.status, 0, made.stdout + made.stderr)
  const socketPath = join(folder, 'socket')
  const where = [`--socket=${socketPath}`, `--port=${port}`, '--bind-address=127.0.0.1']
  const small = ['--innodb-buffer-pool-size=16M', `--pid-file=${join(folder, 'pid')}`]
  const child = spawn('mariadbd', [...all, ...where, ...small], { stdio: 'ignore' })
  cleanUp(t, () => end(child))
  const root = await connected({ socketPath, user: 'root' })
  await root.query(`create database ${DATABASE}`)
  await root.query(`create user '${LOGIN.user}'@'127.0.0.1' identified by '${LOGIN.password}'`)
  await root.query(`grant all on ${DATABASE}.* to '${LOGIN.user}'@'127.0.0.1'`)
  await root.end()
  return {
    port,
    async query(sql) {
      const connection = await connected({ host: '127.0.0.1', port, database: DATABASE, ...LOGIN })
      try {
        const [rows] = await connection.query(sql)
        return rows as readonly Readonly<Record<string, unknown>>[]
      } finally {
        await connection.end()
      }
    },
  }
}

async function connected(options: mysql.ConnectionOptions): Promise<mysql.Connection> {
  let problem: unknown
  for (let look = 0; look < LOOKS; look++) {
    try {
      return await mysql.createConnection(options)
    } catch (last) {
      problem = last
      await pause(LOOK_MS)
    }
  }
  throw new Error('the database does not answer', { cause: problem })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
