/**
 * Reconciles the users of one cluster: brings its directory service to what is recorded, and ends the operations that this was asked
 * by. Done again whenever the cluster runs again, and with every sweep: what somebody else changed there is corrected, and what is so
 * already is only read.
 */
import { keyedMutex } from '../../kernel/keyed-mutex.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { emptyDirectory, passwordContext } from '../../domain/directory.ts'
import { finishOperation, type OperationEnd } from '../../journal/history.ts'
import { limits } from '../../limits.ts'
import type { Reader, Store, Stored } from '../../store/port.ts'
import type { Substrate } from '../../substrate/port.ts'
import { wantedOf } from '../cluster/cluster.ts'
import type { Outcome } from '../cluster/step.ts'
import { contentOf } from './content.ts'

export interface DirectoryReconciler {
  readonly kind: 'directory'
  reconcile(id: string): Promise<Outcome>
  sweep(): Promise<void>
}

export interface DirectoryReconcilerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly sealer: Sealer
  readonly substrates: ReadonlyMap<string, Substrate>
}

export function directoryReconciler(options: DirectoryReconcilerOptions): DirectoryReconciler {
  // Of two at once, the one that knows less could write last.
  const { withLock } = keyedMutex()
  return {
    kind: 'directory',
    reconcile: (id) => withLock(id, () => reconcile(options, id)),
    sweep: () => enqueueAll(options),
  }
}

/** With what it was asked by until now. */
interface Found {
  readonly cluster: Cluster
  readonly directory: Stored<'directory'> | undefined
  readonly operations: readonly string[]
}

async function reconcile(options: DirectoryReconcilerOptions, id: string): Promise<Outcome> {
  const { store, sealer, substrates } = options
  const found = await store.read((tx) => find(tx, id))
  if (!found) return done
  const { cluster, directory } = found
  const { state } = cluster.status
  if (state === 'deleted')
    return end(options, found, { status: 'failed', detail: 'the cluster was released' })
  const { directories } = substrates.get(cluster.substrate) ?? {}
  if (!directories) return end(options, found, { status: 'completed' })
  // One that comes to run is asked for at once (`enqueueDirectory`).
  if (!SERVING.has(state)) return { done: false, againInMs: limits.sweepMs }
  const content = contentOf(directory?.document ?? emptyDirectory(cluster), (user) =>
    sealer.open(user.password, passwordContext(id, user.name)),
  )
  try {
    await directories.ensure(wantedOf(cluster, sealer), content)
  } catch (problem) {
    if (state === 'running') throw problem
    return { done: false, againInMs: limits.pollMs }
  }
  return end(options, found, { status: 'completed' })
}

const done: Outcome = { done: true }
/** States in which services may answer. */
const SERVING: ReadonlySet<Cluster['status']['state']> = new Set([
  'running',
  'changing',
  'impaired',
])

async function find(tx: Reader, id: string): Promise<Found | undefined> {
  const cluster = (await tx.findById('cluster', id))?.document
  if (!cluster) return undefined
  const directory = await tx.findById('directory', id)
  const open = await tx.list('operation', {
    account: cluster.account,
    parent: id,
    states: ['running'],
    verbs: ['change-directory'],
    order: 'oldest',
    limit: limits.openOperations,
    offset: 0,
  })
  return { cluster, directory, operations: open.rows.map(({ document }) => document.id) }
}

/** What was asked for since has its own work item. */
async function end(
  { store, clock }: DirectoryReconcilerOptions,
  { operations }: Found,
  it: Omit<OperationEnd, 'nowMs'>,
): Promise<Outcome> {
  if (operations.length === 0) return done
  await store.write(async (tx) => {
    for (const id of operations) await finishOperation(tx, id, { ...it, nowMs: clock.now() })
  })
  return operations.length < limits.openOperations ? done : { done: false, againInMs: 0 }
}

async function enqueueAll({ store, clock, substrates }: DirectoryReconcilerOptions): Promise<void> {
  const limit = limits.pageSize
  for (let offset = 0; ; offset += limit) {
    const { ids, isLast } = await store.read(async (tx) => {
      const page = { account: undefined, order: 'oldest', limit, offset } as const
      const { rows } = await tx.list('directory', page)
      const clusters = await Promise.all(
        rows.map(({ document }) => tx.findById('cluster', document.id)),
      )
      const serving = clusters.flatMap((cluster) => {
        if (!cluster) return []
        const { id, substrate, status } = cluster.document
        const isServing = substrates.get(substrate)?.directories && SERVING.has(status.state)
        return isServing ? [id] : []
      })
      return { ids: serving, isLast: rows.length < limit }
    })
    if (ids.length > 0)
      await store.write(async (tx) => {
        for (const id of ids) await tx.enqueue('directory', id, clock.now())
      })
    if (isLast) return
  }
}
