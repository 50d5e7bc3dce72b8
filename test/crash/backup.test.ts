/**
 * `kill -9` of the server and of the engine at moments all over the time that a backup and a restore take. Whatever was cut off, a
 * backup is whole or not there, every copy has its backup, and what is restored is what one moment was. 4 rounds, or 40 with
 * `npm run test:long`; CRASH_KILLS says otherwise.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { askAdmin } from '../support/http/admin.ts'
import { instanceBody } from '../support/http/body.ts'
import { client, type Client } from '../support/http/client.ts'
import { startChildServer } from '../support/process/child-server.ts'
import {
  ADMIN_PASSWORD,
  directoriesOf,
  enginesOf,
  kill,
  localDataDirectory,
} from '../support/engine/local-instances.ts'

const KILLS = Number(process.env['CRASH_KILLS'] ?? (process.env['EMRYS_LONG'] === '1' ? 40 : 4))
const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const DAY_MS = 86_400_000
/** As long as a backup of this size takes, and a restore, on a busy machine. */
const SPAN_MS = 2_500
const LOOKS_MAX = 1_800

// oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member, as scripts do
type View = any

test(
  `killed ${KILLS} times while it is backed up and restored, nothing is there by half`,
  { skip },
  async (t) => {
    const dataDir = localDataDirectory(t)
    const id = await begin(t, dataDir)
    for (let round = 0; round < KILLS; round++) {
      const server = await startChildServer(t, dataDir, 'immediate', 'local')
      const api = clientFor(t, server.port)
      await settled(api)
      await write(api, id)
      const [newest] = await backupsOf(api, { Statuses: 'COMPLETED' })
      const restoring = newest ? [restore(api, newest.BackupTaskId)] : []
      const work = Promise.allSettled([moveADay(server.port), ...restoring])
      // All over the span, also when there are few rounds.
      await delay(((round + 0.5) / KILLS) * SPAN_MS)
      if (round % 2 === 0) for (const { pid } of enginesOf(dataDir)) kill(pid)
      await server.kill()
      await work
    }
    const server = await startChildServer(t, dataDir, 'immediate', 'local')
    const api = clientFor(t, server.port)
    await moveADay(server.port)
    const instances = await settled(api)
    const all = await backupsOf(api)
    const whole = all.filter(({ Status }) => Status === 'COMPLETED')
    assert.ok(whole.length > 0, JSON.stringify(all))
    areWhole(
      dataDir,
      whole.map(({ BackupTaskId }) => BackupTaskId),
    )
    const restored = instances.filter(({ InstanceId }) => InstanceId !== id)
    const running = restored.filter(({ InstanceStatus }) => InstanceStatus === 'running')
    for (const { InstanceId } of running) await isOneMoment(api, InstanceId)
    t.diagnostic(
      `${whole.length} of ${all.length} backups are whole, ${running.length} of ${restored.length} restored instances run`,
    )
    for (const { InstanceId } of instances) await send(api, 'cluster/release', { InstanceId })
    await nothingIsLeft(server.port, dataDir)
    await server.kill()
  },
)

/** An instance with a policy and a table, whose server is gone. */
async function begin(t: TestContext, dataDir: string): Promise<string> {
  const server = await startChildServer(t, dataDir, 'immediate', 'local')
  const api = clientFor(t, server.port)
  const body = { ...instanceBody('old'), RunMode: 'shared_nothing' }
  const created = await api.alibaba('/webapi/cluster/createV1', { body })
  const { InstanceId } = created.body['Data'] as { InstanceId: string }
  await settled(api)
  const policy = { InstanceId, RecurrenceType: 'DAILY', Hour: 1, Minute: 0, ExpireDays: 365 }
  const added = await api.alibaba('/webapi/backupRestore/policy/add', {
    body: { ...policy, TimeoutSeconds: 3600 },
  })
  assert.equal(added.status, 200, JSON.stringify(added.body))
  const connection = await connectTo(api, InstanceId)
  await connection.query('create database d')
  for (const name of ['a', 'b'])
    await connection.query(
      `create table d.${name} (n bigint, s varchar(100)) duplicate key(n) distributed by hash(n)`,
    )
  await connection.end()
  await server.kill()
  return InstanceId
}

function clientFor(t: TestContext, port: number): Client {
  const api = client(port)
  t.after(() => api.close())
  return api
}

async function send(api: Client, path: string, query: Record<string, string>): Promise<View> {
  const full = { RegionId: 'cn-hangzhou', ...query }
  return (await api.alibaba(`/webapi/${path}`, { query: full })).body['Data']
}

