/** The audit trail: who did what, written in the transaction that does it. It survives `clear`. */

export interface AuditEntry {
  readonly atMs: number
  readonly account: string
  readonly principal: string
  readonly action: string
  readonly requestId: string
  readonly region: string
  readonly subject: string
}

export interface AuditReader {
  /** The latest first; undefined is every account. */
  audit(account: string | undefined, limit: number): Promise<readonly AuditEntry[]>
}

export interface AuditWriter {
  addAudit(entry: AuditEntry): Promise<void>
}
