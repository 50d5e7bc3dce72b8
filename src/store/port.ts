/**
 * The store port: what is remembered, and how.
 *
 * - `write` runs one unit of work atomically and resolves only when its commit is durable: an acknowledged write survives
 *   `kill -9` and loss of power. Units may share a commit; one that throws leaves no trace and does not disturb the others.
 * - `read` sees a state that was committed, including every write acknowledged before it began.
 * - A unit of work may await nothing but its own transaction: others wait behind it. It may be run again when the engine gave its
 *   transaction up or another unit of its batch failed, after everything it did was undone, so it has no effect but on its transaction; `read` likewise.
 * - Documents carry a revision; `save` refuses (Conflict) when it is no longer the stored one.
 * - Documents are decoded whenever they are read, so that those of earlier versions arrive in today's form (decoder.ts). One
 *   that cannot be decoded is an Error that names it.
 *
 * A transaction has the methods of each group: documents (here and listing.ts), work-item.ts, supply.ts, ledger.ts,
 * idempotency.ts and audit.ts.
 * Drivers: `sqlite/` (embedded), `postgres/` (several servers). The conformance suites in test/store hold every driver to these texts.
 */
import type { AuditReader, AuditWriter } from './audit.ts'
import type { Columns, Documents, Kind } from './document.ts'
import type { IdempotencyReader, IdempotencyWriter } from './idempotency.ts'
import type { LedgerReader, LedgerWriter } from './ledger.ts'
import type { Listing, Page, Stored } from './listing.ts'
import type { SharedMemory } from './shared-memory.ts'
import type { SupplyReader, SupplyWriter } from './supply.ts'
import type { WorkItemReader, WorkItemWriter } from './work-item.ts'

export interface DocumentReader {
  find<K extends Kind>(kind: K, account: string, id: string): Promise<Stored<K> | undefined>
  /** For reconcilers, which have a key and nothing else. */
  findById<K extends Kind>(kind: K, id: string): Promise<Stored<K> | undefined>
  findByHandle<K extends Kind>(
    kind: K,
    parent: string,
    handle: number,
  ): Promise<Stored<K> | undefined>
  /**
   * The account's cluster that has this node group; the dialects make ids of groups that are unique. A group that is named after
   * its cluster (`<cluster>.<role>`) is not found: whoever knows its id knows the cluster.
   */
  findByNodeGroup(account: string, nodeGroup: string): Promise<Stored<'cluster'> | undefined>
  list<K extends Kind>(kind: K, listing: Listing): Promise<Page<K>>
  /** How many documents of a kind there are, by product and state, over all accounts. */
  tally(kind: Kind): Promise<readonly { product: string; state: string; count: number }[]>
}

export interface DocumentWriter {
  /** The unit of work throws Conflict when the id is taken: here, or later, when it has come to its end at the latest. */
  insert<K extends Kind>(kind: K, document: Documents[K], nowMs: number): Promise<void>
  /** Throws Conflict when `stored` is not the newest revision; so does `remove`. */
  save<K extends Kind>(kind: K, stored: Stored<K>, document: Documents[K]): Promise<void>
  remove<K extends Kind>(kind: K, stored: Stored<K>): Promise<void>
  /** Removes every document of a kind that belongs to `parent`; only kinds without tags and policies. */
  removeChildren(
    kind: 'operation' | 'scalingRule' | 'scalingStrategy' | 'directory' | 'jobFlow' | 'inspection',
    parent: string,
  ): Promise<void>
}

export interface Reader
  extends
    DocumentReader,
    WorkItemReader,
    SupplyReader,
    LedgerReader,
    IdempotencyReader,
    AuditReader {
  /** What a counter has come to; 0 for one that was never raised. */
  counted(name: string): Promise<number>
}

export interface Writer
  extends
    Reader,
    DocumentWriter,
    WorkItemWriter,
    SupplyWriter,
    LedgerWriter,
    IdempotencyWriter,
    AuditWriter {
  /** Adds to a counter that survives restarts, one if nothing else is said, and returns its new value. */
  count(name: string, by?: number): Promise<number>
  /**
   * Drops tokens that have expired by `nowMs`, and audit entries older than `auditBeforeMs`, the oldest first and `limits.prunedAtOnce` of each
   * at most; returns how many rows went.
   */
  prune(nowMs: number, auditBeforeMs: number): Promise<number>
  /** Forgets everything but counters and the audit trail: ids do not come back. */
  clear(): Promise<void>
}

export interface Store {
  /** Absent where one server has the store to itself: its own memory is enough. */
  readonly memory?: SharedMemory
  read<T>(work: (tx: Reader) => Promise<T>): Promise<T>
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T>
  /** Calls back after a commit that enqueued or requeued work, with the earliest due time among the items. */
  onEnqueue(listener: (dueMs: number) => void): void
  /** The service time at which the next item is due that nobody holds; undefined when there is none. */
  nextDueMs(): Promise<number | undefined>
  /** The machine time at which the next lease ends; undefined when nothing is leased. */
  nextLeaseEndMs(): Promise<number | undefined>
  /** Writes everything that was acknowledged before the call to a new file that a store can be opened on; writes continue meanwhile. Throws a
   * sentence where the engine has programs of its own for that. */
  copyTo(file: string): Promise<void>
  close(): Promise<void>
}

/** The stored state is not what the unit of work was based on. The caller reads again and decides again. */
export class Conflict extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Conflict'
  }
}

export type { Columns, Documents, Kind, Listing, Page, Stored }
