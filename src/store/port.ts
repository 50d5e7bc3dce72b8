/**
 * The store port: what is remembered, and how.
 *
 * - `write` runs one unit of work atomically and resolves only when its commit is durable: an acknowledged write survives
 *   `kill -9` and loss of power. Units may share a commit; one that throws leaves no trace and does not disturb the others.
 * - `read` sees a state that was committed, including every write acknowledged before it began.
 * - A unit of work may await nothing but its own transaction: others wait behind it.
 * - Documents are decoded whenever they are read, so that those of earlier versions arrive in today's form (decoder.ts). One
 *   that cannot be decoded is an Error that names it.
 * - Documents carry a revision; `save` refuses (Conflict) when it is no longer the stored one.
 * - Work items are leased with a fencing token and deleted only when completed (work-item.ts).
 * Drivers: `sqlite/` (embedded). One conformance suite, test/store/conformance.ts, holds every driver to this text.
 */
import type { Limit, Reservation } from '../domain/environment.ts'
import type { Entry } from '../domain/ledger.ts'
import type { Columns, Documents, Kind } from './document.ts'
import type { WorkItemReader, WorkItemWriter } from './work-item.ts'

export interface Stored<K extends Kind = Kind> {
  readonly document: Documents[K]
  /** Grows by creation; listings are ordered by it. */
  readonly seq: number
  readonly revision: number
}

export interface Listing {
  /** Undefined is every account: for whoever runs the server, never for a client. */
  readonly account: string | undefined
  readonly product?: string
  readonly region?: string
  readonly resourceGroup?: string
  readonly resourceKind?: string
  /** Of resources: whether they were adopted or made. */
  readonly origin?: string
  readonly parent?: string
  readonly ids?: readonly string[]
  readonly states?: readonly string[]
  readonly exceptStates?: readonly string[]
  /** Of clusters: those that are being changed in one of these ways, beside those in one of `states`. */
  readonly changes?: readonly string[]
  /** Of operations: what was requested. */
  readonly verbs?: readonly string[]
  /** Of operations: what of the cluster they are about. */
  readonly subject?: string
  /** Of operations: the text by which clients follow them. */
  readonly trace?: string
  /** Of accounts. */
  readonly dialect?: string
  readonly roleKind?: string
  /** Of users and roles: those to which this policy is attached, as `referenceText` writes it. */
  readonly policy?: string
  /** Created at this time or later, in ms. */
  readonly fromMs?: number
  /** Created at this time or earlier, in ms. */
  readonly untilMs?: number
  readonly nameIs?: readonly string[]
  readonly nameContains?: string
  readonly tags?: readonly { readonly key: string; readonly value?: string }[]
  readonly order: 'newest' | 'oldest' | 'id' | 'id-descending' | 'state' | 'state-descending'
  /** With an order by `state`: the states in the order in which a caller's numbering has them; others come last. */
  readonly stateRank?: readonly string[]
  readonly limit: number
  readonly offset: number
  /** Start behind this place of an earlier page instead of at `offset`; only with `newest` and `oldest`. */
  readonly behindSeq?: number
}

export interface Page<K extends Kind> {
  readonly total: number
  readonly rows: readonly Stored<K>[]
}

/** What a client's idempotency token stands for. `answer` is what the first request was told. */
export interface Token {
  readonly account: string
  readonly action: string
  readonly token: string
  readonly fingerprint: string
  readonly answer: string
  readonly expiresMs: number
}

export interface AuditEntry {
  readonly atMs: number
  readonly account: string
  readonly principal: string
  readonly action: string
  readonly requestId: string
  readonly region: string
  readonly subject: string
}

/** Whose supply something is taken from. */
export interface Owner {
  readonly account: string
  readonly region: string
}

/** How much of something an account has taken, over all of its clusters. */
export type Holding = Owner & Reservation

export interface AddressRequest {
  /** Names the block that the numbers are of; numbers of different pools have nothing to do with each other. */
  readonly pool: string
  readonly first: number
  readonly last: number
  /** The id under which they are given back. */
  readonly holder: string
  readonly count: number
}

