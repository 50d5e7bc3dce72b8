import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { programFile } from '../../src/kernel/place.ts'
import { askAdmin } from '../support/http/admin.ts'
import { instanceBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { emrys, emrysServe, type RunningCommand } from '../support/process/emrys-command.ts'
import {
  ADMIN_PASSWORD,
  createInstance,
  localDataDirectory,
} from '../support/engine/local-instances.ts'

const PROGRAM = programFile('src/cli/start')
const IMMEDIATE = ['--simulation-default', 'immediate']
const TABLES = ['document', 'tag', 'tally', 'token', 'ledger', 'balance', 'reservation', 'address']

/** Everything in the tables that a client can see, by table. */
function contentsOf(dataDir: string): Readonly<Record<string, readonly unknown[]>> {
  const database = new DatabaseSync(join(dataDir, 'emrys.db'), { readOnly: true })
  const rows = TABLES.map((table) => [table, database.prepare(`select * from ${table}`).all()])
  database.close()
  return Object.fromEntries(rows) as Record<string, unknown[]>
}

async function create(server: RunningCommand, name: string): Promise<void> {
  const api = client(Number(new URL(server.url).port))
  const { status } = await api.alibaba('/webapi/cluster/createV1', { body: instanceBody(name) })
  api.close()
  assert.equal(status, 200)
}

/** Nothing is under way any more. */
async function allRunning(server: RunningCommand): Promise<void> {
  for (;;) {
    const { body } = await askAdmin(Number(new URL(server.url).port), 'clusters?limit=10')
    const clusters = body.clusters as readonly { state: string }[]
    if (clusters.every(({ state }) => state === 'running')) return
    await delay(20)
  }
}

async function ended(server: RunningCommand): Promise<void> {
  server.signal('SIGTERM')
  assert.equal((await server.ended).code, 0)
}

test('a backup of a running server is restored with every document, its simulated machines and its keys', async (t) => {
  const root = temporaryDirectory(t)
  const [dataDir, from, safe, to] = ['d', 'b', 'safe', 'r'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ]
  const server = await emrysServe(t, dataDir, IMMEDIATE)
  for (const name of ['one', 'two', 'three']) await create(server, name)
  await allRunning(server)
  const before = contentsOf(dataDir)
  assert.equal(before['document']!.length > 6, true)

  const made = await emrys(t, ['backup', from, '--url', server.url])
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /keys opens every secret in it: move it to another safe place/)
  await create(server, 'later')
  const port = Number(new URL(server.url).port)
  for (const [directory, says] of [
    [from, /is not empty/],
    [join(dataDir, 'b'), /lies in the data directory/],
    ['b', /must be an absolute path/],
  ] as const) {
    const refused = await askAdmin(port, 'backup', { method: 'POST', body: { directory } })
    assert.match(refused.text, says)
  }
  await ended(server)

  renameSync(join(from, 'keys'), safe)
  assert.equal((await emrys(t, ['restore', from, '--keys', safe, '--check'])).code, 0)
  const over = await emrys(t, ['restore', from, '--keys', safe, '--data-dir', dataDir])
  assert.match(over.err, /^emrys: .* is not empty/)
  const restored = await emrys(t, ['restore', from, '--keys', safe, '--data-dir', to])
  assert.equal(restored.code, 0, restored.err)
  assert.deepEqual(contentsOf(to), before)
  assert.equal((await emrys(t, ['store', 'check', '--data-dir', to])).code, 0)
  const again = await emrysServe(t, to, IMMEDIATE)
  const { body } = await askAdmin(Number(new URL(again.url).port), 'clusters?limit=10')
  const clusters = body.clusters as readonly { name: string; state: string }[]
  assert.deepEqual(clusters.map(({ name, state }) => `${name} ${state}`).toSorted(), [
    'one running',
    'three running',
    'two running',
  ])
  await create(again, 'four')
  await ended(again)
})

