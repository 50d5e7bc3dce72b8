/**
 * How many nodes of each role, on which machines, with which disks (reference: tencent-emr.md 2.3, 2.8, 3.5, 3.7). Counts
 * come first for all roles, then machines and disks role by role, then whether they are on sale.
 */
import { checkCounts, type CountProblem } from '../../catalogue/node-rule.ts'
import {
  checkDataDisks,
  checkSystemSize,
  systemDisk,
  type DataDisk,
  type DataDisksProblem,
} from '../../catalogue/disk.ts'
import {
  checkOffer,
  findInstanceType,
  type InstanceType,
  type InstanceTypeProblem,
} from '../../catalogue/instance-type.ts'
import type { RolePriceRequest } from '../../catalogue/price.ts'
import type { PayMode, Product, Role, Variant } from '../../catalogue/schema.ts'
import type { ResourceInput, ResourceSpecInput, TagInput } from '../cluster/create-shape.ts'
import type { Site } from '../cluster/place.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'

export interface RolePlan extends RolePriceRequest {
  /** Empty only when the machine brings its own disks. */
  readonly dataDisks: readonly DataDisk[]
  readonly diskType: string
  readonly tags: readonly TagInput[]
}

export interface CountRequest {
  readonly site: Site
  readonly product: Product
  readonly variant: Variant
  readonly highAvailability: boolean
}

export function checkNodeCounts(request: CountRequest): void {
  const { site, product, variant, highAvailability: ha } = request
  const counts = countsOf(site.resourceSpec)
  const problem = checkCounts({ class: product.class, variant, ha, counts })
  if (problem !== undefined) throw countRefusal(problem, site, ha)
}

/** Throws MissingParameter for what a described machine needs unless it is named by its type. */
export function requireResources(site: Site): void {
  for (const role of ROLES) {
    const input = site.resourceSpec[`${titleOf(role)}ResourceSpec`]
    if (input === undefined || given(input.InstanceType) !== undefined) continue
    const absent = DESCRIPTION.find((member) => input[member] === undefined)
    if (absent !== undefined) throw missing(`${resourceName(site, role)}.${absent}`)
  }
}

/** The plan of every role that has nodes. Throws InvalidResourceSpec, InvalidDiskSize, … */
export function readRoles(site: Site): readonly RolePlan[] {
  const counts = countsOf(site.resourceSpec)
  return ROLES.filter((role) => counts[role] > 0).map((role) => {
    const name = resourceName(site, role)
    const input = site.resourceSpec[`${titleOf(role)}ResourceSpec`]
    if (input === undefined) {
      throw invalid({
        name,
        code: RESOURCE_SPEC,
        rule: `it must be given when there are ${role} nodes`,
      })
    }
    return readRole({ role, count: counts[role], name, input })
  })
}

export function checkOffers(
  roles: readonly RolePlan[],
  offer: { readonly site: Site; readonly zone: string; readonly payMode: PayMode },
): void {
  for (const { role, instanceType } of roles) {
    const problem = checkOffer(instanceType, offer)
    if (problem === undefined) continue
    const zonal = problem.problem === 'not-in-zone'
    throw invalid({
      name: resourceName(offer.site, role),
      code: `InvalidParameter.${zonal ? 'ZoneResourceNotMatch' : 'PayModeResourceNotMatch'}`,
      rule: `it is sold ${zonal ? 'in' : 'as'} ${problem.allowed.join(', ')} only`,
      value: instanceType.name,
    })
  }
}

/** What a client calls a role's resource. */
export function resourceName(site: Site, role: Role): string {
  return `${site.prefix}ResourceSpec.${titleOf(role)}ResourceSpec`
}

const ROLES = ['master', 'core', 'task', 'common'] as const
type PlannedRole = (typeof ROLES)[number]
const TITLES = { master: 'Master', core: 'Core', task: 'Task', common: 'Common' } as const
/** The older schema's description of a machine and its disk. */
const DESCRIPTION = ['Spec', 'StorageType', 'DiskType', 'MemSize', 'Cpu', 'DiskSize'] as const
const RESOURCE_SPEC = 'InvalidParameter.InvalidResourceSpec'
/** What examples of the documents show for data disks that are left out when the machine is named by its type alone. */
const DEFAULT_DATA_DISK: DataDisk = { diskType: 'CLOUD_SSD', sizeGb: 200, count: 1 }

