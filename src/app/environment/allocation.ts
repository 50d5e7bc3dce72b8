/**
 * Taking from the environment, inside the transaction that creates a cluster: resources that are new to the account are
 * remembered, nodes get addresses of their subnets, supply is judged and reserved. All of it or, by the rollback, nothing.
 */
import { addressText, blockText, hostRange, parseBlock, type Block } from '../../kernel/cidr.ts'
import type { Cluster, Node, NodeGroup } from '../../domain/cluster/cluster.ts'
import {
  ADOPTED_NETWORK,
  adoptedBlock,
  declared,
  declaredBlocks,
  identify,
  type Environment,
  type Reservation,
  type Resource,
} from '../../domain/environment.ts'
import { Fault } from '../../domain/fault.ts'
import { checkSupply, merged } from '../../domain/supply.ts'
import { knownId, type KnownResource } from '../../store/document.ts'
import type { Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'

/** What a new cluster takes from its environment. */
export interface Claims {
  /** The resources it uses, as `require` answered; those that were adopted are remembered. */
  readonly uses: readonly Resource[]
  /** Resources that are made for it. */
  readonly makes: readonly Resource[]
  readonly reservations: readonly Reservation[]
  /** When supply or addresses do not suffice: the reason with which the cluster fails. Undefined refuses the request. */
  readonly whenShort?: string
}

export interface Claiming {
  readonly environment: Environment
  readonly cluster: Cluster
  readonly claims: Claims
}

export async function claim(tx: Writer, it: Claiming): Promise<Cluster> {
  const { cluster, claims } = it
  for (const resource of claims.uses) await remember(tx, it, resource)
  for (const resource of claims.makes) await insert(tx, it, { resource, origin: 'made' })
  try {
    return await take(tx, it)
  } catch (problem) {
    if (claims.whenShort === undefined || !isShortage(problem)) throw problem
    await tx.releaseAddresses(cluster.id)
    return { ...cluster, denied: claims.whenShort }
  }
}

function isShortage(problem: unknown): boolean {
  return (
    problem instanceof Fault &&
    (problem.code === 'ResourceShort' || problem.code === 'ResourceFull')
  )
}

async function take(tx: Writer, it: Claiming): Promise<Cluster> {
  const { cluster, claims, environment } = it
  const { account, region } = cluster
  const reservations = merged(claims.reservations)
  const groupLimits = claims.uses.flatMap((resource) => capacityOf(resource))
  await checkSupply(
    [...environment.limits, ...groupLimits],
    { region, wanted: reservations },
    (limit) => tx.reserved(account, limit),
  )
  const groups = await withAddresses(tx, it)
  for (const each of reservations) await tx.reserve({ account, region }, each)
  return { ...cluster, groups, reservations }
}

/** A placement group takes no more nodes than fit. */
function capacityOf({ kind, id, region, capacity }: Resource) {
  return kind === 'placement-group' && capacity !== undefined
    ? [{ rule: 'stock', measure: 'placement', type: id, region, most: capacity } as const]
    : []
}

/**
 * Kinds of which nothing needs to be remembered: any two uses of them agree. Pairs of the tag service could be as many as
 * requests.
 */
const FORGOTTEN: ReadonlySet<string> = new Set(['region', 'zone', 'tag', 'coupon'])

async function remember(tx: Writer, it: Claiming, resource: Resource): Promise<void> {
  const { environment, cluster } = it
  if (FORGOTTEN.has(resource.kind)) return
  if (declared(environment, resource.kind, resource.id, resource.region)) return
  const id = knownId(cluster.account, resource.kind, resource.id, resource.region)
  const known = await tx.find('resource', cluster.account, id)
  // Judged again: since the request was read, another one may have adopted it elsewhere.
  if (!identify(environment, resource, known?.document.resource).adopted) return
  const adopted = resource.kind === 'subnet' ? await withBlock(tx, it, resource) : resource
  await insert(tx, it, { resource: adopted, origin: 'adopted' })
}

async function insert(
  tx: Writer,
  { cluster }: Claiming,
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
async function withBlock(tx: Writer, it: Claiming, subnet: Resource): Promise<Resource> {
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

async function withAddresses(tx: Writer, it: Claiming): Promise<readonly NodeGroup[]> {
  const { cluster, environment } = it
  const subnets = [...new Set(cluster.groups.map((group) => group.subnet))]
  const given = new Map<string, Iterator<number>>()
  for (const id of subnets) {
    const count = nodesOf(cluster.groups.filter((group) => group.subnet === id))
    const cidr = await cidrOf(tx, it, id)
    const pool = `${cluster.account}/${cluster.region}/${id}/${cidr}`
    const full = { what: 'subnet', id } as const
    given.set(id, await takeFrom(tx, { pool, cidr, holder: cluster.id, count, full }))
  }
  const { publicAddresses: cidr, name } = environment
  const exposed = await takeFrom(tx, {
    pool: `public/${name}/${cidr}`,
    cidr,
    holder: cluster.id,
    count: nodesOf(cluster.groups.filter((group) => group.exposed === true)),
    full: { what: 'public-address', id: cidr },
  })
  return cluster.groups.map((group) => {
    const nodes = group.nodes.map((node): Node => {
      const address = nextText(given.get(group.subnet))
      const publicAddress = group.exposed === true ? nextText(exposed) : undefined
      return { ...node, ...(address && { address }), ...(publicAddress && { publicAddress }) }
    })
    return { ...group, nodes }
  })
}

interface Taking {
  readonly pool: string
  readonly cidr: string
  readonly holder: string
  readonly count: number
  readonly full: { readonly what: 'subnet' | 'public-address'; readonly id: string }
}

async function takeFrom(
  tx: Writer,
  { pool, cidr, holder, count, full }: Taking,
): Promise<Iterator<number>> {
  if (count === 0) return [][Symbol.iterator]()
  const { first, last } = hostRange(blockOf(cidr))
  const numbers = await tx.allocateAddresses({ pool, first, last, holder, count })
  if ('free' in numbers)
    throw new Fault('ResourceFull', { ...full, wanted: count, free: numbers.free })
  return numbers[Symbol.iterator]()
}

function nextText(numbers: Iterator<number> | undefined): string | undefined {
  const next = numbers?.next()
  return next === undefined || next.done === true ? undefined : addressText(next.value)
}

async function cidrOf(tx: Writer, { environment, cluster }: Claiming, id: string): Promise<string> {
  const { account, region } = cluster
  const there = declared(environment, 'subnet', id, region)
  if (there?.cidr !== undefined) return there.cidr
  const known = await tx.find('resource', account, knownId(account, 'subnet', id, region))
  const cidr = known?.document.resource.cidr
  if (cidr === undefined) throw new Error(`the subnet ${id} was not claimed`)
  return cidr
}

function blockOf(cidr: string): Block {
  const block = parseBlock(cidr)
  if (!block) throw new Error(`${cidr} is not a block of addresses`)
  return block
}

function nodesOf(groups: readonly NodeGroup[]): number {
  return groups.reduce((sum, group) => sum + group.nodes.length, 0)
}
