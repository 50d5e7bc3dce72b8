/**
 * How many nodes of each role, on which machines, with which disks (reference: tencent-emr.md 2.3, 2.8, 3.5, 3.7). Counts
 * come first for all roles, then machines and disks role by role, then whether they are on sale.
 */
import { checkCounts, type CountProblem } from '../../catalogue/node-rule.ts'
import type { DataDisk } from '../../catalogue/disk.ts'
import {
  checkOffer,
  findInstanceType,
  familiesFor,
  familyOf,
  instanceTypes,
  type InstanceType,
  type Offer,
} from '../../catalogue/instance-type.ts'
import type { RolePriceRequest } from '../../catalogue/price.ts'
import type { Product, Role, Variant } from '../../catalogue/schema.ts'
import type { ResourceInput, ResourceSpecInput, TagInput } from '../cluster/create-shape.ts'
import type { Site } from '../cluster/place.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { example, objectExample } from '../cluster/example.ts'
import { given, invalid, missing, unsupportedValue } from '../refusal.ts'
import { readDisks } from './disk-choice.ts'

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
  if (problem !== undefined) throw countRefusal(problem, request)
}

/** Throws MissingParameter for what a described machine needs unless it is named by its type. */
export function requireResources(site: Site): void {
  for (const role of ROLES) {
    const input = site.resourceSpec[`${titleOf(role)}ResourceSpec`]
    if (input !== undefined) requireDescription(resourceName(site, role), input)
  }
}

function requireDescription(name: string, input: ResourceInput): void {
  if (given(input.InstanceType) !== undefined) return
  const absent = DESCRIPTION.find((member) => input[member] === undefined)
  if (absent !== undefined) throw missing(`${name}.${absent}`, DESCRIPTION_EXAMPLE[absent])
}

/** The plan of every role that has nodes. Throws InvalidResourceSpec, InvalidDiskSize, … */
export function readRoles(site: Site, offer: Offer): readonly RolePlan[] {
  const counts = countsOf(site.resourceSpec)
  return ROLES.filter((role) => counts[role] > 0).map((role) => {
    const name = resourceName(site, role)
    const input = site.resourceSpec[`${titleOf(role)}ResourceSpec`]
    if (input === undefined) {
      throw invalid({
        name,
        code: RESOURCE_SPEC,
        rule: `it must be given when there are ${role} nodes`,
        value: null,
        example: objectExample.ResourceSpec.CoreResourceSpec,
      })
    }
    return readRole({ role, count: counts[role], name, input, offer })
  })
}

export function checkOffers(roles: readonly RolePlan[], site: Site, offer: Offer): void {
  for (const { role, instanceType } of roles) {
    const problem = checkOffer(instanceType, offer)
    if (problem === undefined) continue
    const zonal = problem.problem === 'not-in-zone'
    const named = given(site.resourceSpec[`${titleOf(role)}ResourceSpec`]?.InstanceType)
    const sold = familiesFor(offer)
    const like = sold.find((family) => family.sizes.includes(instanceType.size)) ?? sold[0]
    throw invalid({
      name: `${resourceName(site, role)}.${named === undefined ? 'Spec' : 'InstanceType'}`,
      code: `InvalidParameter.${zonal ? 'ZoneResourceNotMatch' : 'PayModeResourceNotMatch'}`,
      rule: `it is sold ${zonal ? 'in' : 'as'} ${listed(problem.allowed)} only; in ${offer.zone} as ${offer.payMode} there are the families ${listed(sold.map(({ family }) => family))}`,
      value: named ?? instanceType.family.spec,
      example: named === undefined ? like?.spec : `${like?.family}.${instanceType.size}`,
    })
  }
}

/** What a client calls a role's resource. */
export function resourceName(site: Site, role: Role): string {
  return `${site.prefix}ResourceSpec.${titleOf(role)}ResourceSpec`
}

const ROLES = ['master', 'core', 'task', 'common'] as const
export type PlannedRole = (typeof ROLES)[number]
const TITLES = { master: 'Master', core: 'Core', task: 'Task', common: 'Common' } as const
/** The older schema's description of a machine and its disk. */
const DESCRIPTION = ['Spec', 'StorageType', 'DiskType', 'MemSize', 'Cpu', 'DiskSize'] as const
const DESCRIPTION_EXAMPLE = {
  Spec: example.Spec,
  StorageType: 4,
  DiskType: example.DiskType,
  MemSize: 8192,
  Cpu: 4,
  DiskSize: 200,
} as const
const RESOURCE_SPEC = 'InvalidParameter.InvalidResourceSpec'
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

