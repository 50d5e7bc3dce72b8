/** The audit trail of one connection. Entries of a batch are written down together, before anything is asked of the trail and before the commit. */
import type { AuditEntry, AuditReader, AuditWriter } from '../audit.ts'
import { forRows, portionsOf, statements } from '../statement.ts'
import type { SqlConnection, Value } from './connection.ts'

export function auditReader(connection: SqlConnection): AuditReader {
  return {
    audit: async (account, limit) =>
      (await (account === undefined
        ? connection.all(statements.auditOfAll, [limit])
        : connection.all(statements.audit, [account, limit]))) as unknown as readonly AuditEntry[],
  }
}

export interface AuditBuffer extends AuditReader, AuditWriter {
  flush(): Promise<void>
  /** What was added up to now is kept when what follows is undone. */
  mark(): void
  undo(): void
  /** Nothing waits: at the beginning of a batch. */
  clear(): void
}

export function auditBuffer(connection: SqlConnection): AuditBuffer {
  let waiting: readonly (readonly Value[])[] = []
  let marked = waiting
  const { audit } = auditReader(connection)
  const flush = async () => {
    const all = waiting
    waiting = []
    for (const rows of portionsOf(all))
      await connection.run(forRows(statements.addAudit, rows), rows.flat())
  }
  return {
    async audit(account, limit) {
      await flush()
      return audit(account, limit)
    },
    async addAudit({ atMs, account, principal, action, requestId, region, subject }) {
      waiting = [...waiting, [atMs, account, principal, action, requestId, region, subject]]
    },
    flush,
    mark() {
      marked = waiting
    },
    undo() {
      waiting = marked
    },
    clear() {
      waiting = []
      marked = waiting
    },
  }
}
