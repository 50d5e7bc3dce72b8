/**
 * From StarRocks' syntax tree to DuckDB's SQL, with StarRocks' types and answers.
 *
 * Guarantees: only constructs named in the function tables come out; no DuckDB function, table function, setting or
 * file is reachable by name from the input. What cannot be said with StarRocks' meaning is refused (SqlError).
 */
import type { Expression, Query } from './ast.ts'
import type { Scope, ScopeTable, TypedSql } from './scope.ts'
import type { SqlType } from './type.ts'

export interface OutputColumn {
  readonly name: string
  readonly type: SqlType
  /** Of the table it comes from when it is a plain column, else empty. */
  readonly table: string
  readonly database: string
}

export interface DuckSql {
  /** One SELECT. Its columns go by position, in the order of `columns`; their names in DuckDB may differ. */
  readonly sql: string
  readonly columns: readonly OutputColumn[]
}

/** A table that an expression may name columns of: `alias` is how DuckDB's SQL names it around the expression. */
export interface ExpressionSource {
  readonly alias: string
  readonly table: ScopeTable
}

export declare const translateQuery: (query: Query, scope: Scope) => DuckSql

/** For DEFAULT, generated columns, UPDATE … SET, DELETE … WHERE, load mappings: an expression over given tables. */
export declare const translateExpression: (
  expression: Expression,
  scope: Scope,
  sources?: readonly ExpressionSource[],
) => TypedSql

/** The conversion that INSERT and CAST apply; throws SqlError when StarRocks has none between the two types. */
export declare const convert: (value: TypedSql, to: SqlType) => string
