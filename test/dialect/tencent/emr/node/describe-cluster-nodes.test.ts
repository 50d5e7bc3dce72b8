import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import {
  ask,
  create,
  machine,
  sampleCreateRequest,
  type Caller,
} from '../../../../support/http/tencent-client.ts'

interface Seen {
  readonly NameTag: string
  readonly Ip: string
  readonly OrderNo: string
  readonly EmrResourceId: string
  readonly ServicesStatus: string
}

async function nodes(
  caller: Caller,
  InstanceId: string,
  members: Record<string, unknown>,
): Promise<{ total: number; list: Seen[] }> {
  const request = { InstanceId, NodeFlag: 'all', ...members }
  const { response, code, message } = await ask(caller, 'DescribeClusterNodes', request)
  assert.equal(code, '', message)
  return { total: Number(response['TotalCnt']), list: response['NodeList'] as Seen[] }
}

const tags = (list: readonly Seen[]) => list.map((node) => node.NameTag)

test('nodes are selected by role, resource type and what is searched for', async (t) => {
  const cloud = await startCloud(t)
  const { ResourceSpec } = sampleCreateRequest()
  const id = await create(cloud, {
    Software: [...sampleCreateRequest().Software, 'hive'],
    ResourceSpec: { ...ResourceSpec, TaskResourceSpec: machine(4, 8), TaskCount: 1 },
  })
  await cloud.settle()
  const all = ['master.0', 'core.0', 'core.1', 'task.0']
  const select = async (members: Record<string, unknown>) =>
    tags((await nodes(cloud, id, members)).list)
  assert.deepEqual(await select({}), all)
  assert.deepEqual(await select({ NodeFlag: 'master' }), ['master.0'])
  assert.deepEqual(await select({ NodeFlag: 'core' }), ['core.0', 'core.1'])
  assert.deepEqual(await select({ NodeFlag: 'task' }), ['task.0'])
  assert.deepEqual(await select({ NodeFlag: 'common' }), [])
  assert.deepEqual(await select({ NodeFlag: 'router' }), [])
  assert.deepEqual(await select({ NodeFlag: 'db' }), ['db.0'])
  assert.deepEqual(await select({ NodeFlag: 'recyle' }), [])
  assert.deepEqual(await select({ NodeFlag: 'renew' }), [])
  assert.deepEqual(await select({ ExportDb: true }), [...all, 'db.0'])
  assert.deepEqual(await select({ HardwareResourceType: 'HOST' }), all)
  assert.deepEqual(await select({ HardwareResourceType: 'pod' }), [])
  const [, core] = (await nodes(cloud, id, {})).list
  for (const [SearchType, SearchValue] of [
    ['ipv4', core!.Ip],
    ['resourceId', core!.EmrResourceId],
    ['instanceId', core!.OrderNo],
  ]) {
    assert.deepEqual(await select({ SearchFields: [{ SearchType, SearchValue }] }), ['core.0'])
  }
})

test('nodes are paged by row or by page, and all come without a page', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, {
    ResourceSpec: { ...sampleCreateRequest().ResourceSpec, CoreCount: 9 },
  })
  const everything = (await nodes(cloud, id, { Offset: 0, Limit: 0 })).list
  assert.equal(everything.length, 10)
  const read = async (offsets: readonly number[]) => {
    const pages = []
    for (const Offset of offsets) pages.push(await nodes(cloud, id, { Offset, Limit: 4 }))
    for (const page of pages) assert.equal(page.total, 10)
    return pages.flatMap((page) => tags(page.list))
  }
  assert.deepEqual(await read([0, 4, 8]), tags(everything))
  assert.deepEqual(await read([0, 1, 2]), tags(everything))
})

test('services are stopped as long as a node is not ready, and started then', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'time', seconds: 60 } } },
  })
  const id = await create(cloud)
  const [before] = (await nodes(cloud, id, { NodeFlag: 'core' })).list
  assert.match(before!.ServicesStatus, /DataNode:STOPED/)
  await cloud.settle()
  const [after] = (await nodes(cloud, id, { NodeFlag: 'core' })).list
  assert.match(after!.ServicesStatus, /DataNode:STARTED/)
  assert.match(after!.Ip, /^10\./)
})

test("nodes of a cluster that is not the caller's, or elsewhere, are not found", async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  const request = { InstanceId: id, NodeFlag: 'all' }
  const elsewhere = { port: cloud.port, region: 'ap-shanghai' }
  assert.equal(
    (await ask(elsewhere, 'DescribeClusterNodes', request)).code,
    'ResourceNotFound.InstanceNotFound',
  )
  const unknown = { InstanceId: 'emr-zzzzzzzz', NodeFlag: 'all' }
  assert.equal(
    (await ask(cloud, 'DescribeClusterNodes', unknown)).code,
    'ResourceNotFound.InstanceNotFound',
  )
})

test("the size of a disk is the first one's, and disks that are alike are one line, as the Terraform provider reads them", async (t) => {
  const cloud = await startCloud(t)
  const { ResourceSpec } = sampleCreateRequest()
  const more = (Volume: number, Count: number) => ({
    MultiDisks: [{ DiskType: 'CLOUD_PREMIUM', Volume, Count }],
  })
  const id = await create(cloud, {
    ResourceSpec: {
      ...ResourceSpec,
      MasterResourceSpec: { ...ResourceSpec.MasterResourceSpec, ...more(200, 1) },
      CoreResourceSpec: { ...ResourceSpec.CoreResourceSpec, ...more(100, 2) },
    },
  })
  const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId: id, NodeFlag: 'all' })
  const list = response['NodeList'] as Record<string, unknown>[]
  const [master, core] = list.map(({ DiskSize, HwDiskSizeDesc, MCMultiDisk }) => ({
    sizes: [DiskSize, HwDiskSizeDesc],
    disks: (MCMultiDisk as { Count: number; Size: string }[]).map((it) => [it.Count, it.Size]),
  }))
  assert.deepEqual(master, {
    sizes: ['100.00 GB', '300.00 GB'],
    disks: [
      [1, '100 GB'],
      [1, '200 GB'],
    ],
  })
  assert.deepEqual(core, { sizes: ['100.00 GB', '300.00 GB'], disks: [[3, '100 GB']] })
})
