import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  connect,
  identity,
  testClient,
  testDirectory,
  testEngine,
} from '../../support/open-engine.ts'

const keeping = {
  identity: {
    ...identity,
    settings: { frontend: { drop_backend_after_decommission: 'false' } },
  },
}

const COLUMNS = ['IP', 'HeartbeatPort', 'SystemDecommissioned']

type Client = Awaited<ReturnType<typeof connect>>

async function picked(client: Client, what: string, names: readonly string[]) {
  const { columns, rows } = await client.run(`SHOW ${what}`)
  return rows.map((row) => names.map((name) => String(row[columns.indexOf(name)])))
}

async function tabletsOf(client: Client, what: string): Promise<Record<string, number>> {
  const rows = await picked(client, what, ['IP', 'TabletNum'])
  return Object.fromEntries(rows.map(([host, count]) => [host, Number(count)]))
}

test('a back end is added, decommissioned and dropped, and what is kept counts to those that stay', async (t) => {
  const { client } = await testClient(t, keeping)
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  await client.run('ALTER SYSTEM ADD BACKEND "b-1:9050", "b-2:9050"')
  assert.deepEqual(await picked(client, 'BACKENDS', COLUMNS), [
    ['127.0.0.1', '9050', 'false'],
    ['b-1', '9050', 'false'],
    ['b-2', '9050', 'false'],
  ])
  await client.run('ALTER SYSTEM DECOMMISSION BACKEND "b-2:9050"')
  assert.deepEqual((await picked(client, 'BACKENDS', COLUMNS)).at(-1), ['b-2', '9050', 'true'])
  assert.deepEqual(await tabletsOf(client, 'BACKENDS'), { '127.0.0.1': 1, 'b-1': 0, 'b-2': 0 })
  await client.run('CANCEL DECOMMISSION BACKEND "b-2:9050"')
  assert.deepEqual((await picked(client, 'BACKENDS', COLUMNS)).at(-1), ['b-2', '9050', 'false'])
  await client.run('ALTER SYSTEM DECOMMISSION BACKENDS "b-1:9050", "b-2:9050"')
  await client.run('ALTER SYSTEM DROP BACKEND "b-1:9050", "b-2:9050" FORCE')
  assert.deepEqual(await picked(client, 'BACKENDS', COLUMNS), [['127.0.0.1', '9050', 'false']])
})

test('one that is decommissioned goes by itself, unless the configuration keeps it', async (t) => {
  const { client } = await testClient(t)
  await client.run('ALTER SYSTEM ADD BACKEND "b-1:9050"')
  await client.run('ALTER SYSTEM DECOMMISSION BACKEND "b-1:9050"')
  assert.deepEqual(await picked(client, 'BACKENDS', ['IP']), [['127.0.0.1']])
})

test('a table needs as many back ends as it has replicas', async (t) => {
  const { client } = await testClient(t, keeping)
  await client.run('ALTER SYSTEM ADD BACKEND "b-1:9050", "b-2:9050"')
  await client.run(
    'CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k) PROPERTIES ("replication_num" = "3")',
  )
  const message =
    /^It will cause insufficient BE number if these BEs are decommissioned because the table d\.t requires 3 replicas\.$/
  assert.match(
    (await client.refusal('ALTER SYSTEM DECOMMISSION BACKEND "b-2:9050"')).message,
    message,
  )
  assert.match((await client.refusal('ALTER SYSTEM DROP BACKEND "b-2:9050"')).message, /requires 3/)
  assert.equal((await picked(client, 'BACKENDS', ['IP'])).length, 3)
  await client.run('ALTER SYSTEM ADD BACKEND "b-3:9050"')
  await client.run('ALTER SYSTEM DECOMMISSION BACKEND "b-2:9050"')
  assert.match(
    (await client.refusal('ALTER SYSTEM DECOMMISSION BACKEND "b-1:9050"')).message,
    message,
  )
})

test('front ends and compute nodes are added and dropped; the leader stays', async (t) => {
  const { client } = await testClient(t)
  await client.run('ALTER SYSTEM ADD FOLLOWER "f-2:9010"')
  await client.run('ALTER SYSTEM ADD OBSERVER "o-1:9010"')
  await client.run('ALTER SYSTEM ADD COMPUTE NODE "c-1:9050"')
  const frontends = () => picked(client, 'FRONTENDS', ['IP', 'EditLogPort', 'Role'])
  assert.deepEqual((await frontends()).slice(-2), [
    ['f-2', '9010', 'FOLLOWER'],
    ['o-1', '9010', 'OBSERVER'],
  ])
  assert.deepEqual(await picked(client, 'COMPUTE NODES', ['IP']), [['127.0.0.4'], ['c-1']])
  for (const [sql, message] of [
    ['ALTER SYSTEM ADD FOLLOWER "o-1:9010"', 'frontend already exists o-1:9010'],
    ['ALTER SYSTEM DROP FOLLOWER "o-1:9010"', 'FOLLOWER does not exist[o-1:9010]'],
    ['ALTER SYSTEM DROP OBSERVER "x:9010"', 'frontend does not exist[x:9010]'],
    ['ALTER SYSTEM DROP FOLLOWER "127.0.0.1:9010"', 'can not drop current master node.'],
    ['ALTER SYSTEM ADD COMPUTE NODE "c-1:9050"', 'Same compute node already exists[c-1:9050]'],
    ['ALTER SYSTEM DROP COMPUTE NODE "x:9050"', 'compute node does not exists[x:9050]'],
    ['ALTER SYSTEM DECOMMISSION BACKEND "x:9050"', 'Backend does not exist[x:9050]'],
  ] as const)
    assert.equal((await client.refusal(sql)).message, message)
  await client.run('ALTER SYSTEM DROP FOLLOWER "f-2:9010"')
  await client.run('ALTER SYSTEM DROP OBSERVER "o-1:9010"')
  await client.run('ALTER SYSTEM DROP COMPUTE NODE "c-1:9050"')
  assert.equal((await frontends()).length, 3)
})

test('what the control plane declares comes and goes with what it declares; nothing else is a place', async (t) => {
  const { client } = await testClient(t)
  for (const sql of [
    'ALTER SYSTEM DROP BACKEND "127.0.0.1:9050" FORCE',
    'ALTER SYSTEM DECOMMISSION BACKEND "127.0.0.1:9050"',
    'ALTER SYSTEM DROP FOLLOWER "127.0.0.2:9010"',
  ])
    assert.match((await client.refusal(sql)).message, /that the control plane declares/)
  for (const place of ['b-1', 'b-1:0', 'b-1:70000', 'a b:9050'])
    assert.match(
      (await client.refusal(`ALTER SYSTEM ADD BACKEND "${place}"`)).message,
      /Invalid host port/,
    )
})

test('nodes that were added are there after a restart', async (t) => {
  const directory = await testDirectory(t)
  const { engine, client } = await testClient(t, { ...keeping, directory })
  await client.run('ALTER SYSTEM ADD BACKEND "b-1:9050"')
  await client.run('ALTER SYSTEM DECOMMISSION BACKEND "b-1:9050"')
  await engine.close()
  const again = await connect(await testEngine(t, { ...keeping, directory }))
  assert.deepEqual((await picked(again, 'BACKENDS', COLUMNS)).at(-1), ['b-1', '9050', 'true'])
})
