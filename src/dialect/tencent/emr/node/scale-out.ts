/**
 * A request for more nodes, judged against its cluster (reference: tencent-emr.md 5.5). New nodes are bought as their cluster is,
 * end with it and are renewed with it; what this server does not do is refused by name.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { zoneOf } from '../../catalogue/region.ts'
import type { Role } from '../../catalogue/schema.ts'
import { clusterExtension, groupExtension, placementGroupsOf } from '../cluster/extension.ts'
import { readPlacementGroups } from '../cluster/place.ts'
import { requireMachines } from '../container/extension.ts'
import { readAutoRenew, readTerm } from '../cluster/purchase.ts'
import { specifiedGroup } from '../node-spec/node-spec.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { readTags } from '../tag/rule.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { checkOffer } from '../../catalogue/instance-type.ts'
import type { NodeMarkInput, ResourceInput } from '../cluster/create-shape.ts'
import { disksOf } from '../cluster/new-cluster.ts'
import type { Addition, OwnSpec } from './new-node.ts'
import { readMark, type MarkedNodes } from './node-mark.ts'
import { readRole } from './plan.ts'
import { checkAddition } from './rule.ts'
import type { ScaleOutInput } from './scale-out-shape.ts'

/** What decides about the new nodes and their price. */
export type AdditionInput = Pick<
  ScaleOutInput,
  | 'TimeUnit'
  | 'TimeSpan'
  | 'PayMode'
  | 'ZoneId'
  | 'CoreCount'
  | 'TaskCount'
  | 'RouterCount'
  | 'MasterCount'
> &
  Partial<
    Pick<
      ScaleOutInput,
      | 'AutoRenew'
      | 'SubnetId'
      | 'DisasterRecoverGroupIds'
      | 'Tags'
      | 'NodeMarks'
      | 'PreExecutedFileSettings'
    >
  > & {
    /** Of the new nodes, where that is not the role's. */
    readonly ResourceSpec?: ResourceInput
  }

/** What the request asks of this cluster. Throws what is wrong with it. */
export function readAddition(input: AdditionInput, cluster: Cluster): Addition {
  requireMachines(cluster)
  checkPurchase(input, cluster)
  const zone = readZone(input.ZoneId, cluster)
  const { role, count } = readCount(input, cluster)
  const own = readSpec(input.ResourceSpec, { role, count, cluster, zone })
  const described = specifiedGroup(cluster, role)
  const whole = described ?? (own && describedBy(cluster, role))
  const group = whole && inZone(cluster, whole, zone)
  if (!group) {
    throw invalid({
      name: `${titleOf(role)}Count`,
      code: 'ResourceUnavailable.ResourceSpecNotDefaultSpec',
      rule: `there is no default specification for ${role} nodes`,
      value: count,
    })
  }
  checkAddition(cluster, { role, count })
  const subnet = readSubnet(input.SubnetId) ?? group.subnet
  const named = readPlacementGroups(input.DisasterRecoverGroupIds)
  const placementGroups = named.length > 0 ? named : placementGroupsOf(cluster, group)
  const asked = input.Tags ?? input.ResourceSpec?.Tags
  const tags = asked ? readTags('Tags', asked) : groupExtension(group).tags
  const marks = readNames(input.NodeMarks, { zone, nodes: [{ role, count }] })
  return { group, count, subnet, placementGroups, tags, marks, ...(own && { own }) }
}

function readNames(
  mark: NodeMarkInput | undefined,
  { zone, nodes }: { readonly zone: string; readonly nodes: readonly MarkedNodes[] },
): readonly string[] {
  if (!mark) return []
  return readMark(mark, { name: 'NodeMarks', zone, nodes })[1]
}

/** Throws InvalidInstanceType, InvalidDiskSize, ResourceSpecNotDefaultSpec for a role that is not described so, … */
function readSpec(
  input: ResourceInput | undefined,
  it: {
    readonly role: Role
    readonly count: number
    readonly cluster: Cluster
    readonly zone: string
  },
): OwnSpec | undefined {
  if (!input) return undefined
  const { role, count, cluster, zone } = it
  const offer = { zone, payMode: cluster.charge.mode }
  const plan = readRole({ role, count, name: 'ResourceSpec', input, offer })
  const problem = checkOffer(plan.instanceType, offer)
  if (problem) {
    const code = 'InvalidParameter.InvalidInstanceType'
    const rule = `it is sold ${problem.problem === 'not-in-zone' ? 'in' : 'as'} ${listed(problem.allowed)} only`
    throw invalid({ name: 'ResourceSpec.InstanceType', code, rule, value: input.InstanceType })
  }
  const { name: machine, cpu, memoryMb: memoryMib } = plan.instanceType
  return { size: { cpu, memoryMib, machine, disks: disksOf(plan) }, diskType: plan.diskType }
}

/** A role that the cluster was made without: everything but its specification is the cluster's. */
function describedBy({ id, spec }: Cluster, role: Role): NodeGroup | undefined {
  const [first] = spec.groups
  return first && { ...first, id: `${id}.${role}`, role, name: role, exposed: false, nodes: [] }
}

/** Throws NotSupportPod, NotSupported. */
export function refuseHardware(resource: ScaleOutInput['HardwareResourceType']): void {
  if (resource === 'POD') {
    const code = 'FailedOperation.NotSupportPod'
    const rule = 'nodes of this server are hosts'
    throw invalid({ name: 'HardwareResourceType', code, rule, value: resource })
  }
  if (resource !== 'HOST') throw unsupported('HardwareResourceType', 'nodes are hosts')
}

