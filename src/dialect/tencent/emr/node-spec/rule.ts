/** Specifications as clients give them: which may be added, and which one an id means (reference: tencent-emr.md 3.7, appendix B). */
import { isDeepStrictEqual } from 'node:util'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { choice, integer, optional, text } from '../../../../shape/shape.ts'
import { checkOffer } from '../../catalogue/instance-type.ts'
import type { ResourceInput } from '../cluster/create-shape.ts'
import { disksOf } from '../cluster/new-cluster.ts'
import { readResource } from '../node/plan.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import type { NodeSpec, SpecRole } from './node-spec.ts'

const PER_ROLE = 3

export const roleName = choice(['CORE', 'TASK', 'ROUTER'], { ignoreCase: true })

/** Members that every one of these actions has, and that mean nothing here but their defaults. */
export const sharedInput = {
  ResourceBaseType: optional(text()),
  ComputeResourceId: optional(text()),
}

export const hardware = { HardwareResourceType: optional(text()) }
export const zone = { ZoneId: optional(integer({ min: 0 })) }

export function refuseElsewhere(asked: {
  readonly ResourceBaseType?: string
  readonly ComputeResourceId?: string
  readonly HardwareResourceType?: string
}): void {
  const base = given(asked.ResourceBaseType) ?? 'EMR'
  if (base !== 'EMR') throw unsupported('ResourceBaseType', 'nodes are those of the cluster')
  if (given(asked.ComputeResourceId) !== undefined) throw unsupported('ComputeResourceId')
  const resource = given(asked.HardwareResourceType) ?? 'HOST'
  if (resource !== 'HOST') throw unsupported('HardwareResourceType', 'nodes are hosts')
}

export interface ReadSpec {
  readonly cluster: Cluster
  readonly role: SpecRole
  readonly prepaid: boolean
  readonly name: string
  readonly input: ResourceInput
}

type Described = Omit<NodeSpec, 'id' | 'isDefault' | 'createdMs' | 'updatedMs'>

/** Throws what a new cluster's resource is refused with, or ResourceSpecNotExist for one that is not sold there. */
export function readSpec({ cluster, role, prepaid, name, input }: ReadSpec): Described {
  const offer = {
    zone: cluster.spec.network.zone,
    payMode: prepaid ? ('prepaid' as const) : ('postpaid' as const),
  }
  const plan = readResource({ role, count: 1, name, input, offer })
  const { instanceType: type } = plan
  const problem = checkOffer(type, offer)
  if (problem) {
    const code = 'ResourceUnavailable.ResourceSpecNotExist'
    const rule = `${type.name} is not sold in ${offer.zone} as ${offer.payMode}`
    throw invalid({ name: `${name}.InstanceType`, code, rule, value: type.name })
  }
  return {
    role,
    prepaid,
    machine: type.name,
    cpu: type.cpu,
    memoryMib: type.memoryMb,
    disks: [...disksOf(plan)],
    diskType: plan.diskType,
    tags: plan.tags.map(({ TagKey: key, TagValue: value }) => ({ key, value })),
  }
}

/** The list with one more. Throws RepeatSpec, and InvalidParameter when the role has as many as it may. */
export function withSpec(
  specs: readonly NodeSpec[],
  added: NodeSpec,
  name: string,
): readonly NodeSpec[] {
  const own = specs.filter(({ role }) => role === added.role)
  if (own.some((each) => isDeepStrictEqual(describedBy(each), describedBy(added)))) {
    const code = 'ResourceUnavailable.RepeatSpec'
    throw invalid({ name, code, rule: 'the role has it already', value: added.machine })
  }
  if (own.length >= PER_ROLE) {
    const rule = `a role has at most ${PER_ROLE} specifications`
    throw invalid({ name, code: 'InvalidParameter', rule, value: added.machine })
  }
  return [...(added.isDefault ? withoutDefault(specs, added.role) : specs), added]
}

export function withoutDefault(specs: readonly NodeSpec[], role: string): readonly NodeSpec[] {
  return specs.map((each) => (each.role === role ? { ...each, isDefault: false } : each))
}

/** Throws ResourceSpecNotExist. */
export function specIn(
  specs: readonly NodeSpec[],
  { id, role }: { readonly id: number; readonly role: string | undefined },
): NodeSpec {
  const found = specs.find((each) => each.id === id && (!role || each.role === role.toLowerCase()))
  if (found) return found
  throw invalid({
    name: 'ResourceConfigId',
    code: 'ResourceUnavailable.ResourceSpecNotExist',
    rule: 'the cluster has no such specification',
    value: id,
  })
}

function describedBy({ machine, disks, diskType, prepaid }: NodeSpec) {
  return { machine, disks, diskType, prepaid }
}
