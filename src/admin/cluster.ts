/**
 * The clusters of every account, a page at a time, newest first: what `emrys clusters` shows; and one of them whole, with what
 * its cloud's own actions do not tell. No secret is among it.
 */
import { nodeStatus, type Cluster } from '../domain/cluster/cluster.ts'
import { clusterLifecycle, type ClusterState } from '../domain/cluster/lifecycle.ts'
import type { Endpoint } from '../domain/cluster/status.ts'
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'
import type { Listing } from '../store/port.ts'
import type { AdminContext } from './context.ts'
import { AdminProblem, json, timeOf, wholeOf, type Page } from './page.ts'

/** One cluster as the admin pages show it. */
export interface ClusterRow {
  readonly id: string
  readonly name: string
  readonly product: string
  readonly family: string
  readonly version: string
  readonly account: string
  readonly region: string
  readonly state: ClusterState
  readonly reason: string
  readonly since: string
  readonly created: string
  readonly substrate: string
  readonly nodes: number
  readonly nodesReady: number
  /** Where it can be reached while it runs; empty where nothing answers. */
  readonly endpoints: readonly Endpoint[]
}

export interface ClusterPage {
  readonly total: number
  readonly clusters: readonly ClusterRow[]
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: number | null
}

export function clustersPage({ store }: Pick<AdminContext, 'store'>): Page {
  return {
    method: 'GET',
    path: '/_emrys/clusters',
    does: 'clusters of every account, newest first',
    query: ['product', 'state', 'region', 'account', 'name', 'limit', 'after'],
    async run({ query }) {
      const listing = listingOf(query)
      const { total, rows } = await store.read((tx) => tx.list('cluster', listing))
      const next = rows.length === listing.limit ? (rows.at(-1)?.seq ?? null) : null
      const clusters = rows.map((row) => rowOf(row.document))
      return json({ total, clusters, next } satisfies ClusterPage)
    },
  }
}

/**
 * One cluster as it is recorded. Of its secrets only the names are returned, never the values. Beside it, what
 * can be seen of it by now: the scripts that ran on its nodes, and the state of the key that its disks are encrypted with.
 */
export function clusterPage(context: Pick<AdminContext, 'store' | 'substrates' | 'keys'>): Page {
  const { store } = context
  return {
    method: 'GET',
    path: '/_emrys/clusters/{name}',
    does: 'one cluster as it is recorded, with everything but its secrets',
    async run({ name }) {
      const found = await store.read((tx) => tx.findById('cluster', name))
      if (!found) throw new AdminProblem(`there is no cluster ${name}`, 404)
      const { secrets, ...shown } = found.document
      return json({
        cluster: { ...shown, secrets: Object.keys(secrets).sort() },
        scriptRuns: await runsOf(context, found.document),
        encryption: await encryptionOf(context, found.document),
      })
    },
  }
}

async function runsOf({ substrates }: Pick<AdminContext, 'substrates'>, cluster: Cluster) {
  const { runs = [] } = (await substrates.get(cluster.substrate)?.observe(cluster.id)) ?? {}
  return runs.map(({ startedMs, ...run }) => ({ ...run, started: timeOf(startedMs) }))
}

async function encryptionOf({ keys }: Pick<AdminContext, 'keys'>, cluster: Cluster) {
  if (cluster.spec.encryption === undefined) return null
  const { key: id } = cluster.spec.encryption
  const { account, region } = cluster
  try {
    const state = (await keys.describe({ account, region, id })) ?? 'missing'
    return { key: id, service: keys.name, state }
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem
    return { key: id, service: keys.name, state: 'unknown' }
  }
}

function listingOf(query: URLSearchParams): Listing {
  const text = (name: string) => query.get(name) ?? undefined
  const states = query.getAll('state')
  for (const state of states) {
    if (!clusterLifecycle.states.includes(state as ClusterState))
      throw new AdminProblem(`state must be one of ${clusterLifecycle.states.join(', ')}`)
  }
  const product = text('product')
  const region = text('region')
  const nameContains = text('name')
  const behindSeq = wholeOf(query, 'after', { min: 1, max: Number.MAX_SAFE_INTEGER })
  return {
    account: text('account'),
    order: 'newest',
    limit: wholeOf(query, 'limit', { min: 1, max: limits.adminRows }) ?? limits.pageSize,
    offset: 0,
    ...(product === undefined ? {} : { product }),
    ...(region === undefined ? {} : { region }),
    ...(nameContains === undefined ? {} : { nameContains }),
    // Deleted ones are kept for a while for their history; they are shown only to those who ask.
    ...(states.length > 0 ? { states } : { exceptStates: ['deleted'] }),
    ...(behindSeq === undefined ? {} : { behindSeq }),
  }
}

function rowOf(it: Cluster): ClusterRow {
  const nodes = it.spec.groups.flatMap((group) => group.nodes)
  return {
    id: it.id,
    name: it.name,
    product: it.product,
    family: it.spec.software.family,
    version: it.spec.software.version,
    account: it.account,
    region: it.region,
    state: it.status.state,
    reason: it.status.reason,
    since: timeOf(it.status.stateSinceMs),
    created: timeOf(it.createdMs),
    substrate: it.substrate,
    nodes: nodes.length,
    nodesReady: nodes.filter((node) => nodeStatus(it, node).ready).length,
    endpoints: it.status.state === 'running' ? (it.status.endpoints ?? []) : [],
  }
}