test('a backup or a restore that is killed leaves nothing that passes for one', async (t) => {
  const root = temporaryDirectory(t)
  const dataDir = join(root, 'd')
  const server = await emrysServe(t, dataDir, IMMEDIATE)
  await create(server, 'one')
  await ended(server)
  const whole = join(root, 'whole')
  const first = await emrys(t, ['backup', whole, '--data-dir', dataDir])
  assert.equal(first.code, 0, first.err)
  const expected = contentsOf(dataDir)
  const outcomes: string[] = []
  // As soon as this is there; what follows is cut off.
  for (const [n, name] of ['', 'emrys.db', 'keys/key', 'manifest.json'].entries()) {
    const from = join(root, `b${n}`)
    await killedOnceThere(t, ['backup', from, '--data-dir', dataDir], join(from, name))
    const { code } = await emrys(t, ['restore', from, '--check'])
    const isBackup = existsSync(join(from, 'manifest.json'))
    assert.equal(code === 0, isBackup, `a backup killed at ${name}`)
    outcomes.push(`backup at ${name}: ${isBackup}`)
  }
  for (const [n, name] of ['restoring', 'emrys.db', 'key', 'key-check'].entries()) {
    const to = join(root, `r${n}`)
    await killedOnceThere(t, ['restore', whole, '--data-dir', to], join(to, name))
    const isWhole = !existsSync(join(to, 'restoring'))
    if (isWhole) assert.deepEqual(contentsOf(to), expected)
    else assert.match((await emrys(t, ['serve', '--data-dir', to])).err, /was cut off; empty/)
    outcomes.push(`restore at ${name}: ${isWhole}`)
  }
  t.diagnostic(outcomes.join(', '))
  assert.ok(
    outcomes.some((each) => each.endsWith('false')),
    'nothing was cut off',
  )
  assert.equal((await emrys(t, ['store', 'check', '--data-dir', dataDir])).code, 0)
})

async function killedOnceThere(
  t: TestContext,
  args: readonly string[],
  file: string,
): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'ignore' })
  cleanUp(t, () => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  while (!existsSync(file) && child.exitCode === null) await delay(1)
  child.kill('SIGKILL')
  await exited
}

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'

test(
  'rows of an instance on this machine are in a backup of its engine at rest, which a running one refuses',
  { skip },
  async (t) => {
    const dataDir = localDataDirectory(t)
    const from = join(temporaryDirectory(t), 'b')
    const to = join(localDataDirectory(t), 'in')
    const local = ['--substrate-starrocks', 'local', '--local-keep-running', 'false', ...IMMEDIATE]
    const server = await emrysServe(t, dataDir, local)
    const { id } = await createInstance(Number(new URL(server.url).port))
    const password = { EMRYS_PASSWORD: ADMIN_PASSWORD }
    const ask = (url: string, sql: string) =>
      emrys(t, ['connect', id, '--url', url, '-e', sql], password)
    const made = await ask(
      server.url,
      'create database shop; create table shop.o (id int, name varchar(20)) duplicate key(id) distributed by hash(id); insert into shop.o values (1, "a"), (2, null)',
    )
    assert.equal(made.code, 0, made.err)
    const running = await emrys(t, ['backup', from, '--url', server.url, '--engines'])
    assert.match(running.err, new RegExp(`the engines of ${id} are running`))
    const without = await emrys(t, ['backup', `${from}-without`, '--url', server.url])
    assert.match(without.out, new RegExp(`without the data of the engines of ${id}`))
    await ended(server)
    const resting = await emrys(t, ['backup', from, '--data-dir', dataDir, '--engines'])
    assert.equal(resting.code, 0, resting.err)
    assert.match(resting.out, new RegExp(`with the data of ${id}`))
    assert.equal((await emrys(t, ['restore', from, '--data-dir', to])).code, 0)
    const again = await emrysServe(t, to, local)
    for (let tries = 0; ; tries++) {
      const { code, out, err } = await ask(again.url, 'select * from shop.o order by id')
      if (code === 0) {
        assert.equal(out, 'id\tname\n1\ta\n2\t\\N\n')
        break
      }
      assert.ok(tries < 30, err)
      await delay(500)
    }
    assert.equal(statSync(join(to, 'local', id, 'instance.json')).mode & 0o777, 0o600)
    assert.deepEqual(readFileSync(join(to, 'key')), readFileSync(join(dataDir, 'key')))
    await ended(again)
  },
)
