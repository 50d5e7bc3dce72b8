import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkInstanceShape,
  checkTerm,
  computeComponentOf,
  instanceArchitectureOf,
  type InstanceShape,
} from '../../../../src/dialect/alibaba/catalogue/instance-shape.ts'
import {
  completeNodeGroup,
  defaultPolicy,
  type GroupPlace,
  type NodeGroupRequest,
} from '../../../../src/dialect/alibaba/catalogue/node-group.ts'
import { problemText } from '../../../../src/dialect/alibaba/catalogue/problem.ts'

const place: GroupPlace = {
  component: 'CN',
  packageType: 'official',
  architecture: 'onEci',
  defaultGroup: true,
}

function group(request: NodeGroupRequest = {}) {
  return completeNodeGroup({ cu: 8, storageSize: 100, residentNodeNumber: 3, ...request }, place)
}

const terraform: InstanceShape = {
  regionId: 'cn-hangzhou',
  version: '3.3',
  runMode: 'shared_data',
  packageType: 'official',
  payType: 'postPaid',
  pricingCycle: 'Month',
  duration: 1,
  zoneId: 'cn-hangzhou-i',
  switchZones: ['cn-hangzhou-i'],
  frontends: [group({ zoneId: 'cn-hangzhou-i' })],
  backends: [group({ zoneId: 'cn-hangzhou-i' })],
  observers: [group({ zoneId: 'cn-hangzhou-h', residentNodeNumber: 1 })],
  encrypted: false,
  kmsKeyId: '123',
}
const plain: InstanceShape = { ...terraform, observers: [] }

function said(change: Partial<InstanceShape>, policy = defaultPolicy) {
  return checkInstanceShape({ ...plain, ...change }, policy).map(problemText)
}

test('what the Terraform provider sends passes, observer without a vSwitch of its own included', () => {
  assert.deepEqual(checkInstanceShape(terraform), [])
  assert.deepEqual(said({}), [])
})

