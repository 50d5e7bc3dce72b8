/** The members of ResourceSpec: how many nodes on which machines with which disks, role by role in turn. */
import { diskTypes } from '../../src/dialect/tencent/catalogue/disk.ts'
import { checkOffer, instanceTypes } from '../../src/dialect/tencent/catalogue/instance-type.ts'
import { machine } from '../support/http/tencent-client.ts'
import { each, type Try } from './round-trip.ts'
import type { Request } from './refusal.ts'
import { roles, spec, ZONE, type Role, type TencentSeen, type Trip } from './tencent-seen.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2
const long = (length: number) => 'x'.repeat(length)
const cloudDisks = diskTypes.flatMap(({ diskType, storageType, data }) =>
  data ? [{ type: diskType, number: storageType, ...data }] : [],
)
const sold = instanceTypes.filter(
  (type) => checkOffer(type, { zone: ZONE, payMode: 'postpaid' }) === undefined,
)
const numberOf = (type: string) => diskTypes.find(({ diskType }) => diskType === type)?.storageType

/** The role that a try is about: all take their turns. */
const turn = (at: number): Role => roles[at % roles.length] ?? 'Core'
const configured = ({ cluster }: TencentSeen, role: Role) =>
  cluster.Config[`${role === 'Common' ? 'Com' : role}Resource`]
const nodeOf = ({ nodes }: TencentSeen, role: Role) =>
  nodes.find(({ NameTag }) => NameTag.startsWith(`${role.toLowerCase()}.`))

interface Turned {
  readonly role: Role
  readonly value: unknown
}

/** A member of a role's resource; values carry their role, so that the readers find it. */
function ofResource<V>(
  member: string,
  values: readonly V[],
  it: {
    readonly resource: (value: V) => Request
    readonly shown?: (value: V) => unknown
    readonly read: Readonly<Record<string, (seen: TencentSeen, role: Role) => unknown>>
  },
): Trip {
  return {
    name: `ResourceSpec.*ResourceSpec.${member}`,
    tries: values.map((value, at): Try => {
      const role = turn(at)
      return {
        value: { role, value } satisfies Turned,
        request: spec({ [`${role}ResourceSpec`]: it.resource(value) }),
        shown: it.shown ? it.shown(value) : value,
      }
    }),
    read: Object.fromEntries(
      Object.entries(it.read).map(([where, read]) => [
        where,
        (seen: TencentSeen, { role }: Turned) => read(seen, role),
      ]),
    ),
  }
}

const described = (type: (typeof sold)[number]): Request => ({
  ...machine(type.cpu, type.memoryMb / 1024),
  Spec: type.family.spec,
  ...(type.localDisk
    ? {
        StorageType: numberOf(type.localDisk.diskType),
        DiskType: type.localDisk.diskType,
        DiskSize: type.localDisk.sizeGb,
      }
    : {}),
})
const disk = (type: string, size: number, more: Request = {}): Request => ({
  ...machine(4, 8, type),
  StorageType: numberOf(type),
  DiskSize: size,
  ...more,
})
const further = (type: string, Volume: number, Count = 1): Request =>
  disk('CLOUD_PREMIUM', 100, { MultiDisks: [{ DiskType: type, Volume, Count }] })
const ends = cloudDisks.flatMap(({ type, min, max }) => [min, max].map((size) => ({ type, size })))
const localTypes = sold.filter(({ localDisk }) => localDisk !== undefined)
const byType = cloudDisks.map(({ type, number }) => ({ type, number, resource: disk(type, 100) }))
const byLocalType = localTypes.map((type) => ({
  type: type.localDisk?.diskType ?? '',
  number: numberOf(type.localDisk?.diskType ?? ''),
  resource: described(type),
}))

