/**
 * What may be asked of clusters. Every verb is one unit of work: the change, its operation, its audit entry and the mark that
 * asks the reconciler to act are committed together or not at all. No verb touches a substrate.
 */
import { canonicalJson } from '../kernel/json.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { Sealer } from '../kernel/seal.ts'
import * as domain from '../domain/cluster.ts'
import type { Cluster, Tag } from '../domain/cluster.ts'
import { Fault } from '../domain/fault.ts'
import type { Operation } from '../domain/operation.ts'
import type { Order } from '../domain/order.ts'
import {
  Conflict,
  type Listing,
  type Page,
  type Store,
  type Stored,
  type Writer,
} from '../store/store.ts'
import { limits } from '../limits.ts'
import type { Call } from './call.ts'
import { pageMarks } from './page-mark.ts'

/** A cluster as asked for; the core adds its state and seals its secrets. */
export interface Draft {
  readonly cluster: Omit<
    Cluster,
    | 'account'
    | 'product'
    | 'state'
    | 'reason'
    | 'stateSinceMs'
    | 'createdMs'
    | 'generation'
    | 'observedGeneration'
    | 'substrate'
    | 'secrets'
  >
  /** Clear texts by name; sealed before they are written. */
  readonly secrets: Readonly<Record<string, string>>
  readonly order: Omit<Order, 'account' | 'cluster' | 'createdMs'>
}

export interface Creation {
  /** The client's idempotency token, if it sent one. */
  readonly token: string | undefined
  /** What makes two requests the same: every parameter but the token. */
  readonly parameters: unknown
  /** Makes a draft with fresh ids; called again should an id be taken. */
  draft(): Draft
}

export interface Created {
  readonly cluster: string
  readonly order: string
}

export type ClusterListing = Omit<Listing, 'account' | 'product' | 'behindSeq'>

export interface Clusters {
  create(call: Call, creation: Creation): Promise<Created>
  get(call: Call, id: string): Promise<Cluster>
  list(call: Call, listing: ClusterListing): Promise<Page<'cluster'>>
  rename(call: Call, id: string, name: string): Promise<void>
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
  release(call: Call, id: string): Promise<void>
  /** Puts a prepaid cluster into the recycle state, from which it can be restored or released. */
  isolate(call: Call, id: string): Promise<void>
}

export interface ClustersOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly sealer: Sealer
  /** Names the substrate for a new cluster; throws NotSupported when none can carry it. */
  readonly substrateFor: (draft: Draft) => string
  /** Told which clusters a client looks at; true when looking changed them (simulations in manual mode move by that). */
  readonly described: (ids: readonly string[]) => Promise<boolean>
}

