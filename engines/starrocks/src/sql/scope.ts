/**
 * What binding needs to know about names, through one small interface. resolution/statement-scope.ts implements it
 * per statement: catalog, privileges and table models are not binding's.
 */
import type { FromItem } from './ast.ts'
import type { BoundView, NotNull } from './bound.ts'
import type { Planning } from './planning.ts'
import type { SqlType } from './type.ts'

export interface ScopeColumn {
  readonly name: string
  readonly type: SqlType
  /** DuckDB expression of the column's name inside its source; default is the quoted name. */
  readonly sql?: string
  readonly notNull?: NotNull | undefined
}

/** A table, view or virtual table as something to read from. */
export interface ScopeTable {
  /** A FROM item in DuckDB's SQL: `"db"."t"`, or a parenthesised query. A view is its bound query. */
  readonly source: string | BoundView
  readonly database: string
  readonly table: string
  readonly columns: readonly ScopeColumn[]
  /** Of an external one. */
  readonly catalog?: string
}

/** A table with a PRIMARY KEY as what dict_mapping() looks keys up in. */
export interface ScopeDictionary extends ScopeTable {
  readonly keys: readonly string[]
  /** Its AUTO_INCREMENT column. */
  readonly numbered: string | undefined
}

/** What names of columns are looked up in. */
export type ScopeNames = Pick<ScopeTable, 'database' | 'table' | 'columns'>

/** An expression in DuckDB's SQL with its StarRocks type. */
export interface TypedSql {
  readonly sql: string
  readonly type: SqlType
  /** Of a variable that holds a number: what could be written in its place. */
  readonly number?: string
}

/** What an answer depends on besides the catalog: a view that asks for it is bound again by each statement. */
export interface SessionScope {
  /** The current catalog, where it is not the default one. */
  readonly catalog?: string | undefined
  /** `user@host` forms: user() and current_user(). */
  readonly user: string
  readonly currentUser: string
  readonly connectionId: number
  /** version(): `5.1.0` in StarRocks' habit; current_version() is the engine's. */
  readonly version: string
  readonly currentVersion: string
  /** IANA name or `+08:00`. */
  readonly timeZone: string
  /** The statement's start, milliseconds since the epoch. */
  readonly now: number
  readonly currentRole: string
  readonly lastQueryId: string
  /** Whether the role is active in the session, or inherited by one that is. */
  hasRole(name: string): boolean
  /** What temporary tables of the session are found by. */
  readonly sessionId: string
  /** Lets the statement wait before its first row; undefined where no statement may. */
  readonly wait?: ((seconds: number) => void) | undefined
  /** What FILES() with these properties was found to be. */
  files?(properties: readonly object[]): ScopeTable | undefined
  systemVariable(scope: 'default' | 'session' | 'global', name: string): TypedSql | undefined
  /** Undefined: never set, which reads as NULL. */
  userVariable(name: string): TypedSql | undefined
  /** What to put for the n-th `?` (from 0): normally `$n+1` with the bound value's type. */
  parameter(index: number): TypedSql
}

export interface Scope {
  /** What planning the statement takes so far; counted from nothing without it. */
  readonly planning?: Planning
  /** The text that was parsed, for the line and column of a refusal. */
  readonly text?: string
  readonly database: string | undefined
  readonly session: SessionScope
  /** Case-sensitive; `partitions` as written in `FROM t PARTITION (p1, p2)`: only their rows; unknown ones are refused. Undefined: no such
   * table (binding says 1146, or 1049 when there is no such database). */
  table(
    database: string,
    table: string,
    partitions?: readonly string[],
    temporary?: boolean,
  ): ScopeTable | undefined
  /** What a table of an external catalog is; undefined for one of the default catalog. */
  external?(item: Extract<FromItem, { kind: 'table' }>): ScopeTable | 'unknown' | undefined
  /** The synchronous materialized view of this name. */
  rollup?(database: string, name: string): ScopeTable | undefined
  /** Throws for a relation that has no PRIMARY KEY; undefined: no such table. */
  dictionary?(database: string, table: string): ScopeDictionary | undefined
  hasDatabase(database: string): boolean
}
