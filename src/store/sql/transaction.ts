/** The reader and writer of one SQL connection: each group of the port's methods from its own file. */
import { limits } from '../../limits.ts'
import type { Reader } from '../port.ts'
import { statements } from '../statement.ts'
import { addressBuffer } from './address.ts'
import { auditBuffer, auditReader } from './audit.ts'
import { counterBuffer } from './counter.ts'
import type { DocumentSource, SqlConnection } from './connection.ts'
import type { Decoders } from '../decoder.ts'
import { documentReader, documentWriter, type WriteBuffers } from './document.ts'
import { idempotencyReader, idempotencyWriter } from './idempotency.ts'
import { insertionBuffer, type InsertionBuffer } from './insertion.ts'
import type { LateWrites } from './late-writes.ts'
import { ledgerReader, ledgerWriter } from './ledger.ts'
import { reservationBuffer } from './reservation.ts'
import { supplyReader } from './supply.ts'
import { tallyBuffer } from './tally.ts'
import type { BatchUnits, BatchWriter } from '../write-queue.ts'
import {
  storedLeases,
  workItemBuffer,
  workItemReader,
  type Announce,
  type Leases,
} from './work-item.ts'
import type { WriteObserver } from './write-observer.ts'

export function reader(
  connection: SqlConnection,
  documents: DocumentSource,
  buffers?: WriteBuffers,
): Reader {
  return {
    ...documentReader(connection, documents, buffers),
    ...workItemReader(connection),
    ...supplyReader(connection),
    ...ledgerReader(connection),
    ...idempotencyReader(connection),
    ...auditReader(connection),
    counted: async (name) =>
      Number((await connection.first(statements.counted, [name]))?.['value'] ?? 0),
  }
}

export interface WriterParts {
  readonly documents: DocumentSource
  readonly decoders: Decoders
  /** Called with the due time of whatever work became free to be leased. */
  readonly announce: Announce
  readonly observer?: WriteObserver
  /** Those that stand in the database, unless something else is said. */
  readonly leases?: Leases
}

export function writer(
  connection: SqlConnection,
  {
    documents,
    decoders,
    announce,
    observer,
    leases = storedLeases(connection, announce),
  }: WriterParts,
): BatchWriter {
  const tallies = tallyBuffer(connection)
  const insertions = insertionBuffer(connection, observer)
  const buffers = { tallies, insertions }
  const counters = counterBuffer(connection)
  const audits = auditBuffer(connection)
  const reservations = reservationBuffer(connection)
  const addresses = addressBuffer(connection)
  const workItems = workItemBuffer(connection, { leases, announce })
  const late = [tallies, counters, audits, reservations, addresses, workItems]
  const { count, counted } = counters
  const { audit, addAudit } = audits
  const { unqueued, enqueue, lease, complete, requeue } = workItems
  const { reserved, reserve, release } = reservations
  const { allocateAddresses, releaseAddresses } = addresses
  const units = unitsOf(insertions, late, { leases, observer })
  return {
    units,
    ...reader(connection, documents, buffers),
    ...documentWriter(connection, { decoders, buffers, observer }),
    unqueued,
    enqueue,
    lease,
    complete,
    requeue,
    reserved,
    reserve,
    release,
    reservations: reservations.reservations,
    allocateAddresses,
    releaseAddresses,
    ...ledgerWriter(connection),
    ...idempotencyWriter(connection),
    audit,
    addAudit,
    counted,
    count: (name, by = 1) => count(name, by),
    async prune(nowMs, auditBeforeMs) {
      await audits.flush()
      const tokens = await connection.run(statements.pruneTokens, [nowMs, limits.prunedAtOnce])
      const values = [limits.prunedAtOnce, auditBeforeMs]
      return tokens + (await connection.run(statements.pruneAudit, values))
    },
    async clear() {
      // Written first: what other units did comes back with an undo.
      await units.end()
      await units.endAll()
      addresses.clear()
      leases.clear()
      observer?.cleared()
      for (const sql of statements.clear) await connection.run(sql, [])
    },
  }
}

/** What the units of a batch write down late, and what is undone with one of them. */
function unitsOf(
  insertions: InsertionBuffer,
  late: readonly LateWrites[],
  { leases, observer }: { readonly leases: Leases; readonly observer: WriteObserver | undefined },
): BatchUnits {
  const all = [...late, insertions]
  return {
    beginAll() {
      for (const each of all) each.clear()
      leases.begin()
      observer?.begin()
    },
    begin() {
      for (const each of all) each.mark()
      leases.mark()
      observer?.mark()
    },
    end: () => insertions.flush(),
    undo() {
      for (const each of all) each.undo()
      leases.undo()
      observer?.undo()
    },
    isUnclear: insertions.isUnclear,
    async endAll() {
      for (const each of late) await each.flush()
    },
  }
}
