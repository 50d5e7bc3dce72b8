/** The reader and writer of one SQL connection: each group of the port's methods from its own file. */
import type { Reader } from '../port.ts'
import { statements } from '../statement.ts'
import { auditReader, auditWriter } from './audit.ts'
import type { FindDocuments, SqlConnection } from './connection.ts'
import type { Decoders } from '../decoder.ts'
import { documentReader, documentWriter } from './document.ts'
import { idempotencyReader, idempotencyWriter } from './idempotency.ts'
import { ledgerReader, ledgerWriter } from './ledger.ts'
import { supplyReader, supplyWriter } from './supply.ts'
import { tallyBuffer, type TallyBuffer } from './tally.ts'
import type { BatchWriter } from '../write-queue.ts'
import { workItemReader, workItemWriter } from './work-item.ts'

export function reader(
  connection: SqlConnection,
  documents: FindDocuments,
  tallies?: TallyBuffer,
): Reader {
  return {
    ...documentReader(connection, documents, tallies),
    ...workItemReader(connection),
    ...supplyReader(connection),
    ...ledgerReader(connection),
    ...idempotencyReader(connection),
    ...auditReader(connection),
    counted: async (name) =>
      Number((await connection.first(statements.counted, [name]))?.['value'] ?? 0),
  }
}

interface WriterParts {
  readonly documents: FindDocuments
  readonly decoders: Decoders
  /** Called with the due time of whatever work became free to be leased. */
  readonly announce: (dueMs: number) => void
}

export function writer(
  connection: SqlConnection,
  { documents, decoders, announce }: WriterParts,
): BatchWriter {
  const tallies = tallyBuffer(connection)
  return {
    tallies,
    ...reader(connection, documents, tallies),
    ...documentWriter(connection, decoders, tallies),
    ...workItemWriter(connection, announce),
    ...supplyWriter(connection),
    ...ledgerWriter(connection),
    ...idempotencyWriter(connection),
    ...auditWriter(connection),
    count: async (name, by = 1) =>
      Number((await connection.first(statements.count, [name, by]))?.['value']),
    async prune(nowMs, auditBeforeMs) {
      const tokens = await connection.run(statements.pruneTokens, [nowMs])
      return tokens + (await connection.run(statements.pruneAudit, [auditBeforeMs]))
    },
    async clear() {
      tallies.clear()
      for (const sql of statements.clear) await connection.run(sql, [])
    },
  }
}
