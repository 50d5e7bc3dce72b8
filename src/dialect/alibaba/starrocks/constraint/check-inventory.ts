/**
 * CheckInventory: whether an instance of this size could be made in a zone now. The instance is described as a creation would be, and
 * judged like one; stock and quotas are asked as they are for one that is paid by the hour. Facts: reference alibaba-starrocks.md 3.2, 6.9.
 */
import { Fault } from '../../../../domain/fault.ts'
import { choice, flag, integer, object, optional, type Static } from '../../../../shape/shape.ts'
import { defaultVersion } from '../../catalogue/version.ts'
import { action } from '../action.ts'
import type { CreateInput } from '../instance/create-instance-v1.ts'
import { readBlueprint } from '../instance/new-cluster.ts'
import { reservationsOf } from '../instance/prerequisites.ts'
import { groupsOf } from '../node-group/new-group.ts'
import { instanceResources, regionId, shortText } from '../shape.ts'

const NUMBER_MAX = 1_000_000

function sizeShape(of: string) {
  const number = (label: string) =>
    optional(integer({ min: 0, max: NUMBER_MAX, label: `${label} of ${of}` }))
  return object({
    cu: number('Cu'),
    storageSize: number('Storage size'),
    nodeNumber: number('Number'),
    diskNumber: number('Disk number'),
    storagePerformanceLevel: optional(shortText(`Storage performance level of ${of}`)),
    diskType: optional(choice(['essd'], { label: `Disk type of ${of}`, ignoreCase: true })),
    specType: optional(shortText(`Spec type of ${of}`)),
  })
}

const description = object({
  clusterType: optional(choice(['sr'], { label: 'Cluster type', ignoreCase: true })),
  regionId,
  packageType: choice(['trial', 'official'], { label: 'Package type' }),
  runMode: choice(['shared_nothing', 'shared_data'], { label: 'Run mode' }),
  beResourceSpec: optional(sizeShape('be')),
  feResourceSpec: optional(sizeShape('fe')),
})

export const checkInventory = action({
  name: 'CheckInventory',
  input: { ClusterInfo: description, ZoneId: shortText('Zone id') },
  output: { Data: flag() },
  faults: ['ResourceMissing'],
  asks: ['identity', 'compute', 'block-storage'],
  resources: (call) => instanceResources(call, []),
  async run(core, call, { ClusterInfo, ZoneId }) {
    const { groups } = readBlueprint(creationOf(ClusterInfo, ZoneId))
    const there = { ...call, region: ClusterInfo.regionId }
    await core.environments.require(there, { kind: 'zone', id: ZoneId })
    const { random } = core
    const nodeGroups = groupsOf(groups, { random, zone: ZoneId, subnetIn: () => '' })
    try {
      await core.environments.checkSupply(there, reservationsOf(nodeGroups, 'postpaid'))
      return { Data: true }
    } catch (problem) {
      if (!(problem instanceof Fault) || !short.has(problem.code)) throw problem
      return { Data: false }
    }
  },
})

const short: ReadonlySet<string> = new Set(['ResourceShort', 'QuotaExceeded'])

/** The inquiry with what supply does not depend on. */
function creationOf(it: Static<typeof description>, zone: string): CreateInput {
  return {
    InstanceName: 'inventory',
    AdminPassword: '',
    Version: defaultVersion,
    RegionId: it.regionId,
    PackageType: it.packageType,
    PayType: 'postPaid',
    RunMode: it.runMode,
    VpcId: '',
    ZoneId: zone,
    FrontendNodeGroups: [groupOf(it.feResourceSpec)],
    BackendNodeGroups: [groupOf(it.beResourceSpec)],
    OssAccessingRoleName: '',
    GatewayType: 'Privatezone',
    AutoRenew: false,
    AutoPay: true,
    Encrypted: false,
    EnableMultiAz: false,
    EnableAiFunction: false,
  }
}

function groupOf(size: Static<ReturnType<typeof sizeShape>> = {}) {
  const { nodeNumber, diskType: _essd, ...rest } = size
  return { ...rest, ...(nodeNumber === undefined ? {} : { residentNodeNumber: nodeNumber }) }
}
