import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { pageOf } from '../../../../../src/dialect/tencent/emr/cluster/listing.ts'
import { startCloud, type Cloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

interface Listed {
  readonly TotalCnt: number
  readonly ids: readonly string[]
}

async function describe(
  cloud: Cloud,
  parameters: Record<string, unknown> = {},
  action = 'DescribeInstances',
): Promise<Listed> {
  const answer = await ask(cloud, action, { DisplayStrategy: 'clusterList', ...parameters })
  assert.equal(answer.code, '', answer.message)
  const list = answer.response['ClusterList'] ?? answer.response['InstancesList']
  const ids = (list as { ClusterId: string }[]).map((each) => each.ClusterId)
  return { TotalCnt: answer.response['TotalCnt'] as number, ids }
}

test('a walk by row offset or by page number sees every cluster that stays, once, and ends', async (t) => {
  const cloud = await startCloud(t)
  const steady: string[] = []
  for (let count = 0; count < 7; count++) steady.push(await create(cloud))
  await cloud.settle()
  const walks = fc.record({
    limit: fc.integer({ min: 5, max: 8 }),
    byRow: fc.boolean(),
    ascending: fc.boolean(),
    disturbance: fc.array(fc.constantFrom('create', 'terminate', 'none'), { maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(walks, async ({ limit, byRow, ascending, disturbance }) => {
      const passing: string[] = []
      const seen: string[] = []
      for (let page = 0; page < 20; page++) {
        const Offset = byRow ? page * limit : page
        const { ids } = await describe(cloud, { Offset, Limit: limit, Asc: ascending ? 1 : 0 })
        if (ids.length === 0) break
        seen.push(...ids)
        const event = disturbance[page]
        if (event === 'create') passing.push(await create(cloud))
        const leaving = event === 'terminate' ? passing.pop() : undefined
        await cloud.settle()
        if (leaving) await ask(cloud, 'TerminateInstance', { InstanceId: leaving })
        await cloud.settle()
      }
      assert.equal(new Set(seen).size, seen.length, 'a cluster was seen twice')
      for (const id of steady) assert.ok(seen.includes(id), `${id} was not seen`)
      for (const id of passing) await ask(cloud, 'TerminateInstance', { InstanceId: id })
      await cloud.settle()
    }),
    { numRuns: 15 },
  )
})

test('an offset below the limit counts pages, any other counts rows', () => {
  assert.deepEqual(pageOf(0, 10), { offset: 0, limit: 10 })
  assert.deepEqual(pageOf(2, 10), { offset: 20, limit: 10 })
  assert.deepEqual(pageOf(10, 10), { offset: 10, limit: 10 })
  assert.deepEqual(pageOf(35, 10), { offset: 35, limit: 10 })
})

test('listings are ordered by id, time or status code, both ways', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'time', seconds: 60 } } },
  })
  const running = await create(cloud)
  const terminating = await create(cloud)
  const prepaid = await create(cloud, { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 })
  await cloud.settle()
  const creating = await create(cloud)
  await ask(cloud, 'TerminateInstance', { InstanceId: terminating })
  await ask(cloud, 'TerminateInstance', { InstanceId: prepaid })
  const byAge = [running, terminating, prepaid, creating]
  const byCode = [running, creating, terminating, prepaid]
  for (const action of ['DescribeInstances', 'DescribeInstancesList']) {
    const ordered = async (OrderField: string, Asc: number) =>
      (await describe(cloud, { OrderField, Asc }, action)).ids
    assert.deepEqual(await ordered('addTime', 1), byAge)
    assert.deepEqual(await ordered('ADDTIME', 0), byAge.toReversed())
    assert.deepEqual(await ordered('status', 1), byCode)
    assert.deepEqual(await ordered('status', 0), byCode.toReversed())
    assert.deepEqual(await ordered('clusterid', 1), byAge.toSorted())
    assert.deepEqual((await describe(cloud, {}, action)).ids, byAge.toReversed())
    const settled = await describe(cloud, { DisplayStrategy: 'monitorManage', Asc: 1 }, action)
    assert.deepEqual(settled.ids, [running, terminating, prepaid])
  }
})

test('filters narrow a listing, alternatives within one and all of several', async (t) => {
  const cloud = await startCloud(t)
  const one = await create(cloud, { InstanceName: 'first-cluster' })
  const two = await create(cloud, { InstanceName: 'second-cluster' })
  await cloud.settle()
  const filtered = async (...Filters: { Name: string; Values: string[] }[]) =>
    (await describe(cloud, { Filters, Asc: 1 }, 'DescribeInstancesList')).ids
  assert.deepEqual(await filtered({ Name: 'ClusterId', Values: [one, two] }), [one, two])
  assert.deepEqual(await filtered({ Name: 'ClusterName', Values: ['second-cluster'] }), [two])
  assert.deepEqual(await filtered({ Name: 'ClusterStatus', Values: ['2'] }), [one, two])
  assert.deepEqual(await filtered({ Name: 'ClusterStatus', Values: ['3', '301'] }), [])
  assert.deepEqual(await filtered({ Name: 'ClusterStatus', Values: ['running'] }), [])
  const both = [
    { Name: 'ClusterId', Values: [one] },
    { Name: 'ClusterName', Values: ['second-cluster'] },
  ]
  assert.deepEqual(await filtered(...both), [])
  const containers = { ClusterType: 2 }
  assert.equal((await describe(cloud, containers, 'DescribeInstancesList')).TotalCnt, 0)
})

test('a listing keeps to a project and a region unless all of them are asked for', async (t) => {
  const cloud = await startCloud(t)
  const usual = await create(cloud)
  const project = await create(cloud, { Placement: { Zone: 'ap-guangzhou-3', ProjectId: 7 } })
  await cloud.settle()
  assert.deepEqual((await describe(cloud)).ids, [usual])
  assert.deepEqual((await describe(cloud, { ProjectId: 7 })).ids, [project])
  assert.equal((await describe(cloud, { ProjectId: -1 })).TotalCnt, 2)
  const elsewhere = { port: cloud.port, region: 'ap-shanghai' }
  const answer = await ask(elsewhere, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(answer.response['TotalCnt'], 0)
})

test('ids are asked for as documents print them, with line ends', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  assert.deepEqual((await describe(cloud, { InstanceIds: [`${id}\r\n`] })).ids, [id])
  assert.deepEqual(await describe(cloud, { InstanceIds: ['emr-00000000'] }), {
    TotalCnt: 0,
    ids: [],
  })
})