export const resources: readonly Trip[] = [
  ofResource('Spec', sold, {
    resource: described,
    shown: ({ family }) => family.spec,
    read: {
      'DescribeInstances: Config.*Resource.Spec': (seen, role) => configured(seen, role).Spec,
      'DescribeClusterNodes: Spec': (seen, role) => nodeOf(seen, role).Spec,
    },
  }),
  ofResource('Cpu', sold, {
    resource: described,
    shown: ({ cpu }) => cpu,
    read: {
      'DescribeInstances: Config.*Resource.Cpu': (seen, role) => configured(seen, role).Cpu,
      'DescribeClusterNodes: CpuNum': (seen, role) => nodeOf(seen, role).CpuNum,
    },
  }),
  ofResource('MemSize', sold, {
    resource: described,
    shown: ({ memoryMb }) => memoryMb,
    read: {
      'DescribeInstances: Config.*Resource.MemSize': (seen, role) => configured(seen, role).MemSize,
      'DescribeClusterNodes: MemSize': (seen, role) => nodeOf(seen, role).MemSize / MIB,
      'DescribeClusterNodes: MemDesc': (seen, role) =>
        1024 * Number.parseInt(nodeOf(seen, role).MemDesc, 10),
    },
  }),
  ofResource('InstanceType', sold, {
    resource: ({ name }) => ({ InstanceType: name }),
    shown: ({ name }) => name,
    read: {
      'DescribeInstances: Config.*Resource.InstanceType': (seen, role) =>
        configured(seen, role).InstanceType,
    },
  }),
  ofResource('StorageType', [...byType, ...byLocalType], {
    resource: ({ resource }) => resource,
    shown: ({ number }) => number,
    read: {
      'DescribeInstances: Config.*Resource.StorageType': (seen, role) =>
        configured(seen, role).StorageType,
      'DescribeClusterNodes: StorageType': (seen, role) => nodeOf(seen, role).StorageType,
      'DescribeClusterNodes: RootStorageType': (seen, role) => nodeOf(seen, role).RootStorageType,
    },
  }),
  ofResource('DiskType', [...byType, ...byLocalType], {
    resource: ({ resource }) => resource,
    shown: ({ type }) => type,
    read: {
      'DescribeInstances: Config.*Resource.DiskType': (seen, role) =>
        configured(seen, role).DiskType,
      'DescribeClusterNodes: MCMultiDisk.Type': (seen, role) =>
        diskTypes.find(({ storageType }) => storageType === nodeOf(seen, role).MCMultiDisk[0].Type)
          ?.diskType,
    },
  }),
  ofResource('DiskSize', ends, {
    resource: ({ type, size }) => disk(type, size),
    shown: ({ size }) => size,
    read: {
      'DescribeInstances: Config.*Resource.DiskSize': (seen, role) =>
        configured(seen, role).DiskSize,
      'DescribeClusterNodes: DiskSize': (seen, role) =>
        Number.parseFloat(nodeOf(seen, role).DiskSize),
      'DescribeClusterNodes: HwDiskSize': (seen, role) => nodeOf(seen, role).HwDiskSize / GIB,
      'DescribeClusterNodes: MCMultiDisk.Volume': (seen, role) =>
        nodeOf(seen, role).MCMultiDisk[0].Volume / GIB,
    },
  }),
  ofResource('RootSize', [50, 70, 1000], {
    resource: (RootSize) => ({ ...machine(4, 8), RootSize }),
    read: {
      'DescribeInstances: Config.*Resource.RootSize': (seen, role) =>
        configured(seen, role).RootSize,
      'DescribeClusterNodes: RootSize': (seen, role) => nodeOf(seen, role).RootSize,
    },
  }),
  ofResource('MultiDisks.N.DiskType', cloudDisks, {
    // Of another size than the first disk, with which equal ones are shown as one line.
    resource: ({ type }) => further(type, 200),
    shown: ({ number }) => number,
    read: {
      'DescribeClusterNodes: MCMultiDisk.Type': (seen, role) =>
        nodeOf(seen, role).MCMultiDisk[1].Type,
    },
  }),
  ofResource('MultiDisks.N.Volume', ends, {
    resource: ({ type, size }) => further(type, size),
    shown: ({ size }) => size,
    read: {
      'DescribeClusterNodes: MCMultiDisk.Volume': (seen, role) =>
        nodeOf(seen, role).MCMultiDisk[1].Volume / GIB,
    },
  }),
  ofResource('MultiDisks.N.Count', [1, 2, 14], {
    resource: (count) => further('CLOUD_SSD', 100, count),
    read: {
      'DescribeClusterNodes: MCMultiDisk.Count': (seen, role) =>
        nodeOf(seen, role).MCMultiDisk[1].Count,
    },
  }),
  ofResource('DiskNum', localTypes, {
    resource: (type) => ({ ...described(type), DiskNum: type.localDisk?.count }),
    shown: ({ localDisk }) => localDisk?.count,
    read: {
      'DescribeClusterNodes: MCMultiDisk.Count': (seen, role) =>
        nodeOf(seen, role).MCMultiDisk[0].Count,
    },
  }),
  ofResource('LocalDiskNum', localTypes, {
    resource: (type) => ({ ...described(type), LocalDiskNum: type.localDisk?.count }),
    shown: ({ localDisk }) => localDisk?.count,
    read: {
      'DescribeClusterNodes: MCMultiDisk.Count': (seen, role) =>
        nodeOf(seen, role).MCMultiDisk[0].Count,
    },
  }),
  ofResource('Tags.N.TagKey', ['a', long(255)], {
    resource: (TagKey) => ({ ...machine(4, 8), Tags: [{ TagKey, TagValue: 'v' }] }),
    read: {
      'DescribeClusterNodes: Tags.TagKey': (seen, role) => nodeOf(seen, role).Tags[0].TagKey,
    },
  }),
  ofResource('Tags.N.TagValue', ['', long(127)], {
    resource: (TagValue) => ({ ...machine(4, 8), Tags: [{ TagKey: 'k', TagValue }] }),
    read: {
      'DescribeClusterNodes: Tags.TagValue': (seen, role) => nodeOf(seen, role).Tags[0].TagValue,
    },
  }),
]

const WITHOUT_HA = { Master: 1, Core: 2, Task: 0, Common: 0 } as const
const COUNTS = { Master: [2], Core: [3, 20], Task: [0, 1, 20], Common: [3, 20] } as const

export const counts: readonly Trip[] = roles.map((role) => ({
  name: `ResourceSpec.${role}Count`,
  tries: [
    { value: WITHOUT_HA[role], request: {} },
    ...each(COUNTS[role], (count) => spec({ [`${role}Count`]: count })),
  ],
  read: {
    [`DescribeInstances: Config.${role === 'Common' ? 'Com' : role}NodeSize`]: ({ cluster }) =>
      cluster.Config[`${role === 'Common' ? 'Com' : role}NodeSize`],
    'DescribeClusterNodes: how many there are': ({ nodes }) =>
      nodes.filter(({ NameTag }) => NameTag.startsWith(`${role.toLowerCase()}.`)).length,
  },
}))
