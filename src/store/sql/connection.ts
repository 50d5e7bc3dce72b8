/**
 * What the shared half of the SQL drivers needs of one: statements as src/store/statement.ts writes them, their values, and what
 * comes back. An embedded engine answers on the spot, one behind a network later; statements that do not need each other's answers
 * are issued together, so that the latter takes them in one go.
 */
import type { Kind } from '../document.ts'
import type { Leading } from '../leading.ts'
import type { Page, Stored } from '../listing.ts'

export type Row = Readonly<Record<string, unknown>>
export type Value = string | number
export type Awaitable<T> = T | Promise<T>

export interface SqlConnection {
  all(sql: string, values: readonly Value[]): Awaitable<readonly Row[]>
  first(sql: string, values: readonly Value[]): Awaitable<Row | undefined>
  /** Returns how many rows changed. */
  run(sql: string, values: readonly Value[]): Awaitable<number>
  /** Few more than the clusters whose names have this part; undefined where they may be more than `most`. Absent where the engine finds them by itself. */
  clustersNamed?(part: string, most: number): Leading | undefined
  /** Statements that `work` issues before it awaits anything see one state; absent where they do anyway. */
  together?<T>(work: () => Promise<T>): Promise<T>
}

/** The documents that a statement finds whose columns are `{document}`, in its order; all of one state of the store. */
export type FindDocuments = (sql: string, values: readonly Value[]) => Awaitable<readonly Stored[]>

export interface Statement {
  readonly sql: string
  readonly values: readonly Value[]
}

/** Listings that walk so many rows that others would wait for them. */
export interface LongListings {
  /** One that may walk more rows is long. */
  readonly walkedMax: number
  /** Whether there are so many documents that a listing can be long. */
  arePossible(): boolean
  /** The page and the total that two statements find, of one committed state. Throws Overloaded when too many of the account wait. */
  list(account: string | undefined, page: Statement, total: Statement): Promise<Page<Kind>>
}

/** How a connection finds documents. */
export interface DocumentSource {
  readonly find: FindDocuments
  /** As the statement would; absent where nothing is known without it. */
  readonly findById?: (kind: Kind, id: string) => Awaitable<Stored | undefined>
  /** Absent where nobody else waits. */
  readonly longListings?: LongListings
}

/** Of statements that were issued together. */
export function answers<const T extends readonly unknown[]>(
  issued: T,
): Promise<{ -readonly [at in keyof T]: Awaited<T[at]> }> {
  return Promise.all(issued as unknown as readonly Promise<never>[]) as never
}