/** The latest first; a member that is left out is any. */
export interface LedgerListing {
  readonly account?: string
  readonly cluster?: string
  readonly order?: string
  /** Start behind this entry of an earlier page. */
  readonly behindSeq?: number
  readonly limit: number
}

export type Posted = Entry & { readonly seq: number }

export interface Reader extends WorkItemReader {
  find<K extends Kind>(kind: K, account: string, id: string): Promise<Stored<K> | undefined>
  /** For reconcilers, which have a key and nothing else. */
  findById<K extends Kind>(kind: K, id: string): Promise<Stored<K> | undefined>
  findByHandle<K extends Kind>(
    kind: K,
    parent: string,
    handle: number,
  ): Promise<Stored<K> | undefined>
  list<K extends Kind>(kind: K, listing: Listing): Promise<Page<K>>
  findToken(account: string, action: string, token: string): Promise<Token | undefined>
  /** The latest first; undefined is every account. */
  audit(account: string | undefined, limit: number): Promise<readonly AuditEntry[]>
  /** How many documents of a kind there are, by product and state, over all accounts. */
  tally(kind: Kind): Promise<readonly { product: string; state: string; count: number }[]>
  /** What the account has taken of everything that the limit covers. */
  taken(account: string, limit: Limit): Promise<number>
  /** Undefined is every account. */
  holdings(account: string | undefined, limit: number): Promise<readonly Holding[]>
  /** The sum of the account's entries in the ledger. */
  balance(account: string): Promise<number>
  ledger(listing: LedgerListing): Promise<readonly Posted[]>
}

export interface Writer extends Reader, WorkItemWriter {
  /** Throws Conflict when the id is taken. */
  insert<K extends Kind>(kind: K, document: Documents[K], nowMs: number): Promise<void>
  save<K extends Kind>(kind: K, stored: Stored<K>, document: Documents[K]): Promise<void>
  remove<K extends Kind>(kind: K, stored: Stored<K>): Promise<void>
  /** Removes every document of a kind that belongs to `parent`; only kinds that are not tallied by listings. */
  removeChildren(kind: 'operation', parent: string): Promise<void>
  putToken(token: Token): Promise<void>
  addAudit(entry: AuditEntry): Promise<void>
  /** Adds to what the account has taken, or gives back with a negative amount. Throws rather than fall below zero. */
  reserve(owner: Owner, it: Reservation): Promise<void>
  /** Takes the lowest free numbers of a pool; when it has not as many, takes none and says how many it has. */
  takeAddresses(it: AddressRequest): Promise<readonly number[] | { readonly free: number }>
  /** Releases these addresses of the holder, or all it has, of whatever pool. */
  releaseAddresses(holder: string, addresses?: readonly string[]): Promise<void>
  /** Adds to the ledger, which forgets nothing. Throws Conflict when it has an entry of the same key. */
  post(entries: readonly Entry[]): Promise<void>
  /** Adds one to a counter that survives restarts, and returns its new value. */
  count(name: string): Promise<number>
  /** Drops expired tokens, and audit entries older than `auditBeforeMs`; returns how many rows went. */
  prune(nowMs: number, auditBeforeMs: number): Promise<number>
  /** Forgets every document, tag, work item, idempotency token, reservation, address and entry of the ledger. Counters and the audit trail stay: ids do not come back. */
  clear(): Promise<void>
}

export interface Store {
  read<T>(work: (tx: Reader) => Promise<T>): Promise<T>
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T>
  /** Calls back after a commit that enqueued or requeued work, with the earliest due time among the items. */
  onEnqueue(listener: (dueMs: number) => void): void
  /** The service time at which the next item is due that nobody holds; undefined when there is none. */
  nextDueMs(): Promise<number | undefined>
  /** The machine time at which the next lease ends; undefined when nothing is leased. */
  nextLeaseEndMs(): Promise<number | undefined>
  close(): Promise<void>
}

/** The stored state is not what the unit of work was based on. Whoever asked reads again and decides anew. */
export class Conflict extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Conflict'
  }
}

export type { Columns, Documents, Kind }