test('each wrong member is named with what would be right', () => {
  assert.match(
    said({ regionId: 'cn-x' })[0] ?? '',
    /^Region id should be select from set \[cn-hangzhou, cn-shanghai, /,
  )
  assert.deepEqual(said({ version: '3.1' }), ['Version should be select from set [2.5, 3.2, 3.3]'])
  assert.deepEqual(said({ runMode: 'lakehouse' }), [
    'Run mode should be select from set [shared_nothing, shared_data]',
  ])
  assert.deepEqual(said({ packageType: 'Official' }), [
    'Package type should be select from set [trial, official]',
  ])
  assert.deepEqual(said({ payType: 'prePay' }), [
    'Pay type should be select from set [prePaid, postPaid]',
  ])
  const zones = 'cn-hangzhou-g, cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j, cn-hangzhou-k'
  const foreign = { zoneId: 'cn-beijing-h', frontends: [group()], backends: [group()] }
  for (const switchZones of [[], ['cn-hangzhou-i']]) {
    assert.deepEqual(said({ ...foreign, switchZones }), [
      `Zone id should be select from set [${zones}]`,
    ])
  }
  assert.deepEqual(said({ switchZones: ['cn-hangzhou-h'] }), [
    'Zone id should be select from set [cn-hangzhou-h]',
  ])
  assert.deepEqual(said({ switchZones: ['cn-hangzhou-i', 'cn-atlantis-z'] }), [
    `Zone id of vSwitch should be select from set [${zones}]`,
  ])
})

test('several problems come together in the order of the members', () => {
  assert.deepEqual(
    said({ version: '9', frontends: [group({ cu: 5 })], encrypted: true, kmsKeyId: undefined }),
    [
      'Version should be select from set [2.5, 3.2, 3.3]',
      'Cu of fe should be select from set [8, 16, 32, 64]',
      'Kms key id is required when encrypted is true',
    ],
  )
})

test('a run mode for reading is creatable only when the policy says so', () => {
  assert.deepEqual(said({ runMode: 'lakehouse' }, { ...defaultPolicy, lakehouse: true }), [])
})

test('a subscription needs a term of the list, pay as you go ignores it', () => {
  const term = (pricingCycle?: string, duration?: number) =>
    checkTerm({ payType: 'prePaid', pricingCycle, duration }).map(problemText)
  assert.deepEqual(term('Month', 12), [])
  assert.deepEqual(term('Year', 5), [])
  assert.deepEqual(term(), ['Pricing cycle is required when pay type is prePaid'])
  assert.deepEqual(term('Month'), ['Duration is required when pay type is prePaid'])
  assert.deepEqual(term('Week', 1), ['Pricing cycle should be select from set [Month, Year]'])
  assert.deepEqual(term('Month', 4), [
    'Duration should be select from set [1, 2, 3, 6, 12, 24, 36, 48, 60]',
  ])
  assert.deepEqual(term('Year', 6), ['Duration should be select from set [1, 2, 3, 4, 5]'])
  assert.deepEqual(checkTerm({ payType: 'postPaid', pricingCycle: 'Week', duration: -1 }), [])
})

test('a trial instance is refused whatever belongs to the official edition', () => {
  const problems = said({
    packageType: 'trial',
    zoneId: 'cn-hangzhou-h',
    switchZones: [],
    frontends: [group({ cu: 8 })],
    backends: [group({ cu: 16, specType: 'ramEnhanced', residentNodeNumber: 1 })],
    agentCu: 1,
  })
  assert.deepEqual(problems, [
    'Zone id should be select from set [cn-hangzhou-i, cn-hangzhou-j]',
    'Cu of be should be select from set [8]',
    'Spec type of be should be select from set [standard]',
    'Cu of fe should be select from set [4]',
    'Number of fe should be in range [1, 1]',
    'Agent node group is not supported when package type is trial',
  ])
  const machine = { specType: 'localSSD', localStorageInstanceType: 'local_ssd_2g_4xlarge' }
  const local = said({ packageType: 'trial', backends: [group({ ...machine, cu: 8 })] })
  assert.ok(local.every((text) => !text.includes('[]')))
})

test('frontends are one group and backends at least one', () => {
  assert.deepEqual(said({ frontends: [], backends: [] }), [
    'Number of frontend node groups should be in range [1, 1]',
    'Number of backend node groups should be in range [1, 10]',
  ])
  assert.equal(said({ frontends: [group(), group()] }).length, 1)
})

test('further backend groups may be empty but are of the same kind as the first', () => {
  assert.deepEqual(said({ backends: [group(), group({ residentNodeNumber: 0 })] }), [])
  assert.deepEqual(said({ backends: [group(), group({ specType: 'ramEnhanced' })] }), [
    'Spec type of be should be select from set [standard]',
  ])
})

test('observers belong to separate storage, are built like the frontends, and stand in other zones', () => {
  const observer = group({ zoneId: 'cn-hangzhou-h', residentNodeNumber: 1 })
  assert.deepEqual(said({ runMode: 'shared_nothing', observers: [observer] }), [
    'Observer node group is not supported when run mode is shared_nothing',
  ])
  assert.deepEqual(said({ runMode: 'shared_nothing', multiZone: true }), [
    'Multi-zone disaster recovery is not supported when run mode is shared_nothing',
  ])
  assert.deepEqual(said({ observers: [{ ...observer, cu: 16, storageSize: 200 }] }), [
    'Cu of observer should be select from set [8]',
    'Storage size of observer should be select from set [100]',
  ])
  const zones = '[cn-hangzhou-g, cn-hangzhou-h, cn-hangzhou-j, cn-hangzhou-k]'
  for (const zoneId of ['cn-hangzhou-i', 'cn-beijing-h']) {
    assert.deepEqual(said({ observers: [{ ...observer, zoneId }] }), [
      `Zone id of observer should be select from set ${zones}`,
    ])
  }
  const third = { ...observer, zoneId: 'cn-hangzhou-j' }
  assert.deepEqual(said({ observers: [observer, third] }), [])
  assert.equal(said({ observers: [observer, observer] }).length, 1)
  const fourth = { ...observer, zoneId: 'cn-hangzhou-k' }
  assert.deepEqual(said({ observers: [observer, third, fourth] }), [
    'Number of observer node groups should be in range [0, 2]',
  ])
})

test('frontends and backends stand in the primary zone', () => {
  const other = group({ zoneId: 'cn-hangzhou-h' })
  assert.deepEqual(said({ frontends: [other], backends: [other] }), [
    'Zone id of be should be select from set [cn-hangzhou-i]',
    'Zone id of fe should be select from set [cn-hangzhou-i]',
  ])
})

test('machines with local disks are not in every zone, and put the instance on ECS', () => {
  const machine = { specType: 'localSSD', localStorageInstanceType: 'local_ssd_2g_4xlarge' }
  const backends = [
    completeNodeGroup(machine, { ...place, component: 'BE', architecture: 'onEcs' }),
  ]
  assert.deepEqual(said({ runMode: 'shared_nothing', backends }), [])
  assert.equal(instanceArchitectureOf(backends), 'onEcs')
  assert.equal(instanceArchitectureOf([group()]), 'onEci')
  const qingdao = { regionId: 'cn-qingdao', zoneId: 'cn-qingdao-b', switchZones: [] }
  assert.deepEqual(said({ ...qingdao, frontends: [group()], backends }), [
    'Spec type of be is not supported when it is localSSD and zone id is cn-qingdao-b',
  ])
})

test('an agent has sizes of its own and a gate', () => {
  assert.deepEqual(said({ agentCu: 2 }), [])
  assert.deepEqual(said({ agentCu: 3 }), ['Cu of agent should be select from set [1, 2, 4, 8]'])
  assert.deepEqual(said({ agentCu: 2 }, { ...defaultPolicy, agent: false }), [
    'Agent node group is not supported when its feature gate is closed',
  ])
})

test('members that only make sense together are required together', () => {
  assert.deepEqual(said({ principalType: 'XX' }), [
    'Linked ram user name is required when a ram principal is linked',
    'Ram user id is required when a ram principal is linked',
    'Principal type should be select from set [RS, RR]',
  ])
  const principal = { linkedRamUserName: 'u', principalType: 'RR', ramUserId: '1' }
  assert.deepEqual(said(principal), [])
  assert.deepEqual(said({ dlfCatalogType: 'hive' }), [
    'Dlf catalog type should be select from set [paimon, iceberg]',
    'Dlf catalog name is required when dlf catalog type is set',
  ])
  assert.deepEqual(said({ dlfCatalogType: 'paimon', dlfCatalogName: 'c' }), [])
})

test('the run mode decides what the compute groups are', () => {
  assert.equal(computeComponentOf('shared_nothing'), 'BE')
  assert.equal(computeComponentOf('shared_data'), 'CN')
  assert.equal(computeComponentOf('lakehouse'), 'CN')
})