function titleOf(role: Role): (typeof TITLES)[PlannedRole] {
  return TITLES[role as PlannedRole]
}

function countsOf(spec: ResourceSpecInput): Record<PlannedRole, number> {
  return {
    master: spec.MasterCount ?? 0,
    core: spec.CoreCount ?? 0,
    task: spec.TaskCount ?? 0,
    common: spec.CommonCount ?? 0,
  }
}

function countRefusal(it: CountProblem, site: Site, ha: boolean) {
  if (it.problem === 'ha-required') {
    const code = 'InvalidParameter.InvalidSupportHA'
    return invalid({ name: 'SupportHA', code, rule: 'these components need 1', value: 0 })
  }
  if (it.problem === 'class-without-nodes') {
    const rule = 'a product of this kind cannot be created with nodes'
    return invalid({ name: 'ProductId', code: 'InvalidParameter.InvalidProductId', rule })
  }
  const parity = it.rule === 'odd' || it.rule === 'even' ? `, and ${it.rule}` : ''
  const range = it.min === it.max ? `${it.min}` : `between ${it.min} and ${it.max}${parity}`
  return invalid({
    name: `${site.prefix}ResourceSpec.${titleOf(it.role)}Count`,
    code: `InvalidParameter.${countCode(it, ha)}`,
    rule: `with SupportHA ${ha ? 1 : 0} it must be ${range}`,
    value: it.actual,
  })
}

function countCode(it: Extract<CountProblem, { problem: 'count' }>, ha: boolean): string {
  if (it.role === 'common') return 'IncorrectCommonCount'
  if (it.role === 'master')
    return ha && it.actual < it.min ? 'HALessMasterCount' : 'IncorrectMasterCount'
  if (it.role === 'core') return it.actual > CORE_MAX ? 'InvaildCoreCount' : 'InvalidCoreCount'
  return 'InvalidResourceSpec'
}

/** The one bound of core nodes that has a code of its own (2.4 rule 4). */
const CORE_MAX = 20

interface RoleRequest {
  readonly role: PlannedRole
  readonly count: number
  /** Of the resource, in refusals. */
  readonly name: string
  readonly input: ResourceInput
}

function readRole({ role, count, name, input }: RoleRequest): RolePlan {
  refuseUnsupported(name, input)
  const instanceType = readInstanceType(name, input)
  const systemDiskGb = readSystemDisk(name, input)
  const { dataDisks, diskType } = readDataDisks(name, input, instanceType)
  const tags = input.Tags ?? []
  return { role, count, instanceType, systemDiskGb, dataDisks, diskType, tags }
}

function refuseUnsupported(name: string, input: ResourceInput): void {
  if (given(input.GpuDesc) !== undefined) throw unsupported(`${name}.GpuDesc`)
  if ((input.PartitionNumber ?? 0) !== 0) throw unsupported(`${name}.PartitionNumber`)
  if (given(input.HCCHpcClusterId) !== undefined) throw unsupported(`${name}.HCCHpcClusterId`)
}

/** By its type, or by the older triple of family, cores and memory. */
function readInstanceType(name: string, input: ResourceInput): InstanceType {
  const type = given(input.InstanceType)
  const found = findInstanceType({
    ...(type === undefined ? {} : { instanceType: type }),
    spec: input.Spec ?? '',
    cpu: input.Cpu ?? 0,
    memoryMb: input.MemSize ?? 0,
  })
  if (found.ok) return found.instanceType
  throw instanceTypeRefusal(
    `${name}.${type === undefined ? 'Spec' : 'InstanceType'}`,
    found.problem,
  )
}

