/**
 * From StarRocks' syntax tree to DuckDB's SQL, with StarRocks' types and answers: bind/ makes the bound tree of it, emit/ writes that.
 *
 * Guarantees: only constructs named in the function tables come out; no DuckDB function, table function, setting or
 * file is reachable by name from the input. What cannot be said with StarRocks' meaning is refused (SqlError).
 */
import type { Expression, Query } from './ast.ts'
import { createContext, emptyEnvironment } from './bind/environment.ts'
import type { Binding, Context, Recursion } from './bind/environment.ts'
import { convertTo } from './bind/conversion.ts'
import { bindExpression } from './bind/expression.ts'
import { bindQuery } from './bind/query.ts'
import type { BoundQuery, QueryColumn } from './bound.ts'
import { constant } from './bound.ts'
import { expressionSql, querySql } from './emit/query.ts'
import { writeStrictly } from './emit/strictness.ts'
import { quoteName } from './emit/text.ts'
import { noMeanings } from './name-meaning.ts'
import type { NameMeanings } from './name-meaning.ts'
import type { Scope, ScopeNames, ScopeTable, TypedSql } from './scope.ts'
import type { SqlType } from './type.ts'

export interface DuckSql {
  /** One SELECT. Its columns go by position, in the order of `columns`; their names in DuckDB are c1, c2 … */
  readonly sql: string
  readonly columns: readonly QueryColumn[]
}

/** A table that an expression may name columns of: `alias` is how DuckDB's SQL names it around the expression. */
export interface ExpressionSource {
  readonly alias: string
  readonly table: ScopeNames
}

const recursion: Recursion = { expression: bindExpression, query: bindQuery }

const bindAlone = (query: Query, context: Context): BoundQuery =>
  bindQuery(query, { context, outer: undefined, commonTables: new Map() })

/** A query that is kept to be read by others. */
export const bindView = (query: Query, scope: Scope): BoundQuery =>
  bindAlone(query, createContext(scope, recursion))

/** What a table is read from as a text, for who has no use for a bound view. */
export const viewSource = (source: ScopeTable['source'], scope: Scope): string =>
  typeof source === 'string'
    ? source
    : strictly(scope, () => {
        const names = source.names.map(quoteName).join(', ')
        return `(SELECT * FROM (${querySql(source.query, new Map())}) AS v(${names}))`
      })

export const translateQuery = (
  query: Query,
  scope: Scope,
  modes: string = sqlModes(scope),
): DuckSql =>
  writeStrictly(modes, () => {
    const context = createContext(scope, recursion)
    const bound = bindAlone(query, context)
    return { sql: querySql(bound, context.written), columns: bound.columns }
  })

/** What the names of a query mean; it has been translated before. */
export const namesOf = (query: Query, scope: Scope): NameMeanings => {
  const meanings = noMeanings()
  bindAlone(query, createContext(scope, recursion, meanings))
  return meanings
}

/** `SELECT … FROM t WHERE column = ?`, for several values at once. */
export interface PointSql {
  /** Up to the condition. */
  readonly head: string
  /** The compared column. */
  readonly compared: string
  /** The compared one comes last. */
  readonly columns: readonly QueryColumn[]
}

/** Of such a query (point-form.ts), where the column is compared as it is; the value of its parameter says no more than a type. */
export const translatePoint = (query: Query, scope: Scope): PointSql | undefined =>
  strictly(scope, () => {
    const context = createContext(scope, recursion)
    const bound = bindAlone(query, context)
    if (bound.kind !== 'select' || bound.where?.kind !== 'call') return undefined
    const [compared] = bound.where.args
    if (compared?.kind !== 'column') return undefined
    const { columns, items } = bound
    const all = { ...bound, items: [...items, compared], where: undefined }
    const last = { name: '', type: compared.type, table: '', database: '' }
    return {
      head: `${querySql(all, context.written)} WHERE `,
      compared: compared.sql,
      columns: [...columns, last],
    }
  })

/** Above this DuckDB's own way is the faster one: it reads all columns of all rows, and looks each key up. */
const judgedKeysMax = 24

/**
 * Its rows of these keys. DuckDB judges a list after it has read all columns of a row, and only by the negation of it the rows that it
 * reads; the equalities beside that are for its statistics, by which it skips the rest of the table.
 */
export const pointSql = ({ head, compared }: PointSql, keys: readonly string[]): string => {
  const list = keys.join(', ')
  if (keys.length === 1 || keys.length > judgedKeysMax) return `${head}${compared} IN (${list})`
  const equalities = keys.map((key) => `${compared} = ${key}`)
  return `${head}(${equalities.join(' OR ')}) AND NOT (${compared} NOT IN (${list}))`
}

/** For DEFAULT, generated columns, UPDATE … SET, DELETE … WHERE, load mappings: an expression over given tables. */
export const translateExpression = (
  expression: Expression,
  scope: Scope,
  sources: readonly ExpressionSource[] = [],
): TypedSql =>
  strictly(scope, () => {
    const context = createContext(scope, recursion)
    const bound = bindExpression(expression, {
      ...emptyEnvironment(context),
      bindings: sources.map(bindingOf),
      noAggregates: 'This clause',
      noWindows: 'This clause',
    })
    return { sql: expressionSql(bound, context.written), type: bound.type }
  })

/** The value of sql_mode, as a literal. */
export const sqlModes = ({ session }: Scope): string =>
  session.systemVariable('session', 'sql_mode')?.sql ?? ''

const strictly = <T>(scope: Scope, work: () => T): T => writeStrictly(sqlModes(scope), work)

/** Of one source thousands of expressions are translated, and it has thousands of columns. */
const bindings = new WeakMap<ExpressionSource, Binding>()

const bindingOf = (source: ExpressionSource): Binding => {
  const binding = bindings.get(source) ?? newBinding(source)
  bindings.set(source, binding)
  return binding
}

const newBinding = ({ alias, table }: ExpressionSource): Binding => ({
  name: table.table,
  database: table.database,
  columns: table.columns.map((column) => ({
    name: column.name,
    value: {
      kind: 'column',
      sql: `${alias}.${column.sql ?? quoteName(column.name)}`,
      type: column.type,
    },
    table: table.table,
    database: table.database,
  })),
})

/** The conversion that INSERT and CAST apply; throws SqlError when StarRocks has none between the two types. */
export const convert = ({ sql, type }: TypedSql, to: SqlType): string =>
  expressionSql(convertTo(constant(sql, type), to), new Map())
