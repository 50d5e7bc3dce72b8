import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { diskIdOf } from '../../../../../src/dialect/tencent/emr/identifier.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import {
  ask,
  create,
  machine,
  sampleCreateRequest,
} from '../../../../support/http/tencent-client.ts'

interface Shown {
  readonly NameTag: string
  readonly OrderNo: string
  readonly EmrResourceId: string
  readonly HwDiskSizeDesc: string
  readonly MCMultiDisk: readonly { readonly Size: string; readonly Count: number }[]
}

async function start(t: TestContext, task: object = machine(4, 8)) {
  const cloud = await startCloud(t)
  const { ResourceSpec } = sampleCreateRequest()
  const core = { ...machine(4, 8), MultiDisks: [{ DiskType: 'CLOUD_SSD', Volume: 100, Count: 2 }] }
  const InstanceId = await create(cloud, {
    ResourceSpec: { ...ResourceSpec, CoreResourceSpec: core, TaskResourceSpec: task, TaskCount: 1 },
  })
  await cloud.settle()
  const nodes = async () => {
    const request = { InstanceId, NodeFlag: 'all' }
    const { response } = await ask(cloud, 'DescribeClusterNodes', request)
    return new Map((response['NodeList'] as Shown[]).map((node) => [node.NameTag, node]))
  }
  const known = await nodes()
  return {
    cloud,
    nodes,
    disk: (name: string, place: number) => diskIdOf(known.get(name)!.EmrResourceId, place),
    async resize(DiskSize: number, names: readonly string[], members: object = {}) {
      const CvmInstanceIds = names.map((name) => known.get(name)?.OrderNo ?? name)
      const request = { InstanceId, DiskSize, CvmInstanceIds, ...members }
      const answer = await ask(cloud, 'ResizeDataDisks', request)
      await cloud.settle()
      return answer
    },
  }
}

const sizes = (node: Shown | undefined) =>
  node?.MCMultiDisk.map(({ Count, Size }) => `${Count} x ${Size}`)

test('all disks of a node grow, or those that are named, and each node has its own', async (t) => {
  const { nodes, resize, disk } = await start(t)
  const first = await resize(200, ['core.0'], { ResizeAll: true })
  assert.ok(Number(first.response['FlowId']) > 0, first.message)
  assert.deepEqual(sizes((await nodes()).get('core.0')), ['1 x 200 GB', '2 x 200 GB'])
  assert.deepEqual(sizes((await nodes()).get('core.1')), ['1 x 100 GB', '2 x 100 GB'])
  const second = await resize(300, ['core.1'], { DiskIds: [disk('core.1', 1)] })
  assert.equal(second.code, '', second.message)
  const other = await resize(310, ['core.1'], { DiskIds: [disk('core.1', 2)] })
  assert.equal(other.code, '', other.message)
  assert.deepEqual(sizes((await nodes()).get('core.1')), ['1 x 100 GB', '1 x 300 GB', '1 x 310 GB'])
  assert.equal((await nodes()).get('core.1')?.HwDiskSizeDesc, '710.00 GB')
  const both = [disk('core.0', 0), disk('core.1', 0)]
  assert.equal((await resize(500, ['core.0', 'core.1'], { DiskIds: both })).code, '')
  assert.deepEqual(sizes((await nodes()).get('core.0')), ['1 x 500 GB', '2 x 200 GB'])
  // Without a word about which, all of them.
  assert.equal((await resize(600, ['core.0'])).code, '')
  assert.deepEqual(sizes((await nodes()).get('core.0')), ['1 x 600 GB', '2 x 600 GB'])
})

test('what cannot grow is refused by name', async (t) => {
  const local = { InstanceType: 'I2.2XLARGE32' }
  const { resize, disk } = await start(t, local)
  const SIZE = 'InvalidParameter.InvalidDiskSize'
  const VALUE = 'InvalidParameterValue'
  const lost = 'ResourceNotFound.CvmInstanceNotFound'
  for (const [size, names, members, code, name] of [
    [100, ['core.0'], {}, SIZE, 'DiskSize'],
    [90, ['core.0'], {}, SIZE, 'DiskSize'],
    [205, ['core.0'], {}, SIZE, 'DiskSize'],
    [1_000_000, ['core.0'], {}, SIZE, 'DiskSize'],
    [200, ['emr-vm-1'], {}, VALUE, 'CvmInstanceIds.0'],
    [200, ['core.0', 'ins-zzzzzzzz'], {}, lost, 'CvmInstanceIds.1'],
    [200, ['core.0'], { ResizeAll: false }, 'MissingParameter', 'DiskIds'],
    [200, ['core.0'], { ResizeAll: true, DiskIds: ['disk-1'] }, VALUE, 'DiskIds'],
    [200, ['core.0'], { DiskIds: [disk('core.1', 0)] }, VALUE, 'DiskIds.0'],
    [
      200,
      ['core.0', 'core.1'],
      { DiskIds: [disk('core.0', 0), disk('core.1', 1)] },
      'UnsupportedOperation',
      'DiskIds',
    ],
    [9000, ['task.0'], {}, 'UnsupportedOperation', 'CvmInstanceIds'],
  ] as const) {
    const answer = await resize(size, names, members)
    const what = `${size} ${names.join()} ${JSON.stringify(members)}: ${answer.message}`
    assert.equal(answer.code, code, what)
    assert.ok(answer.message.includes(`\`${name}\``), what)
  }
})
