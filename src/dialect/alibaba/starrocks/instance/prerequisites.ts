/**
 * The prerequisites of an instance: everything of the request that must be there already, checked in one place and in this
 * order. Facts: reference alibaba-starrocks.md 4.1, 4.3 (X8 to X11, X16).
 */
import { createHash } from 'node:crypto'
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Allocation } from '../../../../app/environment/allocation.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { LakeCatalog, Subnet } from '../../../../domain/cluster/spec.ts'
import {
  listDeclared,
  type Environment,
  type Reservation,
  type Resource,
  type ResourceReference,
} from '../../../../domain/environment.ts'
import { Fault, located } from '../../../../domain/fault.ts'
import { shortageDetail } from '../../environment-faults.ts'
import { SERVICE_ROLE } from '../../identity/identity-rules.ts'
import type { CreateInput } from './create-instance-v1.ts'

export interface Prerequisites {
  /** In the order of the request. */
  readonly subnets: readonly Subnet[]
  readonly uses: readonly Resource[]
  /** The data key of an encrypted instance, wrapped. */
  readonly wrappedKey: string | undefined
  readonly catalog: LakeCatalog | undefined
}

/** Throws ResourceMissing, ResourceMismatch, ResourceUnfit or DependencyFailed. */
export async function prerequisitesOf(
  core: Core,
  call: Call,
  input: CreateInput,
): Promise<Prerequisites> {
  const uses: Resource[] = []
  const ask = (name: Parameters<Core['dependencies']['call']>[1]) =>
    core.dependencies.call(call, name)
  const require = async (parameter: string, reference: Omit<ResourceReference, 'region'>) => {
    uses.push(await named(parameter, core.environments.require(call, reference)))
  }
  await ask('account')
  await ask('configuration')
  await require('RegionId', { kind: 'region', id: input.RegionId })
  await require('ZoneId', { kind: 'zone', id: input.ZoneId })
  await ask('network')
  await require('VpcId', { kind: 'network', id: input.VpcId })
  const subnets = await requireSubnets(core, call, { input, uses })
  await ask('security-group')
  await ask('compute')
  await ask('block-storage')
  await ask('identity')
  await requireRoles(core, call, input.OssAccessingRoleName)
  const wrappedKey = await wrappedKeyOf(core, call, { input, uses })
  if (isOwnGroup(call, input.ResourceGroupId))
    await require('ResourceGroupId', { kind: 'resource-group', id: input.ResourceGroupId })
  const catalog = await requireCatalog(core, call, { input, uses })
  if ((input.Tags ?? []).length > 0) await ask('tag')
  const coupon = couponOf(input)
  if (coupon !== undefined && !(await core.billing.coupons.find(call, coupon)))
    await require('PromotionOptionNo', { kind: 'coupon', id: coupon })
  await ask('trade')
  return { subnets, uses, wrappedKey, catalog }
}

/** What the engine reads, unless the request says otherwise. */
const CATALOG_TYPE = 'iceberg'

/** The data lake service is no part of this one: its catalog is a folder that is declared, or one of its name in the first bucket. */
async function requireCatalog(
  core: Core,
  call: Call,
  { input: { DlfCatalogName: name, DlfCatalogType: type = CATALOG_TYPE }, uses }: PrerequisiteQuery,
): Promise<LakeCatalog | undefined> {
  if (name === undefined) return undefined
  const reference = { kind: 'catalog', id: name } as const
  const found = await named('DlfCatalogName', core.environments.require(call, reference))
  uses.push(found)
  const buckets = listDeclared(core.environments.of(call), 'bucket')
  const bucket = buckets.find(({ problem }) => problem === undefined)
  const { rest, location = bucket && `oss://${bucket.id}/${name}/` } = found
  return {
    name,
    type,
    ...(location === undefined ? {} : { location }),
    ...(rest === undefined ? {} : { rest }),
  }
}

/** What is asked for, or the refusal with the parameter that named it. */
async function named<T>(parameter: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (problem) {
    throw located(problem, parameter)
  }
}

/** A key that is named without encryption is echoed and not looked for (4.1). */
async function wrappedKeyOf(
  core: Core,
  call: Call,
  { input: { Encrypted, KmsKeyId }, uses }: PrerequisiteQuery,
): Promise<string | undefined> {
  if (!Encrypted || KmsKeyId === undefined) return undefined
  await core.dependencies.call(call, 'key-management')
  const { wrapped, uses: key } = await named('KmsKeyId', core.encryption.dataKey(call, KmsKeyId))
  if (key) uses.push(key)
  return wrapped
}

