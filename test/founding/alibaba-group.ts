/** The members of the node groups: frontends, compute, and observers in another zone. */
import assert from 'node:assert/strict'
import type { AlibabaRow, Members } from './alibaba-stage.ts'

interface Kind {
  readonly list: 'FrontendNodeGroups' | 'BackendNodeGroups' | 'ObserverNodeGroups'
  readonly component: string
  readonly noun: string
  /** How messages call it. */
  readonly label: string
  readonly does: string
  readonly usual: Members
}

const standard: Members = {
  cu: 8,
  storageSize: 200,
  storagePerformanceLevel: 'pl1',
  diskNumber: 1,
  residentNodeNumber: 3,
  specType: 'standard',
  zoneId: 'cn-hangzhou-i',
}

const frontends: Kind = {
  list: 'FrontendNodeGroups',
  component: 'FE',
  noun: 'frontend',
  label: 'fe',
  does: 'The frontends: one group, the usual one when it is left out.',
  usual: standard,
}
const backends: Kind = {
  list: 'BackendNodeGroups',
  component: 'CN',
  noun: 'compute',
  label: 'be',
  does: 'The compute groups, the first of which is the default warehouse.',
  usual: standard,
}
const observers: Kind = {
  list: 'ObserverNodeGroups',
  component: 'OBSERVER',
  noun: 'observer',
  label: 'observer',
  does: 'Frontends in another zone, built like those of the first; they make the instance one of several zones.',
  usual: { ...standard, residentNodeNumber: 1, zoneId: 'cn-hangzhou-h' },
}

/** The founding request with one group of a kind changed; frontends follow observers, which must be built like them. */
function grouped(kind: Kind, change: Members = {}): Members {
  const [cu, storageSize] = [change['cu'] ?? 8, change['storageSize'] ?? 200]
  const like = kind === observers ? { ...standard, cu, storageSize } : standard
  return {
    FrontendNodeGroups: [like],
    BackendNodeGroups: [standard],
    [kind.list]: [{ ...kind.usual, ...change }],
  }
}

/** Member, what it is, a good value and where it is read, a wrong value and what is said of it. */
interface Member {
  readonly member: string
  readonly does: string
  readonly good: unknown
  readonly field: string
  readonly shown?: unknown
  readonly wrong: unknown
  readonly says: string
}

function memberRow(kind: Kind, it: Member): AlibabaRow {
  return {
    name: `${kind.list}.${it.member}`,
    does: it.does,
    seen: `DescribeNodeGroups: ${it.field}; InvalidParams`,
    async show({ create, group, problems }) {
      const id = await create(grouped(kind, { [it.member]: it.good }))
      assert.equal((await group(id, kind.component))[it.field], it.shown ?? it.good)
      const message = await problems(grouped(kind, { [it.member]: it.wrong }))
      assert.ok(message.includes(it.says), message)
    },
  }
}

const sizes = 'should be select from set [8, 16, 32, 64]'

const shared = (kind: Kind): readonly Member[] => [
  {
    member: 'cu',
    does: `The size of each ${kind.noun} node in CUs.`,
    good: 16,
    field: 'Cu',
    wrong: 9,
    says: `Cu of ${kind.label} ${sizes}`,
  },
  {
    member: 'storageSize',
    does: 'The size of each disk in GiB.',
    good: 300,
    field: 'StorageSize',
    wrong: 1,
    says: `Storage size of ${kind.label} should be in range [`,
  },
  {
    member: 'residentNodeNumber',
    does: 'How many nodes the group has.',
    good: 5,
    field: 'ResidentNodeNumber',
    wrong: 1000,
    says: `Number of ${kind.label} should be in range [1, `,
  },
]

/** Frontends and observers come on one kind of machine and disk. */
const fixed = (kind: Kind): readonly Member[] => [
  {
    member: 'storagePerformanceLevel',
    does: 'The performance level of the disk: only PL1.',
    good: 'PL1',
    field: 'StoragePerformanceLevel',
    shown: 'pl1',
    wrong: 'pl2',
    says: `Storage performance level of ${kind.label} should be select from set [pl1]`,
  },
  {
    member: 'diskNumber',
    does: 'The number of disks of a node: one.',
    good: 1,
    field: 'DiskNumber',
    wrong: 2,
    says: `Disk number of ${kind.label} should be select from set [1]`,
  },
  {
    member: 'specType',
    does: 'The kind of machine: only standard.',
    good: 'standard',
    field: 'SpecType',
    wrong: 'bigData',
    says: `Spec type of ${kind.label} should be select from set [standard]`,
  },
]

