/**
 * Allocation from the environment, inside the transaction that creates or changes a cluster: resources that are new to the
 * account are remembered, nodes get addresses of their subnets, supply is checked and reserved. All of it or, by the rollback,
 * nothing.
 */
import { addressText, blockText, hostRange, parseBlock, type Block } from '../../kernel/cidr.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { nodesOf, type Node, type NodeGroup } from '../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import {
  ADOPTED_NETWORK,
  adoptedBlock,
  declared,
  declaredBlocks,
  identify,
  type Environment,
  type Limit,
  type Measure,
  type Reservation,
  type Resource,
} from '../../domain/environment.ts'
import { Fault } from '../../domain/fault.ts'
import { checkSupply, excess, merged } from '../../domain/supply.ts'
import { knownId, type KnownResource } from '../../store/document.ts'
import type { Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'

/** What a new cluster takes from its environment. */
export interface Allocation {
  /** The resources it uses, as `require` answered; those that were adopted are remembered. */
  readonly uses: readonly Resource[]
  /** Resources that are made for it. */
  readonly makes: readonly Resource[]
  readonly reservations: readonly Reservation[]
  /** When supply or addresses do not suffice: the reason with which the cluster fails. Undefined refuses the request. */
  readonly whenShort?: string
}

export interface AllocationRequest {
  readonly environment: Environment
  readonly cluster: Cluster
  readonly allocation: Allocation
}

/** What is allocated for, and where. */
type Place = Pick<AllocationRequest, 'cluster' | 'environment'>

export async function allocate(tx: Writer, it: AllocationRequest): Promise<Cluster> {
  const { cluster, allocation } = it
  const known = await rememberAll(tx, it, allocation.uses)
  for (const resource of allocation.makes) await insert(tx, it, { resource, origin: 'made' })
  try {
    return await reserveAll(tx, it, known)
  } catch (problem) {
    if (allocation.whenShort === undefined || !isShortage(problem)) throw problem
    await tx.releaseAddresses(cluster.id)
    return { ...cluster, status: { ...cluster.status, denied: allocation.whenShort } }
  }
}

export interface Reallocation {
  readonly environment: Environment
  readonly cluster: Cluster
  /** What is wanted of it from now on. */
  readonly spec: ClusterSpec
  /** All that it holds once it is changed. */
  readonly reservations: readonly Reservation[]
  /** The resources that its new nodes use. */
  readonly uses: readonly Resource[]
}

/**
 * The cluster with the spec, with addresses for its new nodes and with what it needs more. What it needs less it still holds:
 * that is released when it is gone. Throws ResourceShort, QuotaExceeded, ResourceFull.
 */
export async function reallocate(tx: Writer, it: Reallocation): Promise<Cluster> {
  const { environment, cluster, spec, uses } = it
  const { account, region, reservations: held = [] } = cluster
  const more = excess(it.reservations, held)
  const known = await rememberAll(tx, it, uses)
  await checkSupply(
    [...environment.limits, ...uses.flatMap(capacityOf)],
    { region, wanted: more },
    (relevant) => tx.reserved(account, relevant),
  )
  const groups = await withAddresses(tx, { environment, cluster: { ...cluster, spec } }, known)
  await tx.reserve({ account, region }, more)
  return { ...cluster, spec: { ...spec, groups }, reservations: merged([...held, ...more]) }
}

function isShortage(problem: unknown): boolean {
  return (
    problem instanceof Fault &&
    (problem.code === 'ResourceShort' || problem.code === 'ResourceFull')
  )
}

async function reserveAll(tx: Writer, it: AllocationRequest, known: Known): Promise<Cluster> {
  const { cluster, allocation, environment } = it
  const { account, region } = cluster
  const reservations = merged(allocation.reservations)
  const groupLimits = allocation.uses.flatMap(capacityOf)
  await checkSupply(
    [...environment.limits, ...groupLimits],
    { region, wanted: reservations },
    (relevant) => tx.reserved(account, relevant),
  )
  const groups = await withAddresses(tx, it, known)
  await tx.reserve({ account, region }, reservations)
  return { ...cluster, spec: { ...cluster.spec, groups }, reservations }
}

/** A placement group takes no more nodes than fit, a container cluster no more pods than its machines carry. */
function capacityOf({ kind, id, region, capacity, nodes = 0, cpu, memory }: Resource): Limit[] {
  const of = (measure: Measure, most: number | undefined): Limit[] =>
    most === undefined ? [] : [{ rule: 'stock', measure, type: id, region, most }]
  if (kind === 'placement-group') return of('placement', capacity)
  if (kind !== 'container-cluster' || cpu === undefined || memory === undefined) return []
  return [...of('pod-cpu', nodes * cpu), ...of('pod-memory', nodes * memory)]
}

/**
 * Kinds of which nothing needs to be remembered: any two uses of them agree. Pairs of the tag service could be as many as
 * requests.
 */
const FORGOTTEN: ReadonlySet<string> = new Set(['region', 'zone', 'tag', 'coupon'])

/** What a request uses and no environment declares, as it is remembered, by its id in the store. */
type Known = ReadonlyMap<string, Resource>

async function rememberAll(tx: Writer, it: Place, uses: readonly Resource[]): Promise<Known> {
  const all = new Map<string, Resource>()
  for (const resource of uses) {
    const { environment, cluster } = it
    if (FORGOTTEN.has(resource.kind)) continue
    if (declared(environment, resource.kind, resource.id, resource.region)) continue
    const id = knownId(cluster.account, resource.kind, resource.id, resource.region)
    all.set(id, await remember(tx, it, { id, resource }))
  }
  return all
}

async function remember(
  tx: Writer,
  it: Place,
  { id, resource }: { readonly id: string; readonly resource: Resource },
): Promise<Resource> {
  const { environment, cluster } = it
  const known = await tx.find('resource', cluster.account, id)
  // Judged again: since the request was read, another one may have adopted it elsewhere.
  const found = identify(environment, resource, known?.document.resource)
  if (!found.adopted) return found.resource
  const adopted = resource.kind === 'subnet' ? await withBlock(tx, it, resource) : resource
  await insert(tx, it, { resource: adopted, origin: 'adopted' })
  return adopted
}

async function insert(
  tx: Writer,
  { cluster }: Pick<Place, 'cluster'>,
  it: Pick<KnownResource, 'resource' | 'origin'>,
): Promise<void> {
  const { account, createdMs } = cluster
  const { kind, id, region } = it.resource
  if (it.origin === 'adopted') await checkRoom(tx, account)
  const document = { ...it, id: knownId(account, kind, id, region), account, createdMs }
  await tx.insert('resource', document, createdMs)
}

/** Throws LimitReached: ids cost nothing to make up, so what is remembered of them must be bounded. */
async function checkRoom(tx: Writer, account: string): Promise<void> {
  const limit = limits.resourcesAdopted
  const listing = { account, origin: 'adopted', order: 'oldest', limit: 1, offset: 0 } as const
  const { total } = await tx.list('resource', listing)
  if (total >= limit) throw new Fault('LimitReached', { what: 'adopted resources', limit })
}

/** An adopted subnet gets addresses of its network that no other subnet has. */
async function withBlock(tx: Writer, it: Place, subnet: Resource): Promise<Resource> {
  const { account } = it.cluster
  const { network = '', region } = subnet
  const around = declared(it.environment, 'network', network, region)
  const { total: earlier } = await tx.list('resource', {
    account,
    parent: knownId(account, 'network', network, region),
    resourceKind: 'subnet',
    order: 'oldest',
    limit: 1,
    offset: 0,
  })
  const block = adoptedBlock(
    blockOf(around?.cidr ?? ADOPTED_NETWORK),
    around ? declaredBlocks(it.environment, around) : [],
    earlier,
  )
  if (!block) throw new Fault('ResourceFull', { what: 'network', id: network, wanted: 1, free: 0 })
  return { ...subnet, cidr: blockText(block) }
}

/** Addresses for the nodes that have none yet. */
async function withAddresses(tx: Writer, it: Place, known: Known): Promise<readonly NodeGroup[]> {
  const { cluster, environment } = it
  const { groups } = cluster.spec
  const subnets = [...new Set(groups.map((group) => group.subnet))]
  const demands: AddressDemand[] = []
  for (const id of subnets) {
    const count = unaddressed(groups.filter((group) => group.subnet === id))
    const cidr = await cidrOf(tx, { ...it, known }, id)
    const pool = `${cluster.account}/${cluster.region}/${id}/${cidr}`
    demands.push({ pool, cidr, count, full: { what: 'subnet', id } })
  }
  const { publicAddresses: cidr, name } = environment
  const of = { pool: `public/${name}/${cidr}`, full: { what: 'public-address', id: cidr } } as const
  const count = unaddressed(groups.filter((group) => group.exposed === true))
  const numbers = await takeFrom(tx, cluster.id, [...demands, { ...of, cidr, count }])
  const given = new Map(subnets.map((id, at) => [id, numbers[at]]))
  const exposed = numbers[subnets.length]
  return groups.map((group) => {
    const nodes = group.nodes.map((node): Node => {
      if (node.address !== undefined) return node
      const address = nextText(given.get(group.subnet))
      const publicAddress = group.exposed === true ? nextText(exposed) : undefined
      return { ...node, ...(address && { address }), ...(publicAddress && { publicAddress }) }
    })
    return { ...group, nodes }
  })
}

interface AddressDemand {
  readonly pool: string
  readonly cidr: string
  readonly count: number
  readonly full: { readonly what: 'subnet' | 'public-address'; readonly id: string }
}

/** For each demand the addresses that it gets. Throws ResourceFull. */
async function takeFrom(
  tx: Writer,
  holder: string,
  demands: readonly AddressDemand[],
): Promise<readonly Iterator<number>[]> {
  const wanted = demands.filter(({ count }) => count > 0)
  const taken = await tx.allocateAddresses(
    holder,
    wanted.map(({ pool, cidr, count }) => ({ pool, ...hostRange(blockOf(cidr)), count })),
  )
  if ('short' in taken) {
    const { pool, count } = taken.short
    const full = wanted.find((each) => each.pool === pool)!.full
    throw new Fault('ResourceFull', { ...full, wanted: count, free: taken.free })
  }
  return demands.map((demand) => (taken[wanted.indexOf(demand)] ?? []).values())
}

function nextText(numbers: Iterator<number> | undefined): string | undefined {
  const next = numbers?.next()
  return next === undefined || next.done === true ? undefined : addressText(next.value)
}

async function cidrOf(
  tx: Writer,
  { environment, cluster, known }: Place & { readonly known: Known },
  subnet: string,
): Promise<string> {
  const { account, region } = cluster
  const there = declared(environment, 'subnet', subnet, region)
  if (there?.cidr !== undefined) return there.cidr
  const id = knownId(account, 'subnet', subnet, region)
  const found = known.get(id) ?? (await tx.find('resource', account, id))?.document.resource
  if (found?.cidr === undefined) throw new Error(`the subnet ${subnet} was never allocated from`)
  return found.cidr
}

function blockOf(cidr: string): Block {
  const block = parseBlock(cidr)
  if (!block) throw new Error(`${cidr} is not a block of addresses`)
  return block
}

function unaddressed(groups: readonly NodeGroup[]): number {
  return nodesOf(groups).filter(({ address }) => address === undefined).length
}
