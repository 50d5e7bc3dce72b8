/** The audit trail of one SQLite connection. */
import type { AuditEntry, AuditReader, AuditWriter } from '../audit.ts'
import { statements } from '../statement.ts'
import type { Connection } from './connection.ts'

export function auditReader(connection: Connection): AuditReader {
  return {
    audit: async (account, limit) =>
      (account === undefined
        ? connection.all(statements.auditOfAll, [limit])
        : connection.all(statements.audit, [account, limit])) as unknown as readonly AuditEntry[],
  }
}

export function auditWriter(connection: Connection): AuditWriter {
  return {
    async addAudit({ atMs, account, principal, action, requestId, region, subject }) {
      const row = [atMs, account, principal, action, requestId, region, subject]
      connection.run(statements.addAudit, row)
    },
  }
}
