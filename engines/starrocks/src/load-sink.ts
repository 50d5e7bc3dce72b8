/**
 * The contract between the load ports and the engine: what a load is to do, and what it answers. HTTP's headers become
 * this; nothing here knows of HTTP.
 */
import { SqlError } from './session.ts'
import type { UserIdentity } from './session.ts'

export type LoadState = 'PREPARE' | 'PREPARED' | 'VISIBLE' | 'ABORTED'

export interface LoadCounts {
  readonly total: number
  readonly loaded: number
  readonly filtered: number
  readonly unselected: number
  readonly bytes: number
}

export interface LoadSummary extends LoadCounts {
  readonly id: number
  readonly label: string
  readonly databaseId: number
  readonly tableId: number
  readonly kind: 'INSERT' | 'STREAM LOAD' | 'BROKER'
  readonly state: LoadState
  readonly user: string
  readonly createdMs: number
  readonly finishedMs: number | undefined
  readonly message: string
}

export interface LoadRequest {
  /** Must hold INSERT on the table. */
  readonly user: UserIdentity
  readonly database: string
  readonly table: string
  /** Undefined: one is generated. */
  readonly label: string | undefined
  /** Stream Load's `columns` header as written: `k, tmp, v = tmp * 2`. Undefined: the table's columns. */
  readonly columns: string | undefined
  /** Stream Load's `where` header as written. */
  readonly where: string | undefined
  readonly partitions: readonly string[]
  /** Bad rows over this share of the rows that were looked at fail the load; 0 to 1. */
  readonly maxFilterRatio: number
  /** A value that cannot be converted filters its row; otherwise it becomes NULL. */
  readonly strict: boolean
  /** PRIMARY KEY tables: columns that are not given keep their values. */
  readonly partialUpdate: boolean
  /** PRIMARY KEY tables: a row counts only if it is not smaller in this column than the one that is there. */
  readonly mergeCondition: string | undefined
  /** A PRIMARY KEY table's rows may say `__op` by themselves, as members of JSON objects do; without it they are written. */
  readonly operationInRow?: boolean
  /** Values were JSON's: numbers may have a fraction where the column has none. */
  readonly json?: boolean
  /** IANA name or offset; undefined: the instance's. */
  readonly timeZone: string | undefined
  readonly timeoutSeconds: number
  /** For `writeText`: how plain text (no quotes, no escapes) is cut into rows and values. */
  readonly text?: TextFormat
}

export interface TextFormat {
  readonly columnSeparator: string
  readonly rowDelimiter: string
  /** A value of exactly this text is NULL: `\\N` in StarRocks. */
  readonly nullText: string
}

/** One value per field, as text; null is NULL. Numbers, booleans and JSON come as their text. */
export type LoadRow = readonly (string | null)[]

/** Rows of JSON in UTF-8, one a line and without a newline at the end: objects as wire-http/json-line.ts describes them. */
export interface LoadDocuments {
  readonly rows: Buffer
  /** Fields that the first of them lacks. It is fast when most rows of the load lack the same. */
  readonly absent: readonly string[]
}

/** A row as it travels to DuckDB. */
export type EncodedRow = string

export interface LoadOutcome {
  readonly id: number
  readonly label: string
  readonly state: LoadState
  readonly total: number
  readonly loaded: number
  readonly filtered: number
  readonly unselected: number
  readonly bytes: number
  /** A sample of what was wrong with filtered rows. */
  readonly reasons: readonly string[]
}