/** Parameters without an effect here: refused, never ignored. */
export function refuseUnsupported(input: ScaleOutInput): void {
  refuseHardware(input.HardwareResourceType)
  if (input.StartServiceAfterScaleOut !== 'true')
    throw unsupported('StartServiceAfterScaleOut', 'services start with their nodes')
  if (input.ResourceBaseType !== 'EMR') throw unsupported('ResourceBaseType')
  if ((input.PartitionNumber ?? 0) !== 0) throw unsupported('PartitionNumber')
  const text = TEXTS.find((name) => given(input[name]) !== undefined)
  if (text !== undefined) throw unsupported(text)
  const items = LISTS.find((name) => (input[name] ?? []).length > 0)
  if (items !== undefined) throw unsupported(items)
  const member = OBJECTS.find((name) => input[name] !== undefined)
  if (member !== undefined) throw unsupported(member)
}

const TEXTS = [
  'ClickHouseClusterName',
  'ClickHouseClusterType',
  'YarnNodeLabel',
  'ScaleOutServiceConfAssign',
  'ComputeResourceId',
  'WarehouseName',
] as const
const LISTS = ['UnNecessaryNodeList', 'SoftDeployInfo', 'ServiceNodeInfo'] as const
const OBJECTS = ['PodSpec', 'PodParameter', 'ComputeResourceAdvanceParams'] as const

function checkPurchase(input: AdditionInput, { charge }: Cluster): void {
  const term = readTerm(input)
  const autoRenew = readAutoRenew(input.AutoRenew)
  if (term.payMode !== charge.mode) {
    const own = charge.mode === 'prepaid' ? 1 : 0
    const other = charge.mode === 'prepaid' && (input.TaskCount > 0 || input.RouterCount > 0)
    if (other) throw unsupported('PayMode', 'all nodes are bought as their cluster is')
    throw invalid({
      name: 'PayMode',
      code: 'InvalidParameter.InvalidPaymode',
      rule: `it must be the cluster's own, ${own}`,
      value: input.PayMode,
    })
  }
  if (term.payMode !== 'prepaid') return
  if (term.months !== charge.months) {
    const why = `new nodes end with their cluster, whose term has ${charge.months ?? 1} months`
    throw unsupported('TimeSpan', why)
  }
  if (input.AutoRenew !== undefined && autoRenew !== charge.autoRenew)
    throw unsupported('AutoRenew', 'nodes are renewed with their cluster')
}

/** One that the cluster stands in; its own where none is named. Throws NotSupported. */
function readZone(id: number | undefined, { spec: { network } }: Cluster): string {
  if (id === undefined || id === 0) return network.zone
  const zone = zoneOf(id)?.zone.name
  const own = [...new Set([network.zone, ...network.subnets.map((each) => each.zone)])]
  if (zone !== undefined && own.includes(zone)) return zone
  if (zone !== undefined)
    throw unsupported('ZoneId', `the nodes of this cluster stand in ${listed(own)}`)
  const rule = 'it must be the number of a zone'
  throw invalid({ name: 'ZoneId', code: 'InvalidParameterValue', rule, value: id })
}

/** The role's group of the zone; where it has none there, one like its first in the zone's subnet. */
function inZone({ spec }: Cluster, group: NodeGroup, zone: string): NodeGroup {
  if (group.zone === zone) return group
  const found = spec.groups.find((each) => each.role === group.role && each.zone === zone)
  const subnet = spec.network.subnets.find((each) => each.zone === zone)?.id ?? group.subnet
  const { cpu, memoryMib, machine, disks } = group
  return found ? { ...found, cpu, memoryMib, machine, disks } : { ...group, zone, subnet }
}

/** One role a request. Masters are not counted where the documents say that they are ignored. */
function readCount(input: AdditionInput, cluster: Cluster): { role: Role; count: number } {
  const { class: productClass } = clusterExtension(cluster)
  const masters = productClass === 'clickhouse' || productClass === 'kafka' ? 0 : input.MasterCount
  const counts = [
    { role: 'core', count: input.CoreCount },
    { role: 'task', count: input.TaskCount },
    { role: 'router', count: input.RouterCount },
    { role: 'master', count: masters },
  ] as const
  const [wanted, ...others] = counts.filter(({ count }) => count > 0)
  if (!wanted) {
    const code = 'InvalidParameter.InvalidCount'
    const rule = 'one of CoreCount, TaskCount, RouterCount and MasterCount must be at least 1'
    throw invalid({ name: 'CoreCount', code, rule, value: 0 })
  }
  const [other] = others
  if (!other) return wanted
  throw invalid({
    name: `${titleOf(other.role)}Count`,
    code: 'InvalidParameter.InvalidCountNum',
    rule: 'nodes of one role can be added at a time',
    value: other.count,
  })
}

function readSubnet(asked: string | undefined): string | undefined {
  const id = given(asked)
  if (id === undefined || /^subnet-[0-9a-z]{1,32}$/.test(id)) return id
  throw invalid({
    name: 'SubnetId',
    code: 'ResourceNotFound.SubnetNotFound',
    rule: 'it must look like subnet-xxxxxxxx',
    value: id,
  })
}

function titleOf(role: Role): string {
  return role.charAt(0).toUpperCase() + role.slice(1)
}
