/** The audit trail of one connection. */
import type { AuditEntry, AuditReader, AuditWriter } from '../audit.ts'
import { statements } from '../statement.ts'
import type { SqlConnection } from './connection.ts'

export function auditReader(connection: SqlConnection): AuditReader {
  return {
    audit: async (account, limit) =>
      (await (account === undefined
        ? connection.all(statements.auditOfAll, [limit])
        : connection.all(statements.audit, [account, limit]))) as unknown as readonly AuditEntry[],
  }
}

export function auditWriter(connection: SqlConnection): AuditWriter {
  return {
    async addAudit({ atMs, account, principal, action, requestId, region, subject }) {
      const row = [atMs, account, principal, action, requestId, region, subject]
      await connection.run(statements.addAudit, row)
    },
  }
}
