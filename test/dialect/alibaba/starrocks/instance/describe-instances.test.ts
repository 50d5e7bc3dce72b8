import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'

test('an instance is found by each of its own properties and by no other', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', {
    body: createBody({ InstanceName: 'orders', Tags: [{ Key: 'team', Value: 'a' }] }),
  })
  await cloud.settle()
  const InstanceId = created.body.Data.InstanceId as string
  const total = async (query: Record<string, string>) =>
    (await call('DescribeInstances', { query })).body.Total as number
  const found: readonly Record<string, string>[] = [
    {},
    { InstanceId },
    { InstanceName: 'rder' },
    { InstanceStatus: 'creating,running' },
    { RegionId: 'cn-hangzhou' },
    { Tag: '[{"Key":"team","Value":"a"}]' },
    { Tag: '[{"Key":"team"}]' },
  ]
  const missed: readonly Record<string, string>[] = [
    { InstanceId: 'c-0000000000000000' },
    { InstanceName: 'invoices' },
    { InstanceStatus: 'deleting' },
    { RegionId: 'cn-beijing' },
    { Tag: '[{"Key":"team","Value":"b"}]' },
    { ResourceGroupId: 'rg-emrysother' },
  ]
  for (const query of found) assert.equal(await total(query), 1, JSON.stringify(query))
  for (const query of missed) assert.equal(await total(query), 0, JSON.stringify(query))
})

test('a released instance is shown while it goes, and then no more', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'manual', every: 2 } } },
  })
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody() })
  const query = { InstanceId: created.body.Data.InstanceId as string }
  const status = async () =>
    (await call('DescribeInstances', { query })).body.Data[0]?.InstanceStatus as string | undefined
  await cloud.loop.drain()
  const seen = [await status(), await status(), await status()]
  assert.deepEqual([seen[0], seen.at(-1)], ['creating', 'running'])
  await call('ReleaseInstance', { query })
  assert.equal(await status(), 'deleting')
  await cloud.loop.drain()
  for (let look = 0; look < 4; look++) await status()
  assert.equal(await status(), undefined)
})

test('a status that is none, and a page that is too long, are refused by name', async (t) => {
  const call = alibabaClient((await startCloud(t)).port)
  assert.match(
    (await refusalOf(call('DescribeInstances', { query: { InstanceStatus: 'asleep' } }))).message,
    /Instance status/,
  )
  assert.equal(
    (await refusalOf(call('DescribeInstances', { query: { PageSize: '101' } }))).code,
    'InvalidParams',
  )
})
