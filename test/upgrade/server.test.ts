/** A whole server on the directory of an earlier version: its clients find what they left, and what was under way ends. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { canonicalJson } from '../../src/kernel/json.ts'
import { manualClock } from '../../src/kernel/clock.ts'
import { alibabaClient } from '../support/http/alibaba-client.ts'
import { instanceBody, hadoopBody } from '../support/http/body.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { ask } from '../support/http/tencent-client.ts'
import { earlierDirectory } from './earlier-directory.ts'

type Row = Readonly<Record<string, unknown>>

async function upgradedCloud(t: TestContext) {
  const { path, nowMs, userKey } = earlierDirectory(t, 'schema-0003')
  const { now, at, advance, ...rest } = manualClock(nowMs)
  // Signatures are judged by the machine's time.
  const clock = { ...rest, now, at, advance, aheadMs: 0, wall: () => Date.now() }
  return { cloud: await startCloud(t, { dataDir: path, clock }), userKey }
}

async function alibabaStates(cloud: Cloud, key = {}): Promise<Readonly<Record<string, unknown>>> {
  const query = { RegionId: 'cn-hangzhou', PageSize: '100' }
  const { body } = await alibabaClient(cloud.port, key)('DescribeInstances', { query })
  return Object.fromEntries(
    (body.Data as Row[]).map((each) => [each['InstanceName'], each['InstanceStatus']]),
  )
}

async function tencentStates(cloud: Cloud): Promise<Readonly<Record<string, unknown>>> {
  const request = { DisplayStrategy: 'clusterList', ProjectId: -1, Limit: 100 }
  const { response } = await ask(cloud, 'DescribeInstances', request)
  return Object.fromEntries(
    (response['ClusterList'] as Row[]).map((each) => [each['ClusterName'], each['Status']]),
  )
}

test('clusters are where they were, and those under way arrive', async (t) => {
  const { cloud } = await upgradedCloud(t)
  await cloud.settle()
  assert.deepEqual(await alibabaStates(cloud), {
    'a-suspended': 'disable',
    'a-running': 'running',
    'a-subscribed': 'running',
    'a-unpaid': 'unpaid',
    'a-failed': 'creating_failed',
    'a-creating': 'running',
  })
  const [running, failed, isolated] = [2, 301, 201]
  assert.deepEqual(await tencentStates(cloud), {
    't-isolated': isolated,
    't-running': running,
    't-subscribed': running,
    't-failed': failed,
    't-creating': running,
  })
  const { lost, failed: steps, swept } = cloud.loop.counts()
  assert.deepEqual([lost, steps, swept], [0, 0, 0])
})

test('a request that is sent again under its old token gets its old answer', async (t) => {
  const { cloud } = await upgradedCloud(t)
  await cloud.settle()
  const count = async () =>
    Object.keys(await alibabaStates(cloud)).length + Object.keys(await tencentStates(cloud)).length
  const before = await count()
  const instance = { ...instanceBody('a'), InstanceName: 'a-creating', ClientToken: 'token-c' }
  const again = await alibabaClient(cloud.port)('CreateInstanceV1', { body: instance })
  const named = { ...listing, nameIs: ['a-creating'] }
  const [first] = (await cloud.store.read((tx) => tx.list('cluster', named))).rows
  assert.equal(again.body.Data.InstanceId, first?.document.id)
  const other = { ...instance, InstanceName: 'another' }
  await assert.rejects(alibabaClient(cloud.port)('CreateInstanceV1', { body: other }))
  const changed = { ...hadoopBody('t-running', 'token-t'), InstanceName: 'another' }
  assert.notEqual((await ask(cloud, 'CreateInstance', changed)).code, '')
  assert.equal(await count(), before)
})

test('a user signs with the key and may do what was allowed', async (t) => {
  const { cloud, userKey } = await upgradedCloud(t)
  assert.ok('a-running' in (await alibabaStates(cloud, userKey)))
  const body = { ...instanceBody('mine') }
  await assert.rejects(alibabaClient(cloud.port, userKey)('CreateInstanceV1', { body }))
})

test('what clusters took is what is counted, also when they go, the encrypted one too', async (t) => {
  const { cloud } = await upgradedCloud(t)
  await assertBooks(cloud)
  await cloud.settle()
  await assertBooks(cloud)
  const { rows } = await cloud.store.read((tx) => tx.list('cluster', listing))
  const encrypted = rows.filter(({ document }) => document.spec.encryption !== undefined)
  assert.deepEqual(
    encrypted.map(({ document }) => document.name),
    ['a-running'],
  )
  for (const InstanceId of encrypted.map(({ document }) => document.id)) {
    const query = { RegionId: 'cn-hangzhou', InstanceId }
    await alibabaClient(cloud.port)('ReleaseInstance', { query })
  }
  await cloud.settle()
  assert.ok(!('a-running' in (await alibabaStates(cloud))))
  await assertBooks(cloud)
})

const listing = { account: undefined, order: 'id', limit: 100, offset: 0 } as const

async function assertBooks(cloud: Cloud): Promise<void> {
  const { rows } = await cloud.store.read((tx) => tx.list('cluster', listing))
  const sums = new Map<string, number>()
  const add = (owner: { account: string; region: string }, it: { amount: number }) => {
    const { amount, ...key } = { ...owner, ...it }
    const text = canonicalJson(key)
    sums.set(text, (sums.get(text) ?? 0) + amount)
  }
  for (const { document } of rows) {
    const { account, region, reservations = [] } = document
    for (const each of reservations) add({ account, region }, each)
  }
  assert.ok(sums.size > 4)
  for (const { amount, ...held } of await cloud.store.read((tx) =>
    tx.reservations(undefined, 100),
  )) {
    assert.equal(sums.get(canonicalJson(held)), amount, canonicalJson(held))
    sums.delete(canonicalJson(held))
  }
  assert.deepEqual([...sums], [])
}