function instanceTypeRefusal(name: string, it: InstanceTypeProblem) {
  const unknown = it.problem === 'unknown-family'
  return invalid({
    name,
    code: 'InvalidParameter.InvalidInstanceType',
    rule: unknown
      ? `the family must be one of ${it.allowed.join(', ')}`
      : `the machines of ${it.family} are ${it.allowed.join(', ')}`,
    value: unknown ? it.family : it.asked,
  })
}

function readSystemDisk(name: string, input: ResourceInput): number {
  const sizeGb = input.RootSize === undefined ? systemDisk.defaultGb : input.RootSize
  const problem = checkSystemSize(sizeGb)
  if (problem !== undefined) throw diskRefusal(name, 'RootSize', problem)
  return sizeGb
}

function readDataDisks(
  name: string,
  input: ResourceInput,
  type: InstanceType,
): Pick<RolePlan, 'dataDisks' | 'diskType'> {
  const local = type.localDisk
  const usual = local ? { ...DEFAULT_DATA_DISK, ...local } : DEFAULT_DATA_DISK
  const base = {
    diskType: given(input.DiskType) ?? usual.diskType,
    sizeGb: input.DiskSize ?? usual.sizeGb,
    count: 1,
  }
  const more = (input.MultiDisks ?? []).map((disk) => ({
    diskType: given(disk.DiskType) ?? '',
    sizeGb: disk.Volume ?? 0,
    count: disk.Count ?? 1,
  }))
  const problem = checkDataDisks(type, base, more)
  if (problem !== undefined) throw diskRefusal(name, 'DiskSize', problem)
  checkLocalCount(name, input, type)
  return { diskType: base.diskType, dataDisks: local ? [] : [base, ...more] }
}

/** Local disks come with the machine; a number may be said, but it must be the machine's own. */
function checkLocalCount(name: string, input: ResourceInput, type: InstanceType): void {
  for (const member of ['DiskNum', 'LocalDiskNum'] as const) {
    const asked = input[member] ?? 0
    const own = type.localDisk?.count ?? (member === 'DiskNum' ? 1 : 0)
    if (asked === 0 || asked === own) continue
    throw invalid({
      name: `${name}.${member}`,
      code: RESOURCE_SPEC,
      rule: `${type.name} comes with ${own}; further disks are given as MultiDisks`,
      value: asked,
    })
  }
}

function diskRefusal(name: string, sizeMember: string, it: DataDisksProblem) {
  switch (it.problem) {
    case 'unknown-disk-type':
    case 'not-a-system-disk':
      return invalid({
        name: `${name}.DiskType`,
        code: 'InvalidParameterValue',
        rule: `it must be one of ${it.allowed.join(', ')}`,
        value: it.diskType,
      })
    case 'size-out-of-range':
    case 'size-off-step':
      return invalid({
        name: `${name}.${sizeMember}`,
        code: 'InvalidParameter.InvalidDiskSize',
        rule: `a ${it.diskType} disk has ${it.min} to ${it.max} GB, in steps of ${it.step}`,
        value: it.sizeGb,
      })
    case 'count':
      return invalid({
        name: `${name}.MultiDisks`,
        code: RESOURCE_SPEC,
        rule: `the count of ${it.diskType} must be at least 1`,
        value: it.count,
      })
    case 'repeated-disk-type':
      return invalid({
        name: `${name}.MultiDisks`,
        code: RESOURCE_SPEC,
        rule: 'each disk type can be given once',
        value: it.diskType,
      })
    case 'too-many-disks':
      return invalid({
        name: `${name}.MultiDisks`,
        code: RESOURCE_SPEC,
        rule: `a node has at most ${it.max} data disks`,
        value: it.count,
      })
    case 'local-disk-model':
      return unsupported(
        `${name}.MultiDisks`,
        `${it.instanceType} has local disks and takes no cloud disks`,
      )
    case 'no-local-disk':
      return invalid({
        name: `${name}.DiskType`,
        code: 'ResourceInsufficient.DiskInsufficient',
        rule: `${it.instanceType} has no such local disk`,
        value: it.diskType,
      })
  }
}