/** Short stock is not reported by the request: the instance fails, and is refunded. */
export function allocationOf(
  { uses }: Prerequisites,
  made: Resource,
  reservations: readonly Reservation[],
): Allocation {
  return { uses, makes: [made], reservations, whenShort: shortageDetail }
}

/** Compute is counted in CUs, disks one by one and in GiB. */
export function reservationsOf(
  groups: readonly NodeGroup[],
  charge: string,
): readonly Reservation[] {
  const cluster = { measure: 'cluster', type: '', zone: '', charge, amount: 1 } as const
  const each = groups.flatMap((group): Reservation[] => {
    const { zone, nodes, machine: type, cpu, disks } = group
    const machines = { measure: 'machine', type, zone, charge } as const
    return [
      { ...machines, amount: cpu * nodes.length },
      ...disks.flatMap((disk): Reservation[] => {
        const amount = disk.count * nodes.length
        const shared = { type: disk.type, zone, charge }
        return [
          { measure: 'disk', ...shared, amount },
          { measure: 'storage', ...shared, amount: amount * disk.sizeGib },
        ]
      }),
    ]
  })
  return [cluster, ...each]
}

/** The code of the coupon; an empty one is none. */
export function couponOf({ PromotionOptionNo: code }: CreateInput): string | undefined {
  return code === '' ? undefined : code
}

/** The resource group that every account begins with. Its id is made of the account's, so it is the same in every answer. */
export function defaultResourceGroup(account: string): string {
  return `rg-acfm${derivedWord(`resource-group/${account}`, 11)}`
}

function isOwnGroup(call: Call, id: string | undefined): id is string {
  return id !== undefined && id !== defaultResourceGroup(call.principal.account)
}

/** The service's own role must be there; the one for storage is looked for where everything must be declared. */
async function requireRoles(core: Core, call: Call, storage: string): Promise<void> {
  const names = core.environments.of(call).mode === 'open' ? [] : [storage]
  for (const id of [SERVICE_ROLE, ...names]) {
    const { exists } = await core.identity.role(call.principal.account, id)
    const parameter = id === storage ? { parameter: 'OssAccessingRoleName' } : {}
    if (!exists) throw new Fault('ResourceMissing', { what: 'role', id, ...parameter })
  }
}

interface PrerequisiteQuery {
  readonly input: CreateInput
  readonly uses: Resource[]
}

async function requireSubnets(
  core: Core,
  call: Call,
  { input, uses }: PrerequisiteQuery,
): Promise<readonly Subnet[]> {
  const { ZoneId: primary, VpcId: network } = input
  const subnets: Subnet[] = []
  const switches = switchesOf(core.environments.of(call), input)
  for (const [at, { VswId: id, ZoneId: zone }] of switches.entries()) {
    const place = zone === undefined ? { network } : { network, zone }
    const found = await named(
      `VSwitches.${at + 1}.VswId`,
      core.environments.require(call, { kind: 'subnet', id, ...place }),
    )
    const placed = { ...found, zone: found.zone ?? primary }
    uses.push(placed)
    subnets.push({ id, zone: placed.zone })
  }
  const [first] = subnets
  if (first && !subnets.some(({ zone }) => zone === primary)) {
    const { id, zone: actual } = first
    throw new Fault('ResourceMismatch', {
      what: 'subnet',
      parameter: 'VSwitches.1.VswId',
      id,
      by: 'zone',
      expected: primary,
      actual,
    })
  }
  return subnets
}

/** Those of the request. Without any, one of the VPC in the primary zone: a declared one, or the VPC's own. */
export function switchesOf(
  environment: Environment,
  { VSwitches = [], VpcId: network, ZoneId: zone, RegionId: region }: CreateInput,
): readonly { readonly VswId: string; readonly ZoneId?: string }[] {
  if (VSwitches.length > 0) return VSwitches
  const [declared] = listDeclared(environment, 'subnet', { region, network, zone })
  const own = `vsw-${derivedWord(`vswitch/${network}/${zone}`, 21)}`
  return [{ VswId: declared?.id ?? own, ZoneId: zone }]
}

/** The same letters and digits for the same text, for ids of things that exist without having been made. */
function derivedWord(text: string, length: number): string {
  const digest = createHash('sha256').update(text).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, length)
}
