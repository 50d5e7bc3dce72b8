/** What every change of a node group's resources is refused for, with every name that it has. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import {
  startInstance,
  type InstanceOptions,
  type Query,
} from '../../../../support/fixture/alibaba-instance.ts'
import { money } from '../../../../support/fixture/money.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { temporaryDirectory } from '../../../../support/process/directory.ts'

/** Each takes more of something. */
const MORE: readonly (readonly [string, Query])[] = [
  ['ModifyCu', { Target: 16 }],
  ['ModifyNodeNumber', { Target: 4 }],
  ['ModifyDiskNumber', { Target: 2 }],
  ['ModifyDiskSize', { Target: 600 }],
  ['ModifyDiskPerformanceLevel', { Target: 'pl2' }],
  ['ModifyDiskType', { TargetDiskType: 'essd', TargetPerformanceLevel: 'pl2' }],
  ['ModifySpecType', { TargetSpecType: 'ramEnhanced' }],
]
/** Faster disks are as many disks and GiB as slower ones: neither stock nor quota counts them apart. */
const SUPPLIED = MORE.filter(([action]) => !action.match(/Level|DiskType/))
const MONTHLY = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }

async function start(t: TestContext, options: InstanceOptions = {}) {
  const [backend] = createBody().BackendNodeGroups
  const body = { BackendNodeGroups: [{ ...backend, storageSize: 500 }], ...options.body }
  const it = await startInstance(t, { ...options, body })
  const before = await it.document()
  return {
    ...it,
    /** The code of each refusal with its sentence; nothing is begun. */
    async refused(changes: typeof MORE, more: Query, says: RegExp, component = 'CN') {
      for (const [action, query] of changes) {
        const { code, message } = await it.refusal(action, { ...query, ...more }, component)
        assert.match(`${code} ${message}`, says, action)
      }
      const { status: _then, ...was } = before
      const { status: _now, ...is } = await it.document()
      assert.deepEqual(is, was)
    },
  }
}

function declared(t: TestContext, text: string): InstanceOptions {
  const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
  writeFileSync(environmentFile, `alibaba:\n  ${text}\n`)
  return { cloud: { config: { environmentFile } } }
}

test('an instance or a group that is not there, and a group that is not changed by itself', async (t) => {
  const { refused } = await start(t, { body: { AgentNodeGroup: { cu: 1 } } })
  await refused(MORE, { InstanceId: 'c-0' }, /^Instance\.NotFound/)
  await refused(MORE, { NodeGroupId: 'ng-0' }, /^NodeGroup\.NotFound/)
  await refused(MORE, {}, /^UnsupportedOperation .*node group of agent is not supported/, 'AGENT')
})

test('a trial instance, in the words of the service', async (t) => {
  const body = { PackageType: 'trial', FrontendNodeGroups: [], BackendNodeGroups: [] }
  const { refused } = await start(t, { body })
  await refused(MORE, {}, /^InvalidParams .*Can't modify resource config of trial cluster/)
})

test('a coupon that is over, and one that nobody knows where all must be known', async (t) => {
  const { refused, cloud } = await start(t)
  await money(cloud).post('coupons', {
    code: 'old',
    percent: 10,
    validUntil: '2020-01-01T00:00:00Z',
  })
  await refused(
    MORE,
    { PromotionOptionNo: 'old' },
    /^InvalidParams .*old cannot be used: it expired/,
  )
  const around = { VpcId: 'vpc-cn-hangzhou', VSwitches: [], KmsKeyId: undefined }
  const closed = await start(t, {
    body: { ...around, ResourceGroupId: undefined },
    cloud: { config: { environmentMode: 'closed' } },
  })
  const says = /^InvalidParams .*promotion option nobody not exists/
  await closed.refused(MORE, { PromotionOptionNo: 'nobody' }, says)
})

test('a balance that does not suffice', async (t) => {
  const { refused, cloud, document } = await start(t, { body: MONTHLY })
  await money(cloud).put(`funds/${(await document()).account}`, { credit: '0.00' })
  await refused(MORE, {}, /^InvalidAccountStatus\.NotEnoughBalance/)
})

for (const [rule, what, says] of [
  ['stock', 'stock that is', /^InvalidParams .* in stock, \d+ are needed/],
  ['quotas', 'quotas that are', /^InvalidParams .*Quota of .* more are needed/],
] as const)
  test(`${what} used up`, async (t) => {
    const of = [
      ['machine', 48],
      ['disk', 6],
      ['storage', 1800],
    ].map(([measure, amount]) => `{ of: ${measure}, amount: ${amount} }`)
    const { refused } = await start(t, declared(t, `${rule}: [${of.join(', ')}]`))
    await refused(SUPPLIED, {}, says)
  })

test('another change under way', async (t) => {
  const it = await start(t)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('ModifyCu', { Target: 16 }, 'FE')
  for (const [action, query] of MORE) {
    const { code, message } = await it.refusal(action, query, 'CN')
    assert.match(`${code} ${message}`, /^OperationDenied\.InstanceStatus .* scaling_up/, action)
  }
})

test('an order of a subscription that is not to be paid is refused by its name', async (t) => {
  const { refused } = await start(t, { body: MONTHLY })
  await refused(MORE, { AutoPay: false }, /^UnsupportedOperation .*AutoPay false is not supported/)
})

test('where nothing is to be paid with the request AutoPay says nothing', async (t) => {
  const hourly = await start(t)
  await hourly.send('ModifyCu', { Target: 16, AutoPay: false }, 'CN')
  await hourly.cloud.settle()
  assert.equal((await hourly.group('CN')).Cu, 16)
  const monthly = await start(t, { body: MONTHLY })
  await monthly.send('ModifyNodeNumber', { Target: 2, AutoPay: false }, 'CN')
  await monthly.cloud.settle()
  assert.equal((await monthly.group('CN')).ResidentNodeNumber, 2)
})
