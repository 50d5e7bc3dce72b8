/** The reader and writer of one SQLite connection: each group of the port's methods from its own file. */
import type { Reader, Writer } from '../port.ts'
import { statements } from '../statement.ts'
import { auditReader, auditWriter } from './audit.ts'
import type { Connection } from './connection.ts'
import { documentReader, documentWriter, type LoadContext } from './document.ts'
import { idempotencyReader, idempotencyWriter } from './idempotency.ts'
import { ledgerReader, ledgerWriter } from './ledger.ts'
import { supplyReader, supplyWriter } from './supply.ts'
import { workItemReader, workItemWriter } from './work-item.ts'

export function reader(connection: Connection, loading: LoadContext): Reader {
  return {
    ...documentReader(connection, loading),
    ...workItemReader(connection),
    ...supplyReader(connection),
    ...ledgerReader(connection),
    ...idempotencyReader(connection),
    ...auditReader(connection),
  }
}

/** `announce` is called with the due time of whatever work became free to be leased. */
export function writer(
  connection: Connection,
  loading: Pick<LoadContext, 'decoders'>,
  announce: (dueMs: number) => void,
): Writer {
  return {
    ...reader(connection, loading),
    ...documentWriter(connection, loading.decoders),
    ...workItemWriter(connection, announce),
    ...supplyWriter(connection),
    ...ledgerWriter(connection),
    ...idempotencyWriter(connection),
    ...auditWriter(connection),
    count: async (name, by = 1) =>
      Number(connection.first(statements.count, [name, by])?.['value']),
    prune: async (nowMs, auditBeforeMs) =>
      connection.run(statements.pruneTokens, [nowMs]) +
      connection.run(statements.pruneAudit, [auditBeforeMs]),
    async clear() {
      for (const sql of statements.clear) connection.run(sql, [])
    },
  }
}
