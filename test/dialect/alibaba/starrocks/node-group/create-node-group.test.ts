import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Cluster } from '../../../../../src/domain/cluster/cluster.ts'
import { createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { temporaryDirectory } from '../../../../support/process/directory.ts'
import {
  startInstance,
  type AlibabaInstance,
} from '../../../../support/fixture/alibaba-instance.ts'

/** As the Terraform provider's acceptance test sends it. */
const asked = {
  payType: 'postPaid',
  pricingCycle: '1',
  nodeGroupName: 'tfacc1',
  description: 'test_desc',
  specType: 'standard',
  cu: 8,
  storageSize: 200,
  storagePerformanceLevel: 'pl1',
  diskNumber: 1,
  residentNodeNumber: 2,
  localStorageInstanceType: 'non_local_storage',
  promotionOptionNo: 'blank',
}

const create = ({ call, id }: AlibabaInstance, more: Readonly<Record<string, unknown>> = {}) =>
  call('CreateNodeGroup', {
    query: { RegionId: 'cn-hangzhou' },
    body: { ...asked, instanceId: id, ...more },
  })

const cusOf = ({ reservations = [] }: Cluster) =>
  reservations
    .filter(({ measure }) => measure === 'machine')
    .reduce((sum, { amount }) => sum + amount, 0)

test('a group is made, is shown as it was asked for, and runs with nodes of its own', async (t) => {
  const it = await startInstance(t)
  const before = await it.document()
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  const { body } = await create(it)
  const { NodeGroupId, OrderId } = body.Data
  assert.match(NodeGroupId, /^ng-[0-9a-f]{16}$/)
  assert.equal(OrderId, 0)
  const made = (await it.groups()).find((group) => group.NodeGroupId === NodeGroupId)
  const { nodeGroupName, payType: PayType, description: Description, cu: Cu } = asked
  const expected = {
    NodeGroupName: nodeGroupName,
    PayType,
    Description,
    Cu,
    StorageSize: 200,
    StoragePerformanceLevel: 'pl1',
    DiskNumber: 1,
    ResidentNodeNumber: 2,
    SpecType: 'standard',
    LocalStorageInstanceType: 'non_local_storage',
    ComponentType: 'CN',
    DefaultGroup: false,
    BillingInstanceId: NodeGroupId,
    InstanceId: it.id,
    ZoneId: 'cn-hangzhou-i',
  }
  const shown = Object.fromEntries(Object.keys(expected).map((name) => [name, made[name]]))
  assert.deepEqual(shown, expected)
  const statuses = (await it.groups()).map(({ Status }) => Status)
  assert.deepEqual(statuses, ['RUNNING', 'RUNNING', 'CREATING'])
  assert.equal((await it.describe()).InstanceStatus, 'updating')
  const [running] = await it.history()
  assert.deepEqual(
    [running.OperationType, running.OperationStatus],
    ['create_node_group', 'RUNNING'],
  )
  assert.equal(
    (await refusalOf(create(it, { nodeGroupName: 'another' }))).code.split('.')[0],
    'OperationDenied',
  )

  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.equal((await it.groups())[2].Status, 'RUNNING')
  const [done] = await it.history()
  assert.deepEqual([done.OperationType, done.OperationStatus], ['create_node_group', 'COMPLETED'])
  const now = await it.document()
  const group = now.spec.groups[2]!
  const seen = await it.cloud.substrates.get('simulation')!.observe(it.id)
  assert.deepEqual(
    seen.groups.find(({ id }) => id === NodeGroupId)?.nodes.map(({ phase }) => phase),
    ['serving', 'serving'],
  )
  assert.ok(group.nodes.every(({ address }) => address !== undefined))
  assert.equal(cusOf(now), cusOf(before) + 16)
  // Nobody else was touched.
  assert.deepEqual(now.spec.groups.slice(0, 2), before.spec.groups)
})

test('a group may be without nodes, and what is left out is decided', async (t) => {
  const it = await startInstance(t)
  const first = await it.call('CreateNodeGroup', {
    body: { instanceId: it.id, residentNodeNumber: 0 },
  })
  await it.cloud.settle()
  await it.call('CreateNodeGroup', { body: { instanceId: it.id } })
  await it.cloud.settle()
  const [, , none, some] = await it.groups()
  assert.equal(none.NodeGroupId, first.body.Data.NodeGroupId)
  assert.deepEqual(
    [none.NodeGroupName, none.ResidentNodeNumber, none.Status, none.Description],
    ['warehouse_2', 0, 'RUNNING', ''],
  )
  assert.equal(some.NodeGroupName, 'warehouse_3')
  assert.equal(some.NodeInfo.length, some.ResidentNodeNumber)
  assert.ok(some.ResidentNodeNumber > 0)
})

const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>, string, RegExp])[] = [
  [
    'a name that is taken',
    { nodeGroupName: 'default_warehouse' },
    'InvalidParams',
    /is used already/,
  ],
  ['CUs that are not sold', { cu: 9 }, 'InvalidParams', /Cu of be should be select from set/],
  [
    'too many nodes',
    { residentNodeNumber: 101 },
    'InvalidParams',
    /Number of be should be in range \[0, 100\]/,
  ],
  ['another kind of machine', { specType: 'localSSD' }, 'InvalidParams', /of be should be/],
  [
    'another way to pay',
    { payType: 'prePaid' },
    'UnsupportedOperation',
    /prePaid is not supported: a group is paid for as its instance/,
  ],
  ['no such instance', { instanceId: 'c-0' }, 'Instance.NotFound', /c-0/],
]
test('what an instance cannot have is refused, and nothing is changed or held', async (t) => {
  const it = await startInstance(t)
  const before = await it.document()
  for (const [what, more, code, says] of REFUSED) {
    const refused = await refusalOf(create(it, more))
    assert.equal(refused.code, code, what)
    assert.match(refused.message, says, what)
  }
  assert.deepEqual(await it.document(), before)
  assert.equal((await it.history()).length, 1)
})

