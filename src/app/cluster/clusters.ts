/**
 * What may be asked of clusters. Every verb is one unit of work: the change, its operation, its audit entry and the work item that
 * asks the reconciler to act are committed together or not at all. No verb touches a substrate.
 */
import * as domain from '../../domain/cluster/cluster.ts'
import type { Cluster, Tag } from '../../domain/cluster/cluster.ts'
import type { Listing, Page } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { Call } from '../call.ts'
import { changeCluster, presentCluster, type Change } from './modify.ts'
import {
  createCluster,
  findCreated,
  type CreateOptions,
  type Created,
  type Creation,
} from './create.ts'
import { listSeen, peekClusters } from './visibility.ts'
import { pageMarks, type PageMarks } from './page-position.ts'

export type ClusterListing = Omit<Listing, 'account' | 'product' | 'behindSeq'>

/** What a caller demands of a cluster before it is changed; seen as it is in the transaction. Throws a Fault. */
export type Demand = (was: Cluster) => void

export interface Clusters {
  /** Throws IdempotencyConflict when the token was spent on other parameters, NotSupported when nothing can carry it. */
  create(call: Call, creation: Creation): Promise<Created>
  /** What an earlier create of the same token and parameters was answered; undefined when there was none. */
  created(
    call: Call,
    creation: Pick<Creation, 'token' | 'parameters'>,
  ): Promise<Created | undefined>
  get(call: Call, id: string): Promise<Cluster>
  list(call: Call, listing: ClusterListing): Promise<Page<'cluster'>>
  /** Those of `ids` that are the caller's, by id; looking this way does not count as looking. */
  peek(call: Call, ids: readonly string[]): Promise<ReadonlyMap<string, Cluster>>
  rename(call: Call, id: string, name: string, demand?: Demand): Promise<void>
  moveScope(call: Call, id: string, scope: string): Promise<void>
  /** Tags every cluster of `ids` or none. */
  tag(call: Call, ids: readonly string[], tags: readonly Tag[]): Promise<void>
  untag(call: Call, ids: readonly string[], keys: readonly string[] | 'all'): Promise<void>
  /** Adds, changes and removes tags of one cluster at once; returns the flow number of the operation. */
  retag(
    call: Call,
    id: string,
    change: { set: readonly Tag[]; remove: readonly string[] },
  ): Promise<number>
  /** Starts the deletion. Throws ClusterNotFound for one that is gone or going. */
  release(call: Call, id: string, demand?: Demand): Promise<void>
  /** Puts a prepaid cluster into the recycle state, from which it can be restored or released. */
  isolate(call: Call, id: string): Promise<void>
}

export interface ClustersOptions extends CreateOptions {
  /** Told which clusters a client looks at; true when looking changed them (simulations in manual mode move by that). */
  readonly described: (ids: readonly string[]) => Promise<boolean>
}

export function clusters(options: ClustersOptions): Clusters {
  const { store, clock } = options
  const marks = pageMarks()
  const change = (it: Change) => store.write((tx) => changeCluster(tx, options, it))
  const changeAll = (ids: readonly string[], it: Omit<Change, 'id'>): Promise<void> =>
    store.write(async (tx) => {
      for (const id of ids) await changeCluster(tx, options, { ...it, id })
    })
  return {
    create: (call, creation) => createCluster(options, call, creation),
    created: (call, creation) => findCreated(options, call, creation),
    get: (call, id) => getCluster(options, call, id),
    list: (call, listing) => listClusters(options, marks, { call, listing }),
    peek: (call, ids) => store.read((tx) => peekClusters(tx, call, ids)),
    async rename(call, id, name, demand) {
      const work = (was: Cluster) => {
        demand?.(was)
        return domain.rename(was, name)
      }
      await change({ call, id, verb: 'rename', work })
    },
    async moveScope(call, id, scope) {
      await change({ call, id, verb: 'move', work: (was) => domain.moveScope(was, scope) })
    },
    tag: (call, ids, tags) =>
      changeAll(ids, {
        call,
        verb: 'tag',
        work: (was) => domain.tag(was, tags, limits.tagsPerCluster),
      }),
    untag: (call, ids, keys) =>
      changeAll(ids, { call, verb: 'untag', work: (was) => domain.untag(was, keys) }),
    async retag(call, id, { set, remove }) {
      const work = (was: Cluster) =>
        domain.tag(domain.untag(was, remove), set, limits.tagsPerCluster)
      return (await change({ call, id, verb: 'tag', work })).flow
    },
    async release(call, id, demand) {
      const at = { nowMs: clock.now(), reason: 'waiting for nodes to stop' }
      const work = (was: Cluster) => {
        demand?.(was)
        return domain.advance(was, 'release', at)
      }
      await change({ call, id, verb: 'delete', unsettled: ['stop', 'remove'], billed: true, work })
    },
    async isolate(call, id) {
      await change({
        call,
        id,
        verb: 'isolate',
        billed: true,
        work: (was) => domain.advance(was, 'isolate', { nowMs: clock.now() }),
      })
    },
  }
}

async function getCluster(
  { store, described }: ClustersOptions,
  call: Call,
  id: string,
): Promise<Cluster> {
  const read = () => store.read((tx) => presentCluster(tx, call, id, { deletingToo: true }))
  const found = await read()
  return (await described([id])) ? (await read()).document : found.document
}

async function listClusters(
  { store, described }: ClustersOptions,
  marks: PageMarks,
  { call, listing }: { readonly call: Call; readonly listing: ClusterListing },
): Promise<Page<'cluster'>> {
  const whole: Listing = { ...listing, account: call.principal.account, product: call.product }
  const inOrderOfCreation = listing.order === 'newest' || listing.order === 'oldest'
  const { offset } = listing
  const walk = inOrderOfCreation ? walkOf(call, listing) : ''
  const behindSeq = inOrderOfCreation && offset > 0 ? marks.behind(walk, offset) : undefined
  const placed = behindSeq === undefined ? whole : { ...whole, behindSeq, offset: 0 }
  const { sees } = call
  const read = () =>
    store.read((tx) => (sees ? listSeen(tx, placed, sees) : tx.list('cluster', placed)))
  let page = await read()
  if (await described(page.rows.map((row) => row.document.id))) page = await read()
  const last = page.rows.at(-1)
  if (inOrderOfCreation && last) marks.note(walk, offset + page.rows.length, last.seq)
  return page
}

/**
 * Names a walk through a listing: the same caller, asking for the same, page after page. An action makes its listing in one way, so
 * that equal listings have their members in the same order.
 */
function walkOf(call: Call, listing: ClusterListing): string {
  const asked = JSON.stringify({ ...listing, offset: 0 })
  return `${call.principal.account}/${call.principal.id} ${call.product} ${asked}`
}
