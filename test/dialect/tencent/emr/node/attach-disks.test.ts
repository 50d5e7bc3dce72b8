import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { money } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withType } from '../../../../support/fixture/tencent-breach.ts'

const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
const DISK = { Count: 2, DiskType: 'CLOUD_HSSD', DefaultDiskSize: 300 }

async function start(t: TestContext, created: object = {}, text?: string) {
  // Nothing is done before time passes.
  const more = { progressions: { default: { mode: 'time', seconds: 60 } } } as const
  const cloud = await environmentCloud(t, text === undefined ? { more } : { more, text })
  const InstanceId = await create(cloud, { ...created })
  await cloud.settle()
  const nodes = async () => {
    const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId, NodeFlag: 'core' })
    return response['NodeList'] as Record<string, unknown>[]
  }
  const [node] = await nodes()
  const CvmInstanceIds = [String(node?.['OrderNo'])]
  const asking = { port: cloud.port, language: 'en-US' as const }
  return {
    cloud,
    InstanceId,
    nodes,
    attach: (members: object = {}) =>
      ask(asking, 'AttachDisks', {
        InstanceId,
        CvmInstanceIds,
        CreateDisk: true,
        DiskSpec: DISK,
        ...members,
      }),
    async disks() {
      const { response } = await ask(cloud, 'DescribeNodeDataDisks', { InstanceId, CvmInstanceIds })
      return response['CBSList'] as Record<string, unknown>[]
    },
    ...money(cloud),
  }
}

test('a node has more disks behind its own, whose ids stay, and costs more', async (t) => {
  const { cloud, InstanceId, nodes, attach, disks, orders } = await start(t)
  const before = await disks()
  const { response, message } = await attach()
  assert.equal(message, '')
  const FlowParam = { FKey: 'FlowId', FValue: String(response['FlowId']) }
  const follow = async () =>
    (
      await ask({ port: cloud.port, language: 'en-US' }, 'DescribeClusterFlowStatusDetail', {
        InstanceId,
        FlowParam,
      })
    ).response
  assert.equal((await follow())['FlowTotalStatus'], 1)
  await cloud.settle()
  const done = await follow()
  assert.deepEqual([done['FlowTotalStatus'], done['FlowName']], [2, 'Attach Disk Core'])
  const after = await disks()
  assert.deepEqual(after.slice(0, before.length), before)
  assert.deepEqual(
    after.slice(before.length).map(({ DiskType, DiskSize }) => [DiskType, DiskSize]),
    [
      ['CLOUD_HSSD', 300],
      ['CLOUD_HSSD', 300],
    ],
  )
  const lines = (await nodes()).map((node) => (node['MCMultiDisk'] as unknown[]).length)
  assert.deepEqual(lines, [2, 1])
  const [change, bought] = await orders(InstanceId)
  assert.ok(Number(change?.listPrice) > Number(bought?.listPrice))
})

test('what cannot be attached is refused by name, and nothing changes', async (t) => {
  const { cloud, InstanceId, attach } = await start(t)
  const look = () => cloud.store.read((tx) => tx.findById('cluster', InstanceId))
  const before = await look()
  const spec = (members: object) => ({ DiskSpec: { ...DISK, ...members } })
  const UNSUPPORTED = 'UnsupportedOperation'
  const refusals: readonly (readonly [object, string, string])[] = [
    [{ DiskIds: ['disk-1'] }, 'InvalidParameterValue', 'DiskIds.0'],
    [{ CreateDisk: false }, 'MissingParameter', 'DiskIds'],
    [{ CvmInstanceIds: undefined }, 'MissingParameter', 'CvmInstanceIds'],
    [{ DiskSpec: undefined }, 'MissingParameter', 'DiskSpec'],
    [spec({ DiskType: '' }), 'MissingParameter', 'DiskSpec.DiskType'],
    [spec({ DefaultDiskSize: undefined }), 'MissingParameter', 'DiskSpec.DefaultDiskSize'],
    [spec({ Name: 'mine' }), UNSUPPORTED, 'DiskSpec.Name'],
    [spec({ Count: 0 }), 'InvalidParameter.InvalidDiskNum', 'DiskSpec.Count'],
    [spec({ Count: 15 }), 'InvalidParameter.InvalidDiskNum', 'DiskSpec.Count'],
    [spec({ DefaultDiskSize: 5 }), 'InvalidParameter.InvalidDiskSize', 'DiskSpec.DefaultDiskSize'],
    [spec({ DiskType: 'FLOPPY' }), 'InvalidParameterValue', 'DiskSpec.DiskType'],
    [spec({ DiskType: 'LOCAL_SSD' }), 'ResourceInsufficient.DiskInsufficient', 'DiskSpec.DiskType'],
    [
      { CvmInstanceIds: ['ins-00000000'] },
      'ResourceNotFound.CvmInstanceNotFound',
      'CvmInstanceIds.0',
    ],
    [{ DeleteWithInstance: false }, UNSUPPORTED, 'DeleteWithInstance'],
    [{ SelectiveConfServices: ['HDFS'] }, UNSUPPORTED, 'SelectiveConfServices'],
    [{ ChargeType: 3 }, UNSUPPORTED, 'ChargeType'],
    [{ ChargeType: 1 }, UNSUPPORTED, 'ChargeType'],
    [{ UnderWriteDuration: 12 }, UNSUPPORTED, 'UnderWriteDuration'],
    [{ AlignType: 'ALIGN_DEADLINE' }, UNSUPPORTED, 'AlignType'],
    [{ InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ]
  for (const [members, code, name] of refusals) {
    const answer = await attach(members)
    assert.equal(answer.code, code, JSON.stringify(members))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
  assert.deepEqual(await look(), before)
  assert.equal((await attach()).code, '')
  assert.equal((await attach()).code, 'ResourceInUse.InstanceInProcess')
})

test('the disks of a subscription end with it; those of a machine with its own are not exchanged', async (t) => {
  const { cloud, attach, disks } = await start(t, MONTHLY)
  assert.equal((await attach({ AlignType: 'AUTO_RENEW' })).code, 'UnsupportedOperation')
  assert.equal((await attach({ AlignType: 'ALIGN_DEADLINE', ChargeType: 1 })).code, '')
  await cloud.settle()
  const ends = new Set((await disks()).map(({ DeadlineTime }) => DeadlineTime))
  assert.equal(ends.size, 1)
  const local = await start(t, withType('I2.2XLARGE32'))
  assert.equal((await local.attach()).code, 'UnsupportedOperation')
  assert.deepEqual(await local.disks(), [])
})

test('disks are taken from stock and quota, and paid for', async (t) => {
  const text =
    'tencent:\n  quotas: [{ of: storage, amount: 900 }]\n  stock: [{ of: disk, type: CLOUD_HSSD, amount: 1 }]\n'
  const { attach, put } = await start(t, MONTHLY, text)
  const one = { ...DISK, Count: 1 }
  assert.equal((await attach()).code, 'ResourceInsufficient.DiskInsufficient')
  const large = { ...one, DefaultDiskSize: 600 }
  assert.equal((await attach({ DiskSpec: large })).code, 'InternalError.CheckQuotaErr')
  await put('funds/100000000001', { credit: '0' })
  assert.equal((await attach({ DiskSpec: one })).code, 'FailedOperation')
})
