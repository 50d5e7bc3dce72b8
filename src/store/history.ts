/** Writing down that something was asked of a cluster, for its history and for the audit, in the transaction that does it. */
import type { Random } from '../kernel/random.ts'
import { begin, traceOf, type Operation } from '../domain/operation.ts'
import type { AuditEntry, Writer } from './port.ts'

/** Who asked for what. `subject` is the cluster. */
export type Asking = Omit<AuditEntry, 'atMs'> & {
  readonly verb: string
  /** The steps that follow; without any it is done with its beginning. */
  readonly unsettled?: readonly string[] | undefined
}

export async function addToHistory(
  tx: Writer,
  { verb, unsettled, ...audit }: Asking,
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