export function clusters(options: ClustersOptions): Clusters {
  const { store, clock, random } = options
  const marks = pageMarks()

  const change = (
    call: Call,
    id: string,
    verb: string,
    work: (was: Cluster) => Cluster,
  ): Promise<number> => store.write((tx) => changeOne(tx, { call, id, verb, work }))

  const changeOne = async (tx: Writer, it: Change): Promise<number> => {
    const found = await present(tx, it.call, it.id)
    const next = it.work(found.document)
    const operation = await newOperation(tx, it, next)
    await tx.save('cluster', found, next)
    if (it.unsettled) await tx.mark('cluster', it.id, clock.now())
    return operation.flow
  }

  const newOperation = async (
    tx: Writer,
    { call, id, verb, unsettled }: Omit<Change, 'work'>,
    next: Cluster,
  ): Promise<Operation> => {
    const nowMs = clock.now()
    const flow = await tx.count('flow')
    const steps = (unsettled ?? []).map((name, at) => ({
      name,
      status: at === 0 ? ('running' as const) : ('waiting' as const),
      ...(at === 0 ? { startedMs: nowMs } : {}),
    }))
    const operation: Operation = {
      id: `op-${random.hex(16)}`,
      account: next.account,
      cluster: id,
      verb,
      status: unsettled ? 'running' : 'completed',
      progress: unsettled ? 0 : 100,
      flow,
      trace: `${Math.floor(nowMs / 1000)}-${flow}-${random.decimal(7)}`,
      startedMs: nowMs,
      ...(unsettled ? {} : { endedMs: nowMs }),
      steps,
    }
    await tx.insert('operation', operation, nowMs)
    await audit(tx, call, id)
    return operation
  }

  const audit = (tx: Writer, call: Call, subject: string) =>
    tx.addAudit({
      atMs: clock.now(),
      account: call.principal.account,
      principal: `${call.principal.kind}/${call.principal.name}`,
      action: call.action,
      requestId: call.requestId,
      region: call.region,
      subject,
    })

  const createOnce = async (
    call: Call,
    creation: Creation,
    fingerprint: string,
  ): Promise<Created> => {
    const nowMs = clock.now()
    const draft = creation.draft()
    const { id } = draft.cluster
    const account = call.principal.account
    const state = draft.order.state === 'unpaid' ? 'unpaid' : 'creating'
    const secrets = Object.entries(draft.secrets).map(([name, text]) => [
      name,
      options.sealer.seal(text, `cluster/${id}/${name}`),
    ])
    const fresh: Cluster = {
      ...draft.cluster,
      account,
      product: call.product,
      state,
      reason: state === 'unpaid' ? 'waiting for payment' : 'waiting for nodes',
      stateSinceMs: nowMs,
      createdMs: nowMs,
      generation: 1,
      observedGeneration: 0,
      substrate: options.substrateFor(draft),
      secrets: Object.fromEntries(secrets) as Record<string, string>,
    }
    const created: Created = { cluster: id, order: draft.order.id }
    return store.write(async (tx) => {
      if (creation.token !== undefined) {
        const known = await tx.findToken(account, call.action, creation.token)
        if (known && known.expiresMs > nowMs) {
          if (known.fingerprint !== fingerprint)
            throw new Fault('IdempotencyConflict', { token: creation.token })
          return JSON.parse(known.answer) as Created
        }
        const answer = JSON.stringify(created)
        const expiresMs = nowMs + limits.tokenMs
        await tx.putToken({
          account,
          action: call.action,
          token: creation.token,
          fingerprint,
          answer,
          expiresMs,
        })
      }
      await tx.insert('cluster', fresh, nowMs)
      await tx.insert('order', { ...draft.order, account, cluster: id, createdMs: nowMs }, nowMs)
      await newOperation(
        tx,
        { call, id, verb: 'create', unsettled: ['allocate', 'start', 'verify'] },
        fresh,
      )
      if (state === 'creating') await tx.mark('cluster', id, nowMs)
      return created
    })
  }

  return {
    async create(call, creation) {
      const fingerprint =
        creation.token === undefined
          ? ''
          : options.sealer.fingerprint(canonicalJson(creation.parameters))
      for (let attempt = 1; ; attempt++) {
        try {
          return await createOnce(call, creation, fingerprint)
        } catch (problem) {
          // An id was taken (they are random): draw again, but not for ever.
          if (!(problem instanceof Conflict) || attempt === 3) throw problem
        }
      }
    },
    async get(call, id) {
      const read = () => store.read((tx) => present(tx, call, id, { deletingToo: true }))
      const found = await read()
      return (await options.described([id])) ? (await read()).document : found.document
    },
    async list(call, listing) {
      const account = call.principal.account
      const whole: Listing = { ...listing, account, product: call.product }
      const byPlace = listing.order === 'newest' || listing.order === 'oldest'
      const walk = byPlace ? walkOf(call, listing) : ''
      const behindSeq =
        byPlace && listing.offset > 0 ? marks.behind(walk, listing.offset) : undefined
      const placed = behindSeq === undefined ? whole : { ...whole, behindSeq, offset: 0 }
      let page = await store.read((tx) => tx.list('cluster', placed))
      const moved = await options.described(page.rows.map((row) => row.document.id))
      if (moved) page = await store.read((tx) => tx.list('cluster', placed))
      const last = page.rows.at(-1)
      if (byPlace && last) marks.note(walk, listing.offset + page.rows.length, last.seq)
      return page
    },
    async rename(call, id, name) {
      await change(call, id, 'rename', (was) => domain.rename(was, name))
    },
    async moveScope(call, id, scope) {
      await change(call, id, 'move', (was) => domain.moveScope(was, scope))
    },
    async tag(call, ids, tags) {
      await store.write(async (tx) => {
        for (const id of ids)
          await changeOne(tx, {
            call,
            id,
            verb: 'tag',
            work: (was) => domain.tag(was, tags, limits.tagsPerCluster),
          })
      })
    },
    async untag(call, ids, keys) {
      await store.write(async (tx) => {
        for (const id of ids)
          await changeOne(tx, { call, id, verb: 'untag', work: (was) => domain.untag(was, keys) })
      })
    },
    retag: (call, id, { set, remove }) =>
      change(call, id, 'tag', (was) =>
        domain.tag(domain.untag(was, remove), set, limits.tagsPerCluster),
      ),
    async release(call, id) {
      const at = { nowMs: clock.now(), reason: 'waiting for nodes to stop' }
      const work = (was: Cluster) => domain.advance(was, 'release', at)
      await store.write((tx) =>
        changeOne(tx, { call, id, verb: 'delete', unsettled: ['stop', 'remove'], work }),
      )
    },
    async isolate(call, id) {
      await change(call, id, 'isolate', (was) =>
        domain.advance(was, 'isolate', { nowMs: clock.now() }),
      )
    },
  }
}

interface Change {
  readonly call: Call
  readonly id: string
  readonly verb: string
  readonly work: (was: Cluster) => Cluster
  /** The steps that follow, when the change is not done with its commit. */
  readonly unsettled?: readonly string[]
}

/** The caller's cluster. One that is deleted, of another account, product or region does not exist for it. */
async function present(
  tx: Pick<Writer, 'find'>,
  call: Call,
  id: string,
  options: { deletingToo?: boolean } = {},
): Promise<Stored<'cluster'>> {
  const found = await tx.find('cluster', call.principal.account, id)
  const it = found?.document
  const elsewhere = call.region !== '' && it?.region !== call.region
  const gone = !it || elsewhere || it.product !== call.product || it.state === 'deleted'
  if (gone || (it.state === 'deleting' && !options.deletingToo))
    throw new Fault('ClusterNotFound', { id })
  return found!
}

function walkOf(call: Call, { offset: _, ...listing }: ClusterListing): string {
  return `${call.principal.account}/${call.principal.id} ${call.product} ${canonicalJson(listing)}`
}