export interface Load {
  readonly id: number
  readonly label: string
  /** What each row has to hold, in this order. */
  readonly fields: readonly string[]
  /** Those of `fields` that feed a JSON column: their values are JSON texts, a string in its quotes. */
  readonly jsonFields: ReadonlySet<string>
  /** Whether this user is the one that began it: one that was dropped and made again is another. */
  isOf(user: UserIdentity): boolean
  /** One row as `write` takes it. Throws SqlError when it has another number of values than `fields`. */
  encode(row: LoadRow): EncodedRow
  /**
   * Takes rows that this load has encoded; resolves when more may come. `bytes` is what they were read from. Encoded one by
   * one, their values are forgotten at once: kept in batches, they cost the garbage collector half as much again.
   */
  write(rows: readonly EncodedRow[], bytes: number): Promise<void>
  /**
   * Many rows in UTF-8, joined by the row delimiter and without one at the end; DuckDB cuts it up, several times faster
   * than values one by one. A row with another number of values than fields is filtered. Not to be mixed with `write`.
   */
  writeText(rows: Buffer, bytes: number): Promise<void>
  /** Many rows of JSON, which DuckDB takes apart: members by the names of the fields. Between `write`s, in their order. */
  writeDocuments(documents: LoadDocuments, bytes: number): Promise<void>
  /** A row that could not even be read; it counts as filtered. */
  refuse(reason: string): void
  /**
   * First phase: rows are judged and kept in the database file; they are not visible. Survives a restart. `signal` ends it, as it ends
   * `commit`: then nothing of the load is there, unless it was kept already.
   */
  prepare(signal?: AbortSignal): Promise<LoadOutcome>
  /** Makes the rows visible and the label used, together. Also the second phase, right after `prepare`. */
  commit(signal?: AbortSignal): Promise<LoadOutcome>
  /** Drops the rows and releases the label. Safe at any time; does nothing after commit. */
  rollback(): Promise<void>
}

/** A column as `_schema` tells it. */
export interface TableField {
  readonly name: string
  /** StarRocks' word for it: `INT`, `DECIMAL64`. */
  readonly type: string
  readonly comment: string
  readonly precision?: number
  readonly scale?: number
}

export interface LoadSink {
  /** Throws LabelTakenError when the label is in use or was used, SqlError for anything else. */
  beginLoad(request: LoadRequest): Promise<Load>
  /**
   * The same load of the same table with another request: id and label stay. Rows that were written are forgotten. When it
   * throws, the load is over and its label free.
   */
  replan(load: Load, request: LoadRequest): Promise<Load>
  /** Throws the SqlError with which `beginLoad` would refuse this user and table. */
  checkLoad(user: UserIdentity, database: string, table: string): void
  /** Throws SqlError when there is no such table, or the user may not read it. */
  describeTable(user: UserIdentity, database: string, table: string): readonly TableField[]
  /**
   * Second phase by label, also after a restart. Repeating a finished commit answers its outcome. When `signal` ends it, the load is as
   * prepared as before.
   */
  commitPrepared(
    user: UserIdentity,
    database: string,
    label: string,
    signal?: AbortSignal,
  ): Promise<LoadOutcome>
  rollbackPrepared(user: UserIdentity, database: string, label: string): Promise<void>
  /** The load that holds a label now; undefined when it is free. */
  findLoad(database: string, label: string): LoadSummary | undefined
  /** Of the latest load of this label, one that failed included. Throws SqlError when there is no such database. */
  labelState(database: string, label: string): LoadState | 'UNKNOWN'
}

/** The label is taken: by a load that runs (PREPARE), is prepared, or has finished (VISIBLE). */
export class LabelTakenError extends SqlError {
  readonly existing: LoadSummary

  constructor(existing: LoadSummary) {
    super(`Label [${existing.label}] has already been used, relate to txn [${existing.id}]`, 1064)
    this.name = 'LabelTakenError'
    this.existing = existing
  }
}

export function outcomeOf(record: LoadSummary, reasons: readonly string[]): LoadOutcome {
  const { id, label, state, total, loaded, filtered, unselected, bytes } = record
  return { id, label, state, total, loaded, filtered, unselected, bytes, reasons }
}

/** How the rows of a load were judged. */
export interface JudgedRows {
  readonly total: number
  readonly filtered: number
  readonly unselected: number
  readonly reasons: readonly string[]
}

/** The load failed for its rows; the HTTP side writes the reasons to its error log. */
export class TooManyFilteredError extends SqlError {
  readonly rows: JudgedRows

  constructor(rows: JudgedRows) {
    super(`too many filtered rows. ${rows.reasons[0] ?? ''}`.trim())
    this.name = 'TooManyFilteredError'
    this.rows = rows
  }
}
