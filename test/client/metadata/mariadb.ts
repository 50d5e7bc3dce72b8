/**
 * A client's own metadata database, a real one: a MariaDB of this scenario's own on a free port, in a folder of its own, ended
 * with it. Emrys is asked for clusters on it with the vendor's SDK; it must find what is there and what is not. One line a step.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import { selfSignedCertificate } from '../../../src/kernel/certificate.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { freePort } from '../../../src/substrate/local/loopback-address.ts'
import { ask, sampleCreateRequest } from '../../support/http/tencent-client.ts'

const PASSWORD = 'Hive@metastore1'
const START_MS_MAX = 30_000

const emrys = { port: Number(new URL(process.argv[2] ?? '').port) }
const folder = mkdtempSync(join(tmpdir(), 'emrys-mariadb-'))
let database: ChildProcess | undefined
try {
  const port = await freePort('127.0.0.1')
  database = await start(folder, port)
  step(`mariadbd listens on ${port}`)
  await prepare(join(folder, 'socket'))
  step('a database and its users are made')
  await accepted('a user with a password', port, {})
  await accepted('a user who must come with TLS', port, { MetaDataUser: 'careful' })
  await refused(
    'a wrong password',
    port,
    { MetaDataPass: 'Wrong@password1' },
    /refuses MetaDataUser/,
  )
  await refused('an unknown user', port, { MetaDataUser: 'nobody' }, /refuses MetaDataUser/)
  const absent = { MetaDataJdbcUrl: `jdbc:mysql://127.0.0.1:${port}/absent` }
  await refused('a database that its user may not see', port, absent, /refuses|no such database/)
  const root = { ...absent, MetaDataUser: 'owner' }
  await refused('an absent database', port, root, /no such database/)
  await end(database)
  database = undefined
  await refused('a server that has gone', port, {}, /no MySQL server/)
} finally {
  if (database) await end(database)
  rmSync(folder, { recursive: true, force: true })
}

function step(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}

function creation(port: number, more: object) {
  return sampleCreateRequest({
    MetaType: 'USER_CUSTOM_META',
    MetaDBInfo: {
      MetaDataJdbcUrl: `jdbc:mysql://127.0.0.1:${port}/hivemeta`,
      MetaDataUser: 'hive',
      MetaDataPass: PASSWORD,
      ...more,
    },
  })
}

async function accepted(what: string, port: number, more: object): Promise<void> {
  const { code, message } = await ask(emrys, 'CreateInstance', creation(port, more))
  assert.equal(code, '', message)
  step(`accepted: ${what}`)
}

async function refused(what: string, port: number, more: object, why: RegExp): Promise<void> {
  const { code, message } = await ask(emrys, 'CreateInstance', creation(port, more))
  assert.equal(code, 'InvalidParameter.InvalidMetaType', message)
  assert.match(message, why)
  step(`refused: ${what}`)
}

/** It refuses to run as root without an option. */
async function start(path: string, port: number): Promise<ChildProcess> {
  chmodSync(path, 0o755)
  const asRoot = userInfo().uid === 0 ? ['--user=root'] : []
  const data = `--datadir=${join(path, 'data')}`
  const quiet = ['--no-defaults', data, ...asRoot]
  const made = spawnSync(
    'mariadb-install-db',
    [...quiet, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { encoding: 'utf8' },
  )
  assert.equal(made.status, 0, made.stdout + made.stderr)
  const socket = join(path, 'socket')
  const where = [`--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1']
  const { certificatePem, keyPem } = await selfSignedCertificate(
    { hosts: ['localhost'], days: 1 },
    systemClock(),
  )
  writeFileSync(join(path, 'cert.pem'), certificatePem)
  writeFileSync(join(path, 'key.pem'), keyPem, { mode: 0o600 })
  const secure = [`--ssl-cert=${join(path, 'cert.pem')}`, `--ssl-key=${join(path, 'key.pem')}`]
  const small = ['--innodb-buffer-pool-size=16M', `--pid-file=${join(path, 'pid')}`]
  const child = spawn('mariadbd', [...quiet, ...where, ...secure, ...small], { stdio: 'ignore' })
  for (let waitedMs = 0; waitedMs < START_MS_MAX; waitedMs += 100) {
    if (child.exitCode !== null) throw new Error(`mariadbd ended with ${child.exitCode}`)
    if (existsSync(socket)) return child
    await wait(100)
  }
  await end(child)
  throw new Error('mariadbd did not start in time')
}

async function prepare(socketPath: string): Promise<void> {
  const root = await mysql.createConnection({ socketPath, user: 'root' })
  const users = ['hive', 'careful', 'owner']
  await root.query('create database hivemeta')
  for (const user of users)
    await root.query(`create user '${user}'@'127.0.0.1' identified by '${PASSWORD}'`)
  await root.query("alter user 'careful'@'127.0.0.1' require ssl")
  await root.query("grant all on hivemeta.* to 'hive'@'127.0.0.1', 'careful'@'127.0.0.1'")
  await root.query("grant all on *.* to 'owner'@'127.0.0.1'")
  await root.end()
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.exitCode === null && child.kill('SIGTERM')) await ended
}