test('instances that cannot have a further group say why', async (t) => {
  const [backend] = createBody().BackendNodeGroups
  const nothing = await startInstance(t, { body: { RunMode: 'shared_nothing' } })
  const refused = await refusalOf(create(nothing))
  assert.equal(refused.code, 'UnsupportedOperation')
  assert.match(refused.message, /the run mode is shared_nothing/)
  const one = { ...backend, residentNodeNumber: 1 }
  const trial = await startInstance(t, {
    body: {
      PackageType: 'trial',
      FrontendNodeGroups: [{ ...one, cu: 4 }],
      BackendNodeGroups: [one],
    },
  })
  assert.match((await refusalOf(create(trial))).message, /Can't modify resource config of trial/)
  const full = await startInstance(t, {
    body: {
      BackendNodeGroups: Array.from({ length: 10 }, (_, at) => ({
        ...one,
        nodeGroupName: `w${at}`,
      })),
    },
  })
  assert.match(
    (await refusalOf(create(full))).message,
    /Number of backend node groups should be in range/,
  )
})

test('of a subscription the rest of the term is paid for, and no term of its own is taken', async (t) => {
  const it = await startInstance(t, { body: { PayType: 'prePaid' } })
  for (const [member, value, says] of [
    ['duration', 1, /Duration is not supported/],
    ['pricingCycle', 'Month', /Pricing cycle is not supported/],
    ['autoRenew', true, /Auto renew true is not supported/],
  ] as const) {
    const term = { payType: 'prePaid', pricingCycle: '', [member]: value }
    const refused = await refusalOf(create(it, term))
    assert.equal(refused.code, 'UnsupportedOperation')
    assert.match(refused.message, says)
  }
  const { body } = await create(it, { payType: 'prePaid', pricingCycle: '' })
  await it.cloud.settle()
  const [order] = await it.orders()
  assert.equal(String(body.Data.OrderId), order!.id)
  assert.deepEqual(
    order!.items.map(({ name }) => name.split(' ')[0]),
    ['CN', 'CN'],
  )
  assert.ok(order!.items.every(({ amount }) => amount > 0))
  assert.equal((await it.groups())[2].PayType, 'prePaid')
})

const SHORT: readonly (readonly [string, RegExp])[] = [
  ['quotas: [{ of: machine, amount: 50 }]', /Quota of CUs is 50/],
  ['stock: [{ of: machine, zone: cn-hangzhou-i, amount: 50 }]', /2 CUs in stock, 16 are needed/],
]
for (const [declared, says] of SHORT)
  test(`${declared.split(':')[0]} that do not suffice refuse a group`, async (t) => {
    const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
    writeFileSync(environmentFile, `alibaba:\n  ${declared}\n`)
    const it = await startInstance(t, { cloud: { config: { environmentFile } } })
    const before = await it.document()
    assert.match((await refusalOf(create(it))).message, says)
    assert.deepEqual(await it.document(), before)
  })

test('a group that cannot be completed is gone again, with all that it held', async (t) => {
  let broken = false
  const it = await startInstance(t, {
    cloud: {
      wrap: {
        substrate: (substrate) => ({
          ...substrate,
          async observe(id) {
            const seen = await substrate.observe(id)
            if (!broken || seen.groups.length < 3) return seen
            const problem = {
              kind: 'refused',
              reason: 'no room',
              sinceMs: 0,
              persists: true,
            } as const
            const [first, ...others] = seen.groups
            return { ...seen, groups: [{ ...first!, problem }, ...others] }
          },
        }),
      },
    },
  })
  const before = await it.document()
  broken = true
  const { NodeGroupId } = (await create(it)).body.Data
  await it.cloud.settle()
  assert.deepEqual(
    (await it.groups()).map(({ Status }) => Status),
    ['RUNNING', 'RUNNING'],
  )
  const [failed] = await it.history()
  assert.deepEqual(
    [failed.OperationType, failed.OperationStatus],
    ['create_node_group', 'TERMINATED'],
  )
  assert.match(failed.OperationDetail, /no room/)
  const now = await it.document()
  assert.deepEqual(now.reservations, before.reservations)
  assert.deepEqual(now.charge, before.charge)
  assert.ok(
    !JSON.stringify(await it.cloud.substrates.get('simulation')!.observe(it.id)).includes(
      NodeGroupId,
    ),
  )
})
