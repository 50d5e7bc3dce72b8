/**
 * What happens to a cluster is written into its history and the audit trail, in the transaction that does it. For requests and for
 * the reconciler alike.
 */
import type { Random } from '../kernel/random.ts'
import { begin, traceOf, type Operation } from '../domain/operation.ts'
import type { Writer } from '../store/port.ts'
import type { AuditEntry } from '../store/audit.ts'

/** Who requested what. `subject` is the cluster. */
export type HistoryEntry = Omit<AuditEntry, 'atMs'> & {
  readonly verb: string
  /** The steps that follow; without any it is done with its beginning. */
  readonly unsettled?: readonly string[] | undefined
}

/** Returns the operation that clients may follow. */
export async function addToHistory(
  tx: Writer,
  { verb, unsettled, ...audit }: HistoryEntry,
  at: { readonly nowMs: number; readonly random: Random },
): Promise<Operation> {
  const { nowMs, random } = at
  const flow = await tx.count('flow')
  const named = { id: `op-${random.hex(16)}`, trace: traceOf(nowMs, flow, random.decimal(7)) }
  const about = { account: audit.account, cluster: audit.subject }
  const operation = begin({ ...named, ...about, verb, flow, unsettled }, nowMs)
  await tx.insert('operation', operation, nowMs)
  await tx.addAudit({ ...audit, atMs: nowMs })
  return operation
}
