/**
 * From StarRocks' syntax tree to DuckDB's SQL, with StarRocks' types and answers.
 *
 * Guarantees: only constructs named in the function tables come out; no DuckDB function, table function, setting or
 * file is reachable by name from the input. What cannot be said with StarRocks' meaning is refused (SqlError).
 */
import type { Expression, Query } from './ast.ts'
import type { Scope, ScopeTable, TypedSql } from './scope.ts'
import { createContext, emptyEnvironment } from './translate/environment.ts'
import type { Binding, Recursion } from './translate/environment.ts'
import { convertTyped } from './translate/convert.ts'
import { bindExpression } from './translate/expression.ts'
import { bindQuery } from './translate/query.ts'
import { translateStrictly } from './translate/strictness.ts'
import { quoteName } from './translate/typed.ts'
import type { SqlType } from './type.ts'

export interface OutputColumn {
  readonly name: string
  readonly type: SqlType
  /** Of the table it comes from when it is a plain column, else empty. */
  readonly table: string
  readonly database: string
}

export interface DuckSql {
  /** One SELECT. Its columns go by position, in the order of `columns`; their names in DuckDB are c1, c2 … */
  readonly sql: string
  readonly columns: readonly OutputColumn[]
}

/** A table that an expression may name columns of: `alias` is how DuckDB's SQL names it around the expression. */
export interface ExpressionSource {
  readonly alias: string
  readonly table: ScopeTable
}

const recursion: Recursion = { expression: bindExpression, query: bindQuery }

export const translateQuery = (query: Query, scope: Scope): DuckSql =>
  translateStrictly(scope, () =>
    bindQuery(query, {
      context: createContext(scope, recursion),
      outer: undefined,
      commonTables: new Map(),
    }),
  )

/** For DEFAULT, generated columns, UPDATE … SET, DELETE … WHERE, load mappings: an expression over given tables. */
export const translateExpression = (
  expression: Expression,
  scope: Scope,
  sources: readonly ExpressionSource[] = [],
): TypedSql => {
  const { sql, type } = translateStrictly(scope, () =>
    bindExpression(expression, {
      ...emptyEnvironment(createContext(scope, recursion)),
      bindings: sources.map(bindingOf),
      noAggregates: 'This clause',
      noWindows: 'This clause',
    }),
  )
  return { sql, type }
}

const bindingOf = ({ alias, table }: ExpressionSource): Binding => ({
  name: table.table,
  database: table.database,
  columns: table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    sql: `${alias}.${column.sql ?? quoteName(column.name)}`,
    table: table.table,
    database: table.database,
  })),
})

/** The conversion that INSERT and CAST apply; throws SqlError when StarRocks has none between the two types. */
export const convert = (value: TypedSql, to: SqlType): string => convertTyped(value, to).sql
