import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Core } from '../../../../../src/app/core.ts'
import { Fault } from '../../../../../src/domain/fault.ts'
import { total } from '../../../../../src/domain/order.ts'
import { manualClock } from '../../../../../src/kernel/clock.ts'
import { random } from '../../../../../src/kernel/random.ts'
import { reader } from '../../../../../src/shape/reader.ts'
import { alibaba } from '../../../../../src/dialect/alibaba/dialect.ts'
import { refusalOf } from '../../../../../src/dialect/alibaba/faults.ts'
import {
  createInstanceV1,
  type CreateInput,
} from '../../../../../src/dialect/alibaba/starrocks/instance/create-instance-v1.ts'
import {
  newClusterOf,
  readBlueprint,
} from '../../../../../src/dialect/alibaba/starrocks/instance/new-cluster.ts'
import {
  defaultResourceGroup,
  switchesOf,
} from '../../../../../src/dialect/alibaba/starrocks/instance/prerequisites.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { sampleEnvironment } from '../../../../support/fixture/environment.ts'
import { sampleCall } from '../../../../support/fixture/sample.ts'

const read = reader(createInstanceV1.input, alibaba().convention)
const clock = manualClock()
const core = { clock, random: random('new-cluster') } as unknown as Core
const call = sampleCall({ product: 'starrocks' })

function create(more: Record<string, unknown> = {}) {
  const { value, refusals } = read(createBody(more))
  assert.deepEqual(refusals, [])
  const input = value as CreateInput
  const subnets = switchesOf(sampleEnvironment(), input).map(({ VswId: id, ZoneId }) => ({
    id,
    zone: ZoneId ?? input.ZoneId,
  }))
  return newClusterOf(core, call, {
    order: readBlueprint(input),
    prerequisites: { subnets, uses: [], wrappedKey: undefined, catalog: undefined },
  })
}

function problems(more: Record<string, unknown>): string {
  const { value, refusals } = read(createBody(more))
  assert.deepEqual(refusals, [])
  try {
    readBlueprint(value as CreateInput)
  } catch (problem) {
    if (problem instanceof Fault) return refusalOf(problem).message
    throw problem
  }
  return ''
}

const group = { cu: 8, residentNodeNumber: 3 }
const prepaid = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 3 }
const nothing = { FrontendNodeGroups: null, BackendNodeGroups: null, ObserverNodeGroups: null }

test('a new cluster has fresh ids in the forms of the service', () => {
  const one = create()
  assert.match(one.cluster.id, /^c-[0-9a-f]{16}$/)
  assert.match(one.order.id, /^[1-9]\d{14}$/)
  assert.match(one.cluster.spec.network.securityGroups[0] ?? '', /^sg-[0-9a-z]{20}$/)
  for (const { id, role, nodes } of one.cluster.spec.groups) {
    assert.match(id, /^ng-[0-9a-f]{16}$/)
    nodes.forEach((node, at) => assert.match(node.id, new RegExp(`^${role}-[0-9a-f]{8}-${at}$`)))
  }
  assert.notEqual(create().cluster.id, one.cluster.id)
})

test('compute is BE without separate storage, CN with it', () => {
  const roles = (more: object) => create({ ...more }).cluster.spec.groups.map(({ role }) => role)
  assert.deepEqual(roles({ AgentNodeGroup: { cu: 1 } }), ['fe', 'cn', 'observer', 'agent'])
  assert.deepEqual(roles({ RunMode: 'shared_nothing', ObserverNodeGroups: [] }), ['fe', 'be'])
})

test('what is left out is decided by the catalogue', () => {
  const { groups } = create(nothing).cluster.spec
  assert.deepEqual(
    groups.map(({ name, cpu, memoryMib, machine, nodes }) => [
      name,
      cpu,
      memoryMib,
      machine,
      nodes.length,
    ]),
    [
      ['defaultFeNodeGroup', 8, 32 * 1024, 'standard', 3],
      ['default_warehouse', 8, 32 * 1024, 'standard', 3],
    ],
  )
  const trial = create({ ...nothing, PackageType: 'trial' }).cluster.spec.groups
  assert.deepEqual(
    trial.map(({ cpu }) => cpu),
    [4, 8],
  )
})

test('a vSwitch and a resource group that are left out are always the same ones', () => {
  const bare = { VSwitches: null, ResourceGroupId: null }
  const [one, two] = [create(bare), create(bare)]
  assert.match(one.cluster.spec.network.subnets[0]?.id ?? '', /^vsw-[0-9a-z]{21}$/)
  assert.deepEqual(one.cluster.spec.network.subnets, two.cluster.spec.network.subnets)
  assert.equal(one.cluster.resourceGroup, defaultResourceGroup('a'))
  assert.match(one.cluster.resourceGroup, /^rg-acfm[0-9a-z]{11}$/)
  assert.notEqual(defaultResourceGroup('a'), defaultResourceGroup('b'))
})

test('only the default warehouse may not be empty', () => {
  const BackendNodeGroups = [{ residentNodeNumber: 0 }, { residentNodeNumber: 0, cu: 16 }]
  const groups = create({ BackendNodeGroups, ObserverNodeGroups: [] }).cluster.spec.groups
  assert.deepEqual(
    groups.map(({ name, nodes }) => [name, nodes.length]),
    [
      ['defaultFeNodeGroup', 3],
      ['default_warehouse', 3],
      ['warehouse_2', 0],
    ],
  )
})

