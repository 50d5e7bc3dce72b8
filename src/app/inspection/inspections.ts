/** What may be asked of inspections; the reconciler makes them (reconcile/inspection). */
import { Fault } from '../../domain/fault.ts'
import type { Inspection } from '../../domain/inspection.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { limits } from '../../limits.ts'
import type { Reader, Store, Stored } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { presentCluster, recordOperation, type OperationParts } from '../cluster/modify.ts'

export type InspectionMembers = Pick<Inspection, 'tasks' | 'at' | 'fromMs' | 'untilMs'>

export interface InspectionRequest {
  /** The one that is changed, of those that repeat; without it the one that there is, or a new one. */
  readonly number?: number
  /** Decided on the cluster as it is in the transaction; may throw a Fault. */
  readonly decide: (was: Cluster) => InspectionMembers
}

export interface Inspections {
  /** Returns its number; undefined for one that there is not. Throws ClusterNotFound, LimitReached. */
  put(call: Call, id: string, request: InspectionRequest): Promise<number | undefined>
  /** The oldest first. Throws ClusterNotFound. */
  list(call: Call, id: string): Promise<readonly Inspection[]>
}

export interface InspectionsParts extends OperationParts {
  readonly store: Store
}

export function inspections(parts: InspectionsParts): Inspections {
  const { store, clock } = parts
  return {
    put: (call, id, { number: asked, decide }) =>
      store.write(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        const members = decide(cluster)
        const known = await inspectionsOf(tx, cluster)
        const recurring = known.filter(({ document }) => document.at !== undefined)
        const found = recurring.find(
          ({ document }) => asked === undefined || document.number === asked,
        )
        if (asked !== undefined && !found) return undefined
        const nowMs = clock.now()
        await recordOperation(tx, parts, { call, id, verb: 'set-inspection' })
        if (found && members.at) {
          const { at: _at, fromMs: _from, untilMs: _until, ...rest } = found.document
          await tx.save('inspection', found, { ...rest, ...members, seenMs: nowMs })
          await tx.enqueue('inspection', found.document.id, nowMs)
          return found.document.number
        }
        await dropOldest(known, (one) => tx.remove('inspection', one))
        const number = await tx.count('inspection')
        const about = { id: `inspection-${number}`, number, account: cluster.account, cluster: id }
        const times = { createdMs: nowMs, seenMs: nowMs }
        const first = members.at
          ? []
          : [{ number: await tx.count('inspection-report'), atMs: nowMs }]
        await tx.insert('inspection', { ...about, ...members, ...times, reports: first }, nowMs)
        await tx.enqueue('inspection', about.id, nowMs)
        return number
      }),
    list: (call, id) =>
      store.read(async (tx) => {
        const cluster = (await presentCluster(tx, call, id)).document
        return (await inspectionsOf(tx, cluster)).map(({ document }) => document)
      }),
  }
}

/** Those that were made once make room, the oldest first. Throws LimitReached while none of them is done. */
async function dropOldest(
  known: readonly Stored<'inspection'>[],
  drop: (one: Stored<'inspection'>) => Promise<void>,
): Promise<void> {
  const limit = limits.inspectionsPerCluster
  if (known.length < limit) return
  const [oldest] = known.filter(({ document }) =>
    document.reports.every(({ findings }) => findings),
  )
  if (!oldest) throw new Fault('LimitReached', { what: 'inspections', limit })
  await drop(oldest)
}

async function inspectionsOf(
  tx: Reader,
  { account, id }: Pick<Cluster, 'account' | 'id'>,
): Promise<readonly Stored<'inspection'>[]> {
  const limit = limits.inspectionsPerCluster
  const listing = { account, parent: id, order: 'oldest', limit, offset: 0 } as const
  return (await tx.list('inspection', listing)).rows
}
