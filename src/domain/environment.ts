/**
 * The environment of a cloud: what is already there when a cluster is made, and how much there is of it. Pure data and pure
 * look-ups; the words are neutral, each dialect maps them to its own.
 *
 * `open`: an id that is not declared is adopted on first sight, with the place that the request gives it, and must be used
 * consistently from then on. `closed`: it must be declared. Regions and zones are never adopted. What is declared `absent` is
 * missing in either mode.
 */
import type { ObjectVolume } from './object-storage.ts'
import { contains, overlaps, parseBlock, type Block } from '../kernel/cidr.ts'
import { Fault } from './fault.ts'

export const resourceKinds = [
  'region',
  'zone',
  'network',
  'subnet',
  'security-group',
  'key-pair',
  'bucket',
  'project',
  'resource-group',
  'placement-group',
  'container-cluster',
  /** Roles are declared with their account; they have a place here for the sake of refusals. */
  'role',
  'tag',
  'coupon',
  'encryption-key',
  'catalog',
  'metadata-database',
] as const

export type ResourceKind = (typeof resourceKinds)[number]

export interface Resource {
  readonly kind: ResourceKind
  readonly id: string
  /** Empty for kinds that belong to no region. */
  readonly region: string
  readonly name?: string
  readonly zone?: string
  /** The network it lies in. */
  readonly network?: string
  readonly cidr?: string
  /** Declared as not there: not even an open environment adopts it. */
  readonly absent?: boolean
  /** Why it cannot be used although it is there. */
  readonly problem?: string
  /** Of a security group: the ports that it opens to everyone. */
  readonly ports?: readonly number[]
  /** Of a catalog: the folder of its tables, as an object's name. */
  readonly location?: string
  /** Of a catalog: the server of Iceberg's REST protocol that keeps it, one of the environment's. */
  readonly rest?: string
  /** How many nodes fit in; unlimited when left out. */
  readonly capacity?: number
  /** Of a container cluster: so many machines, each of so many cores and GiB; unlimited when left out. */
  readonly nodes?: number
  readonly cpu?: number
  readonly memory?: number
}

/** What is counted, per account. */
export const measures = [
  'cluster',
  'machine',
  'disk',
  'storage',
  'placement',
  'pod-cpu',
  'pod-memory',
] as const
export type Measure = (typeof measures)[number]

/** So much of something, taken by one cluster. `storage` and `pod-memory` are in GiB, all else in pieces. */
export interface Reservation {
  readonly measure: Measure
  /** The machine's or disk's type, the placement group's or container cluster's id; empty where there is none. */
  readonly type: string
  readonly zone: string
  readonly charge: string
  readonly amount: number
}

/** At most so much of whatever matches; a member that is left out matches everything. */
export interface Limit {
  /** Stock can be sold out; a quota is what the account may have. Stock is judged first. */
  readonly rule: 'stock' | 'quota'
  readonly measure: Measure
  readonly type?: string
  readonly region?: string
  readonly zone?: string
  readonly charge?: string
  readonly most: number
}

export interface Environment {
  /** The cloud whose environment it is, as its section of the declared file is called. */
  readonly name: string
  readonly mode: 'open' | 'closed'
  /** By `resourceKey`. */
  readonly resources: ReadonlyMap<string, Resource>
  readonly limits: readonly Limit[]
  /** The block that public addresses come from. */
  readonly publicAddresses: string
  /** What keeps the objects of its buckets; absent where nothing does, and buckets are names only. */
  readonly objectStorage?: ObjectStorageSource
  /** Addresses of the servers of Iceberg's REST protocol that engines may ask. */
  readonly icebergRest?: readonly string[]
  /** Addresses of Hive's metastores that they may ask. */
  readonly hiveMetastores?: readonly string[]
}

