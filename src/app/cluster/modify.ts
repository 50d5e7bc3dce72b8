/** Changes of one cluster: the common unit of work of every verb but `create`. */
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import type { Operation } from '../../domain/operation.ts'
import { addToHistory } from '../../journal/history.ts'
import type { Stored, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'

export interface Change {
  readonly call: Call
  readonly id: string
  readonly verb: string
  readonly work: (was: Cluster) => Cluster
  /** The steps that follow, when the change is not done with its commit. */
  readonly unsettled?: readonly string[]
  /** Whether what it costs depends on it. */
  readonly billed?: boolean
}

export interface Recorder {
  readonly clock: Clock
  readonly random: Random
}

/** Applies the change with its operation, audit entry and work item; returns the operation. */
export async function changeCluster(
  tx: Writer,
  recorder: Recorder,
  change: Change,
): Promise<Operation> {
  const found = await presentCluster(tx, change.call, change.id)
  const next = change.work(found.document)
  const operation = await recordOperation(tx, recorder, change)
  await tx.save('cluster', found, next)
  const nowMs = recorder.clock.now()
  if (change.unsettled) await tx.enqueue('cluster', change.id, nowMs)
  if (change.billed && next.charge.order !== undefined)
    await tx.enqueue('order', next.charge.order, nowMs)
  return operation
}

/** Writes down that something was asked of a cluster, for its history and for the audit. */
export function recordOperation(
  tx: Writer,
  { clock, random }: Recorder,
  { call, id, verb, unsettled }: Omit<Change, 'work'>,
): Promise<Operation> {
  const { action, requestId, region } = call
  const { account, kind, name } = call.principal
  const who = { account, principal: `${kind}/${name}` }
  const asking = { ...who, action, requestId, region, subject: id, verb, unsettled }
  return addToHistory(tx, asking, { nowMs: clock.now(), random })
}

/** The caller's cluster. One that is deleted, of another account, product or region does not exist for it. */
export async function presentCluster(
  tx: Pick<Writer, 'find'>,
  call: Call,
  id: string,
  options: { readonly deletingToo?: boolean } = {},
): Promise<Stored<'cluster'>> {
  const found = await tx.find('cluster', call.principal.account, id)
  if (!found) throw new Fault('ClusterNotFound', { id })
  const it = found.document
  const elsewhere = call.region !== '' && it.region !== call.region
  const gone = it.state === 'deleted' || (it.state === 'deleting' && !options.deletingToo)
  if (elsewhere || gone || it.product !== call.product) throw new Fault('ClusterNotFound', { id })
  return found
}