function backupsOf(api: Client, query: Record<string, string> = {}): Promise<readonly View[]> {
  return send(api, 'backup/manage/describe', { PageSize: '100', ...query })
}

async function moveADay(port: number): Promise<void> {
  await askAdmin(port, 'clock', { method: 'POST', body: { advanceMs: DAY_MS } })
}

async function restore(api: Client, BackupTaskId: string): Promise<void> {
  const body = { BackupTaskId, AdminPassword: ADMIN_PASSWORD, InstanceName: 'restored' }
  await api.alibaba('/webapi/restore/restoreInstance', { body })
}

/** Waits until every instance runs or has failed, and no backup is being taken or deleted. */
async function settled(api: Client): Promise<readonly View[]> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const instances: readonly View[] = await send(api, 'starrocks/describeInstances', {})
    const ended = ['running', 'creating_failed']
    const open = await backupsOf(api, { Statuses: 'RUNNING,DELETING' })
    if (open.length === 0 && instances.every((each) => ended.includes(each.InstanceStatus)))
      return instances
    await delay(50)
  }
  throw new Error('not settled')
}

/** An engine that was killed is started again within seconds. */
async function connectTo(api: Client, id: string) {
  const groups: readonly View[] = await send(api, 'nodegroup/describeNodeGroups', { ClusterId: id })
  const { Endpoint: host } = groups.find(({ ComponentType }) => ComponentType === 'FE')
  const login = { host, port: 9030, user: 'admin', password: ADMIN_PASSWORD }
  for (let look = 0; look < LOOKS_MAX; look++) {
    try {
      return await createConnection(login)
    } catch {
      await delay(50)
    }
  }
  throw new Error(`${id} takes no connection`)
}

/** The same rows in two tables, in one statement after the other. */
async function write(api: Client, id: string): Promise<void> {
  const connection = await connectTo(api, id)
  for (const name of ['a', 'b'])
    await connection.query(
      `insert into d.${name} select g.generate_series, repeat('x', 90) from table(generate_series(1, 20000)) g`,
    )
  await connection.end()
}

async function isOneMoment(api: Client, id: string): Promise<void> {
  const connection = await connectTo(api, id)
  const counts: number[] = []
  for (const name of ['a', 'b']) {
    const [rows] = await connection.query<RowDataPacket[]>(
      `select count(*) as c, sum(length(s)) as l from d.${name}`,
    )
    const [row] = rows
    assert.ok(row)
    assert.equal(Number(row['l']), Number(row['c']) * 90)
    counts.push(Number(row['c']))
  }
  const [first = 0, second = 0] = counts
  assert.equal(first % 20_000, 0)
  assert.ok(first === second || first === second + 20_000, `${first} and ${second} rows`)
  await connection.end()
}

/** Each of these has its files as they were written, and there are no others, nor parts of any. */
function areWhole(dataDir: string, ids: readonly string[]): void {
  const root = join(dataDir, 'local', '.snapshots')
  const found = readdirSync(root).flatMap((cluster) =>
    readdirSync(join(root, cluster)).map((name) => [cluster, name] as const),
  )
  assert.deepEqual(found.map(([, name]) => name).toSorted(), [...ids].toSorted())
  for (const [cluster, name] of found) {
    const folder = join(root, cluster, name)
    const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
      files: readonly { path: string; sha256: string }[]
    }
    assert.deepEqual(readdirSync(folder).toSorted(), [
      ...files.map(({ path }) => path),
      'manifest.json',
    ])
    for (const { path, sha256 } of files) {
      const digest = createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex')
      assert.equal(digest, sha256, `${name}/${path}`)
    }
  }
  for (const id of directoriesOf(dataDir).filter((each) => !each.startsWith('.'))) {
    const made = join(dataDir, 'local', id, 'engine', 'snapshot')
    assert.deepEqual(existsSync(made) ? readdirSync(made) : [], [], `copies in ${id}`)
  }
}

async function nothingIsLeft(port: number, dataDir: string): Promise<void> {
  const left = () => [
    ...directoriesOf(dataDir).filter((each) => each !== '.snapshots'),
    ...readdirSync(join(dataDir, 'local', '.snapshots')),
    ...enginesOf(dataDir).map(({ pid }) => String(pid)),
  ]
  for (let look = 0; look < LOOKS_MAX && left().length > 0; look++) {
    await askAdmin(port, 'clock', { method: 'POST', body: { advanceMs: 10_000 } })
    await delay(50)
  }
  assert.deepEqual(left(), [])
}