/** A program of this machine's, or whatever speaks S3's protocol at an address, with the keys of a file that nobody else can read. */
export type ObjectStorageSource =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'endpoint'
      readonly endpoint: string
      readonly region: string
      readonly keyFile: string
      /** Where engines keep data of their own, each in a folder there; absent where they do not. */
      readonly volumes?: ObjectVolume
    }

/** What a cloud has when nobody declares anything, and how its ids look. */
export interface BuiltIn {
  readonly name: string
  /** The API products that live in it. */
  readonly products: readonly string[]
  readonly resources: readonly Resource[]
  readonly limits: readonly Limit[]
  readonly publicAddresses: string
  /** An id of another form could be declared, but never be asked for. */
  readonly ids: Partial<Record<ResourceKind, { readonly pattern: RegExp; readonly looks: string }>>
}

/** Kinds that are the same in every region. */
const GLOBAL: ReadonlySet<ResourceKind> = new Set<ResourceKind>([
  'region',
  'bucket',
  'project',
  'resource-group',
  'role',
  'tag',
  'coupon',
])

export function isRegional(kind: ResourceKind): boolean {
  return !GLOBAL.has(kind)
}

export function resourceKey(kind: ResourceKind, id: string, region: string): string {
  return `${kind}/${isRegional(kind) ? region : ''}/${id}`
}

export function environmentOf(
  it: Omit<Environment, 'resources'> & { resources: readonly Resource[] },
): Environment {
  const keyed = it.resources.map(
    (each) => [resourceKey(each.kind, each.id, each.region), each] as const,
  )
  return { ...it, resources: new Map(keyed) }
}

/** The declaration, also one of absence; undefined when there is none. */
export function declared(
  environment: Environment,
  kind: ResourceKind,
  id: string,
  region: string,
): Resource | undefined {
  return environment.resources.get(resourceKey(kind, id, region))
}

/** Everything of a kind that is there, in the order of declaration. */
export function listDeclared(
  environment: Environment,
  kind: ResourceKind,
  where: Partial<Pick<Resource, 'region' | 'zone' | 'network'>> = {},
): readonly Resource[] {
  const wanted = Object.entries(where) as [keyof Resource, string][]
  return [...environment.resources.values()].filter(
    (each) =>
      each.kind === kind &&
      !each.absent &&
      wanted.every(([member, value]) => each[member] === value),
  )
}

/** What a request says about a resource: the place to give it, should it be adopted. */
export interface ResourceReference extends Partial<Pick<Resource, 'name' | 'zone' | 'network'>> {
  readonly kind: ResourceKind
  readonly id: string
  readonly region: string
}

/**
 * The resource as declared, as known from earlier (`known`), or adopted now. Throws ResourceMissing, ResourceMismatch when the
 * request places it elsewhere than it lies, ResourceUnfit when it cannot be used.
 */
export function identify(
  environment: Environment,
  reference: ResourceReference,
  known: Resource | undefined,
): { readonly resource: Resource; readonly adopted: boolean } {
  const found = declared(environment, reference.kind, reference.id, reference.region) ?? known
  if (found?.absent) throw missing(environment, reference)
  if (found) {
    checkAgreement(found, reference)
    if (found.problem !== undefined)
      throw new Fault('ResourceUnfit', { what: found.kind, id: found.id, problem: found.problem })
    return { resource: found, adopted: false }
  }
  const adoptable = reference.kind !== 'region' && reference.kind !== 'zone'
  if (environment.mode === 'closed' || !adoptable) throw missing(environment, reference)
  return {
    resource: isRegional(reference.kind) ? reference : { ...reference, region: '' },
    adopted: true,
  }
}

/** Throws ResourceMismatch. What either side leaves open agrees with anything. */
function checkAgreement(resource: Resource, reference: ResourceReference): void {
  for (const by of ['network', 'zone'] as const) {
    const actual = resource[by]
    const expected = reference[by]
    if (actual === undefined || expected === undefined || actual === expected) continue
    throw new Fault('ResourceMismatch', {
      what: resource.kind,
      id: resource.id,
      by,
      expected,
      actual,
    })
  }
}