function countRefusal(it: CountProblem, request: CountRequest) {
  const { site, highAvailability: ha, product } = request
  if (it.problem === 'ha-required') {
    const code = 'InvalidParameter.InvalidSupportHA'
    const rule = 'these components need 1'
    return invalid({ name: 'SupportHA', code, rule, value: 0, example: 1 })
  }
  if (it.problem === 'class-without-nodes') {
    const rule = 'a product of this kind cannot be created with nodes'
    const code = 'InvalidParameter.InvalidProductId'
    return invalid({ name: 'ProductId', code, rule, value: product.id, example: 30 })
  }
  const parity = it.rule === 'odd' || it.rule === 'even' ? `, and ${it.rule}` : ''
  const range = it.min === it.max ? `${it.min}` : `between ${it.min} and ${it.max}${parity}`
  return invalid({
    name: `${site.prefix}ResourceSpec.${titleOf(it.role)}Count`,
    code: `InvalidParameter.${countCode(it, ha)}`,
    rule: `with SupportHA ${ha ? 1 : 0} it must be ${range}`,
    value: it.actual,
    example: it.min,
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

export interface ResourceRequest {
  readonly role: Role
  readonly count: number
  /** Of the resource, in refusals. */
  readonly name: string
  readonly input: ResourceInput
  readonly offer: Offer
}

/** One resource, whatever asks for it. Throws MissingParameter, InvalidResourceSpec, InvalidDiskSize, … */
export function readResource(request: ResourceRequest): RolePlan {
  requireDescription(request.name, request.input)
  return readRole(request)
}

/** Throws InvalidInstanceType, InvalidResourceSpec, InvalidDiskSize, … */
export function readRole(request: ResourceRequest): RolePlan {
  const { role, count, name, input } = request
  refuseUnsupported(name, input)
  const instanceType = readInstanceType(request)
  const disks = readDisks(name, input, instanceType)
  return { role, count, instanceType, ...disks, tags: input.Tags ?? [] }
}

function refuseUnsupported(name: string, input: ResourceInput): void {
  for (const member of ['GpuDesc', 'PartitionNumber', 'HCCHpcClusterId'] as const) {
    const value = input[member] ?? 0
    if (value === 0 || String(value).trim() === '') continue
    throw unsupportedValue(`${name}.${member}`, { value })
  }
}

/** By its type, or by the older triple of family, cores and memory. */
function readInstanceType({ name, input, offer }: ResourceRequest): InstanceType {
  const type = given(input.InstanceType)
  const found = findInstanceType({
    ...(type === undefined ? {} : { instanceType: type }),
    spec: input.Spec ?? '',
    cpu: input.Cpu ?? 0,
    memoryMb: input.MemSize ?? 0,
  })
  if (found.ok) {
    checkDescription(name, input, found.instanceType)
    return found.instanceType
  }
  const code = 'InvalidParameter.InvalidInstanceType'
  const { problem } = found
  if (problem.problem === 'unknown-family') {
    const sold = familiesFor(offer)
    const rule = `the family must be one that is sold in ${offer.zone}: ${listed(sold.map(({ family }) => family))}`
    const wrong = type === undefined ? 'Spec' : 'InstanceType'
    const value = type ?? input.Spec
    const right = type === undefined ? sold[0]?.spec : example.InstanceType
    throw invalid({ name: `${name}.${wrong}`, code, rule, value, example: right })
  }
  const { family, allowed } = problem
  const rule = `the machines of ${family} are ${listed(allowed)}`
  if (type !== undefined)
    throw invalid({ name: `${name}.InstanceType`, code, rule, value: type, example: allowed[0] })
  throw describedWrong({ name, code, rule, family }, input)
}

/** What describes the machine beside its type must be true of it: it would read back as something else. */
function checkDescription(name: string, input: ResourceInput, type: InstanceType): void {
  const { Spec: spec, Cpu: cpu = 0, MemSize: memory = 0 } = input
  const family = given(spec) === undefined ? type.family : familyOf(spec ?? '')
  const facts = [
    { member: 'Spec', value: spec, own: type.family.spec, right: family === type.family },
    { member: 'Cpu', value: cpu, own: type.cpu, right: cpu === 0 || cpu === type.cpu },
    {
      member: 'MemSize',
      value: memory,
      own: type.memoryMb,
      right: memory === 0 || memory === type.memoryMb,
    },
  ]
  const wrong = facts.find(({ right }) => !right)
  if (!wrong) return
  const { member, value, own } = wrong
  const rule = `of ${type.name} it is ${own}; beside InstanceType it can be left out`
  throw invalid({ name: `${name}.${member}`, code: RESOURCE_SPEC, rule, value, example: own })
}

/** Which of cores and memory does not fit the family. */
function describedWrong(
  { family, ...it }: { name: string; code: string; rule: string; family: string },
  { Cpu: cpu, MemSize: memory }: ResourceInput,
) {
  const mine = instanceTypes.filter((type) => type.family.family === family)
  const cores = mine.find((type) => type.cpu === cpu)
  const alike = mine.find((type) => type.memoryMb === memory)
  return cores
    ? invalid({ ...it, name: `${it.name}.MemSize`, value: memory, example: cores.memoryMb })
    : invalid({ ...it, name: `${it.name}.Cpu`, value: cpu, example: (alike ?? mine[0])?.cpu })
}
