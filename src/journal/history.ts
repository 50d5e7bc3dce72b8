/**
 * What happens to a cluster is written into its history and the audit trail, in the transaction that does it. For requests and for
 * the reconciler alike.
 */
import type { Random } from '../kernel/random.ts'
import { currentSpan, newSpanId, wallMs } from '../kernel/trace.ts'
import {
  begin,
  finish,
  isConcurrent,
  progressTo,
  traceOf,
  type Operation,
  type OperationSpan,
  type Verb,
} from '../domain/operation.ts'
import { limits } from '../limits.ts'
import type { AuditEntry } from '../store/audit.ts'
import type { Reader, Writer } from '../store/port.ts'
import type { Stored } from '../store/listing.ts'

/** Who requested what. `subject` is the cluster. */
export type HistoryEntry = Omit<AuditEntry, 'atMs'> & {
  readonly verb: Verb
  /** What it changes, for those who look it up later. */
  readonly values?: OperationValues | undefined
  /** What of the cluster it is about; the whole otherwise. */
  readonly about?: string | undefined
  /** The steps that follow; without any it is done with its beginning. */
  readonly steps?: readonly string[] | undefined
  /** How many of them are done with its beginning; none, unless something else is said. */
  readonly done?: number | undefined
}

export type OperationValues = Pick<Operation, 'before' | 'after' | 'configuration' | 'cause'>

/** Returns the operation that clients may follow. */
export async function addToHistory(
  tx: Writer,
  { verb, about: part, steps, done = 0, values, ...audit }: HistoryEntry,
  at: { readonly nowMs: number; readonly random: Random },
): Promise<Operation> {
  const { nowMs, random } = at
  const flow = await tx.count('flow')
  // In the order of their flow, so that those of one moment lie side by side in the store's index.
  const id = `op-${flow.toString(16).padStart(8, '0')}${random.hex(8)}`
  const named = { id, trace: traceOf(nowMs, flow, random.decimal(7)) }
  const about = {
    account: audit.account,
    cluster: audit.subject,
    ...(part === undefined ? {} : { subject: part }),
  }
  const { principal: by } = audit
  const span = steps && spanOf()
  const traced = span ? { span } : {}
  const begun = begin({ ...named, ...about, ...values, ...traced, by, verb, flow, steps }, nowMs)
  const operation = progressTo(begun, done, nowMs)
  await tx.insert('operation', operation, nowMs)
  await tx.addAudit({ ...audit, atMs: nowMs })
  return operation
}

/** What it will be in the trace that it is asked for in. */
function spanOf(): OperationSpan | undefined {
  const parent = currentSpan()
  if (!parent) return undefined
  return {
    traceId: parent.traceId,
    id: newSpanId(),
    parentId: parent.spanId,
    startMs: wallMs(),
  }
}

/** The operations of a cluster that have not ended, the oldest first; not those that continue beside it. */
export async function openOperations(
  tx: Reader,
  { account, id }: { readonly account: string; readonly id: string },
): Promise<readonly Stored<'operation'>[]> {
  const limit = limits.openOperations
  const open: Stored<'operation'>[] = []
  for (let offset = 0; ; offset += limit) {
    const page = {
      account,
      parent: id,
      states: ['running'],
      order: 'oldest',
      limit,
      offset,
    } as const
    const { rows } = await tx.list('operation', page)
    open.push(...rows.filter(({ document }) => !isConcurrent(document.verb)))
    if (rows.length < limit) return open
  }
}

export interface OperationEnd {
  readonly status: 'completed' | 'failed'
  readonly nowMs: number
  readonly detail?: string
}

/** Ends one, unless it is gone or has ended. */
export async function finishOperation(tx: Writer, id: string, end: OperationEnd): Promise<void> {
  const { status, ...at } = end
  const found = await tx.findById('operation', id)
  if (found?.document.status === 'running')
    await tx.save('operation', found, finish(found.document, status, at))
}

/** Ends what is open of a cluster; `detail` says why where it failed. */
export async function finishOperations(
  tx: Writer,
  cluster: { readonly account: string; readonly id: string },
  end: OperationEnd,
): Promise<void> {
  const { status, ...at } = end
  for (const open of await openOperations(tx, cluster))
    await tx.save('operation', open, finish(open.document, status, at))
}