test('memory follows the spec type, and machines with local disks bring their own', () => {
  const of = (specType: string, more: object = {}) =>
    create({ BackendNodeGroups: [{ ...group, specType, ...more }], ObserverNodeGroups: [] }).cluster
      .spec.groups[1]
  assert.equal(of('ramEnhanced')?.memoryMib, 8 * 8 * 1024)
  const local = of('bigData', { cu: 20, localStorageInstanceType: 'local_hdd_2s_5xlarge' })
  assert.equal(local?.memoryMib, 88 * 1024)
  assert.deepEqual(local?.disks, [
    { use: 'data', type: 'local_hdd_2s_5xlarge', sizeGib: 7300, count: 8, level: 'pl1' },
  ])
})

test('the term counts for subscriptions and is ignored for everything else', () => {
  assert.deepEqual(create({ AutoRenew: true }).cluster.charge, {
    mode: 'postpaid',
    autoRenew: false,
  })
  const { charge } = create({ ...prepaid, AutoRenew: true }).cluster
  assert.deepEqual([charge.mode, charge.months, charge.autoRenew], ['prepaid', 3, true])
  assert.ok((charge.expiresMs ?? 0) > clock.now() + 89 * 86_400_000)
  assert.equal(create({ ...prepaid, PricingCycle: 'Year', Duration: 1 }).cluster.charge.months, 12)
})

test('an order is unpaid only when a subscription is not to be paid at once', () => {
  assert.equal(create().order.state, 'paid')
  assert.equal(create({ AutoPay: false }).order.state, 'paid')
  assert.equal(create({ ...prepaid }).order.state, 'paid')
  const unpaid = create({ ...prepaid, AutoPay: false }).order
  assert.equal(unpaid.state, 'unpaid')
  assert.equal(unpaid.paidMs, undefined)
  assert.ok(unpaid.items.every(({ amount }) => Number.isInteger(amount) && amount > 0))
})

test('three months cost three times one month', () => {
  const price = (Duration: number) => {
    const { order } = create({ ...prepaid, Duration })
    return total({ ...order, account: '', cluster: '', createdMs: 0 })
  }
  assert.equal(price(3), 3 * price(1))
})

test('the password is a secret and stands nowhere else', () => {
  const one = create()
  assert.deepEqual(one.secrets, { adminPassword: '1qaz@QAZ' })
  assert.ok(!JSON.stringify([one.cluster, one.order]).includes('1qaz'))
})

const refused: readonly [string, Record<string, unknown>, RegExp][] = [
  ['a version that is not sold', { Version: '3.1' }, /Version should be select from set \[2\.5, 3/],
  ['a zone of another region', { ZoneId: 'cn-beijing-h' }, /Zone id should be select from set/],
  [
    'a zone without a vSwitch',
    { VSwitches: [{ VswId: 'vsw-1', ZoneId: 'cn-hangzhou-j' }] },
    /Zone/,
  ],
  ['no term', { PayType: 'prePaid', PricingCycle: null }, /Pricing cycle is required when/],
  ['no duration', { PayType: 'prePaid', Duration: 0 }, /Duration is required when/],
  ['an odd duration', { ...prepaid, Duration: 7 }, /Duration should be select from set \[1, 2, 3/],
  ['an even number of frontends', { FrontendNodeGroups: [{ residentNodeNumber: 2 }] }, /of fe/],
  ['two frontend groups', { FrontendNodeGroups: [{}, {}] }, /Number of frontend node groups/],
  ['mixed spec types', { BackendNodeGroups: [{}, { specType: 'ramEnhanced' }] }, /Spec type of be/],
  ['local disks of no kind', { BackendNodeGroups: [{ specType: 'localSSD' }] }, /Local storage/],
  ['other observers', { ObserverNodeGroups: [{ cu: 16, zoneId: 'cn-hangzhou-h' }] }, /of observer/],
  [
    'observers in the zone',
    { ObserverNodeGroups: [{ ...group, storageSize: 100 }] },
    /Zone id of o/,
  ],
  ['several zones in one place', { RunMode: 'shared_nothing' }, /Observer node group is not supp/],
  ['encryption without a key', { Encrypted: true, KmsKeyId: null }, /Kms key id is required/],
  ['half a principal', { RamUserId: '1' }, /Linked ram user name is required/],
  ['a catalog without a name', { DlfCatalogType: 'paimon' }, /Dlf catalog name is required/],
  [
    'a tag key twice',
    { Tags: [{ Key: 'k' }, { Key: 'k', Value: 'v' }] },
    /\[Tag key k is given more than once\]/,
  ],
  [
    'a node group name twice',
    { BackendNodeGroups: [{ nodeGroupName: 'a' }, { nodeGroupName: 'a' }] },
    /\[Node group name a is given more than once\]/,
  ],
]
for (const [what, more, says] of refused) {
  test(`${what} is refused`, () => {
    const message = problems(more)
    assert.match(message, /^Invalid params: \[.+\]\. .+, for example .+\.$/)
    assert.match(message, says)
  })
}