/** A pair that the tag service knows; neither part can be mistaken for the other. */
export function tagId(key: string, value: string): string {
  return `${encodeURIComponent(key)}=${encodeURIComponent(value)}`
}

/** A network that was adopted could be anything; it gets the largest private block. */
export const ADOPTED_NETWORK = '10.0.0.0/8'

const LARGE_SLICES = 7
const SMALL_SLICES = 256
const SMALLEST_SUBNET = 8

/**
 * The block of the subnet that is adopted after `earlier` others of its network: slices of the upper half of the network's
 * block, seven large ones (a load test fits into each) and then small ones, none over a declared subnet. Undefined when the
 * network has no room left.
 */
export function adoptedBlock(
  network: Block,
  taken: readonly Block[],
  earlier: number,
): Block | undefined {
  const large = network.size / 16
  const small = large / SMALL_SLICES
  const upper = network.first + network.size / 2
  let left = earlier
  for (let at = 0; at < LARGE_SLICES + SMALL_SLICES; at++) {
    const isLarge = at < LARGE_SLICES
    const size = isLarge ? large : small
    const offset = isLarge ? at * large : LARGE_SLICES * large + (at - LARGE_SLICES) * small
    const block = { first: upper + offset, size }
    if (size < SMALLEST_SUBNET) return undefined
    if (taken.some((each) => overlaps(each, block))) continue
    if (left-- === 0) return block
  }
  return undefined
}

/** The blocks of a network's declared subnets. */
export function declaredBlocks(environment: Environment, network: Resource): readonly Block[] {
  const { id, region } = network
  return listDeclared(environment, 'subnet', { network: id, region }).flatMap(
    ({ cidr }) => parseBlock(cidr ?? '') ?? [],
  )
}

/** What is wrong with declarations that refer to each other, a sentence each. */
export function inconsistencies(environment: Environment): readonly {
  readonly resource: Resource
  readonly problem: string
}[] {
  const wrong: { resource: Resource; problem: string }[] = []
  const subnets = listDeclared(environment, 'subnet')
  // Each once: every subnet is compared with all before it.
  const blocks = subnets.map(({ cidr }) => parseBlock(cidr ?? ''))
  for (const [at, subnet] of subnets.entries()) {
    const { id, region, network = '', zone = '' } = subnet
    const note = (problem: string) =>
      wrong.push({ resource: subnet, problem: `subnet ${id} ${problem}` })
    const outer = declared(environment, 'network', network, region)
    if (!outer) {
      note(`lies in network ${network}, which is not declared in ${region}`)
      continue
    }
    const home = declared(environment, 'zone', zone, region)
    if (!home) note(`lies in zone ${zone}, which is not one of ${region}`)
    const block = blocks[at]
    const around = parseBlock(outer.cidr ?? '')
    if (!block || !around) continue
    if (!contains(around, block))
      note(`has ${subnet.cidr}, which is not within ${outer.cidr} of ${network}`)
    const twin = subnets.slice(0, at).find((each, before) => {
      const other = blocks[before]
      return each.network === network && each.region === region && other && overlaps(other, block)
    })
    if (twin) note(`has ${subnet.cidr}, which overlaps ${twin.cidr} of ${twin.id}`)
  }
  for (const resource of listDeclared(environment, 'catalog')) {
    const { id, rest } = resource
    if (rest === undefined || environment.icebergRest?.includes(rest)) continue
    wrong.push({ resource, problem: `catalog ${id} is kept by ${rest}, which iceberg-rest lacks` })
  }
  return wrong
}

function missing(environment: Environment, { kind, id, region }: ResourceReference): Fault {
  const place = isRegional(kind) ? { region } : {}
  const known = listDeclared(environment, kind, place).map((each) => each.id)
  return new Fault('ResourceMissing', { what: kind, id, known })
}