const chosen: readonly Member[] = [
  {
    member: 'storagePerformanceLevel',
    does: 'The performance level of the disks: pl0 to pl3.',
    good: 'pl0',
    field: 'StoragePerformanceLevel',
    wrong: 'pl9',
    says: 'Storage performance level of be should be select from set [pl0, pl1, pl2, pl3]',
  },
  {
    member: 'diskNumber',
    does: 'How many disks a node has.',
    good: 4,
    field: 'DiskNumber',
    wrong: 11,
    says: 'Disk number of be should be in range [1, 10]',
  },
  {
    member: 'specType',
    does: 'The kind of machine.',
    good: 'ramEnhanced',
    field: 'SpecType',
    wrong: 'huge',
    says: 'Spec type of be should be select from set [standard, ',
  },
]

const local = {
  specType: 'localSSD',
  localStorageInstanceType: 'local_ssd_2g_4xlarge',
  cu: 16,
  storageSize: undefined,
  diskNumber: undefined,
}

const machine: AlibabaRow = {
  name: 'BackendNodeGroups.localStorageInstanceType',
  does: 'The machine with local disks, which decides cores and disks; needed with localSSD and bigData, without meaning otherwise.',
  seen: 'DescribeNodeGroups: LocalStorageInstanceType, StorageSize; InvalidParams',
  async show({ create, group, problems }) {
    const of = async (change: Members) => group(await create(grouped(backends, change)), 'CN')
    const own = await of(local)
    assert.deepEqual(
      [own.LocalStorageInstanceType, own.StorageSize],
      [local.localStorageInstanceType, 1788],
    )
    const none = await of({ localStorageInstanceType: local.localStorageInstanceType })
    assert.equal(none.LocalStorageInstanceType, 'non_local_storage')
    const message = await problems(
      grouped(backends, { ...local, localStorageInstanceType: 'null' }),
    )
    assert.match(message, /Local storage instance type of be should be select from set \[local_ssd/)
  },
}

/** Frontends and observers need none, and take what clients send for none. */
const noMachine = (kind: Kind): AlibabaRow => ({
  name: `${kind.list}.localStorageInstanceType`,
  does: 'Is not needed here and has no meaning: these nodes have no local disks.',
  seen: 'DescribeNodeGroups: LocalStorageInstanceType',
  async show({ create, group }) {
    const sent = { localStorageInstanceType: 'local_ssd_2g_4xlarge' }
    const id = await create(grouped(kind, sent))
    assert.equal((await group(id, kind.component)).LocalStorageInstanceType, 'non_local_storage')
  },
})

const zone = (kind: Kind): AlibabaRow => ({
  name: `${kind.list}.zoneId`,
  does:
    kind === observers
      ? 'The zone of the observers: another one than the primary, of the same region.'
      : 'The zone of the nodes: the primary one.',
  seen: 'DescribeNodeGroups: ZoneId; InvalidParams',
  async show({ create, group, problems }) {
    const id = await create(grouped(kind))
    assert.equal((await group(id, kind.component)).ZoneId, kind.usual['zoneId'])
    const wrong = kind === observers ? 'cn-hangzhou-i' : 'cn-hangzhou-j'
    const message = await problems(grouped(kind, { zoneId: wrong }))
    assert.match(message, new RegExp(`Zone id of ${kind.label} should be select from set`))
  },
})

const whole = (kind: Kind): AlibabaRow => ({
  name: kind.list,
  does: kind.does,
  seen:
    kind === observers
      ? 'DescribeNodeGroups: ComponentType; DescribeInstances: EnableMultiAz'
      : 'DescribeNodeGroups: ComponentType, NodeGroupName, DefaultGroup',
  async show({ create, instance, group, groups, problems }) {
    if (kind === observers) {
      const id = await create(grouped(observers))
      assert.equal((await instance(id)).EnableMultiAz, true)
      assert.equal((await group(id, 'OBSERVER')).NodeInfo.length, 1)
      assert.equal((await instance(await create())).EnableMultiAz, false)
      const message = await problems({ ...grouped(observers), RunMode: 'shared_nothing' })
      assert.match(message, /Observer node group is not supported when run mode is shared_nothing/)
      const unlike = { ...grouped(observers, { cu: 16 }), FrontendNodeGroups: [standard] }
      assert.match(await problems(unlike), /Cu of observer should be select from set \[8\]/)
      return
    }
    const { DefaultGroup, NodeInfo } = await group(await create(grouped(kind)), kind.component)
    assert.deepEqual([DefaultGroup, NodeInfo.length], [true, 3])
    const usual = await groups(await create({ [kind.list]: null }))
    assert.ok(usual.some((each) => each.ComponentType === kind.component))
  },
})

export const group: readonly AlibabaRow[] = [
  ...[frontends, backends, observers].flatMap((kind) => [
    whole(kind),
    zone(kind),
    ...shared(kind).map((it) => memberRow(kind, it)),
  ]),
  ...[frontends, observers].flatMap((kind) => [
    ...fixed(kind).map((it) => memberRow(kind, it)),
    noMachine(kind),
  ]),
  ...chosen.map((it) => memberRow(backends, it)),
  machine,
]
