/** Names: which relations, aliases and lambda parameters an expression can see, and what a name means there. */
import type { ColumnReference, Expression, Query } from '../ast.ts'
import type { Bound, BoundFrom, BoundQuery, BoundWindow, NotNull, Write } from '../bound.ts'
import { callNode, partOfGrouped } from '../bound.ts'
import { expressionSql } from '../emit/query.ts'
import type { Written } from '../emit/query.ts'
import { quote } from '../emit/text.ts'
import { namedOf } from '../name-index.ts'
import type { ColumnMeaning, NameMeanings } from '../name-meaning.ts'
import { newPlanning } from '../planning.ts'
import type { Planning } from '../planning.ts'
import type { Scope } from '../scope.ts'
import { ambiguousColumn, unknownColumn } from '../sql-error.ts'
import type { Position } from '../sql-error.ts'
import type { SqlType, StructField } from '../type.ts'

export interface BoundColumn {
  readonly name: string
  readonly value: Bound
  readonly table: string
  readonly database: string
  /** Of its `NotNull`; what stands for the column itself is in `value`. */
  readonly originNotNull?: boolean
  /** Joined by USING: only the qualified name leads here, the bare one to the merged column. */
  readonly merged?: boolean
}

/** One relation of FROM. */
export interface Binding {
  /** The alias, or the table's name; undefined for an unnamed derived table. */
  readonly name: string | undefined
  /** Set when the relation is a table that was not renamed. */
  readonly database: string | undefined
  /** Of a table of an external catalog. */
  readonly catalog?: string | undefined
  readonly columns: readonly BoundColumn[]
}

/** A FROM item with what it brings into scope. */
export interface BoundRelation {
  readonly from: BoundFrom
  readonly bindings: readonly Binding[]
}

/** Select items by alias. Looked up when asked for, because some clauses are read before the items. */
export interface Outputs {
  find(name: string): readonly Bound[]
  /** They win over columns (ORDER BY) or lose (GROUP BY, HAVING, QUALIFY). */
  readonly first: boolean
}

/** What GROUP BY allows: what its items are the same as, and the columns that were named outside of them and of aggregates. */
export interface Grouping {
  /** Its items as they are kept, by the texts of what was written and of what is kept. */
  readonly keys: ReadonlyMap<string, Bound>
  readonly strays: { readonly name: string; readonly position: Position }[]
}

export interface CommonTableBinding {
  readonly sqlName: string
  readonly columns: readonly {
    readonly name: string
    readonly type: SqlType
    readonly notNull?: NotNull | undefined
  }[]
}

/** Columns that a SELECT's windows need computed before them. */
export interface Below {
  /** `write` names the text of `value`. */
  add(write: Write, column: { readonly value: Bound; readonly over: BoundWindow }): Bound
  /** The relation with those columns; undefined when there are none. */
  around(from: BoundFrom | undefined, where: Bound | undefined): BoundFrom | undefined
}

/** What surrounds a query. */
export interface EnclosingScope {
  readonly context: Context
  readonly outer: Environment | undefined
  readonly commonTables: ReadonlyMap<string, CommonTableBinding>
}

/** The two entries that recursion needs; see recursion.ts. */
export interface Recursion {
  readonly expression: (expression: Expression, environment: Environment) => Bound
  readonly query: (query: Query, enclosing: EnclosingScope) => BoundQuery
}

/** One per statement. */
export interface Context {
  readonly scope: Scope
  readonly recursion: Recursion
  readonly planning: Planning
  /** A fresh name: r1, r2 … No name of the input ever reaches DuckDB as an alias. */
  fresh(prefix: string): string
  /** Expressions are the same when this is: their text. */
  identity(value: Bound): string
  /** What was written for that. */
  readonly written: Written
  /** Where what names mean is put down, if anybody asks. */
  readonly meanings: NameMeanings | undefined
}

export interface Environment {
  readonly context: Context
  readonly bindings: readonly Binding[]
  /** The query around this one. */
  readonly outer: Environment | undefined
  readonly commonTables: ReadonlyMap<string, CommonTableBinding>
  readonly variables: ReadonlyMap<string, Bound>
  /** How many lambdas are around: nested ones need parameters of their own, and equal calls equal names. */
  readonly lambdas: number
  readonly outputs: Outputs | undefined
  /** Undefined outside of a SELECT. */
  readonly below?: Below | undefined
  readonly grouping: Grouping | undefined
  /** Undefined: allowed. Otherwise the clause that holds none. */
  readonly noAggregates: string | undefined
  readonly noWindows: string | undefined
  readonly insideAggregate: boolean
}

export const createContext = (
  scope: Scope,
  recursion: Recursion,
  meanings?: NameMeanings,
): Context => {
  let count = 0
  const written: Written = new Map()
  return {
    scope,
    recursion,
    planning: scope.planning ?? newPlanning(),
    fresh: (prefix) => {
      count += 1
      return `${prefix}${count}`
    },
    identity: (value) => expressionSql(value, written),
    written,
    meanings,
  }
}

export const emptyEnvironment = (context: Context): Environment => ({
  context,
  bindings: [],
  outer: undefined,
  commonTables: new Map(),
  variables: new Map(),
  lambdas: 0,
  outputs: undefined,
  grouping: undefined,
  noAggregates: undefined,
  noWindows: undefined,
  insideAggregate: false,
})

export const positionOf = (environment: Environment, at: number): Position => ({
  text: environment.context.scope.text,
  at,
})

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Resolves `[[catalog.]database.]table.column.field…` or `column.field…`, inner query first. */
export const resolveColumn = (environment: Environment, reference: ColumnReference): Bound => {
  const { path, at } = reference
  for (
    let current: Environment | undefined = environment;
    current !== undefined;
    current = current.outer
  ) {
    const found = resolveHere(current, reference)
    if (found !== undefined) return isGrouped(current, found) ? partOfGrouped(found) : found
  }
  throw unknownColumn(path.join('.'), positionOf(environment, at))
}

const resolveHere = (environment: Environment, reference: ColumnReference): Bound | undefined => {
  const { path } = reference
  const [first, ...rest] = path
  if (first === undefined) return undefined
  const variable = environment.variables.get(first.toLowerCase())
  if (variable !== undefined) return fieldsOf(variable, rest)
  const output = (): Bound | undefined =>
    path.length === 1 ? findOutput(environment, reference, first) : undefined
  if (environment.outputs?.first === true && !environment.insideAggregate)
    return output() ?? findColumn(environment, reference)
  return findColumn(environment, reference) ?? output()
}

const findOutput = (
  environment: Environment,
  reference: ColumnReference,
  name: string,
): Bound | undefined => {
  const { meanings, identity } = environment.context
  const found = environment.outputs?.find(name) ?? []
  if (new Set(found.map(identity)).size > 1)
    throw ambiguousColumn(name, positionOf(environment, reference.at))
  const [value] = found
  if (meanings && value) {
    const [same] = matchingColumns(environment, [], name).filter(
      ({ column }) => column.value === value,
    )
    if (same) meanings.columns.set(reference, meaningOf(same, [name]))
  }
  return value
}

const findColumn = (environment: Environment, reference: ColumnReference): Bound | undefined => {
  const { path, at } = reference
  for (let prefix = Math.min(path.length - 1, 3); prefix >= 0; prefix -= 1) {
    const qualifier = path.slice(0, prefix)
    const name = path[prefix] ?? ''
    const candidates = matchingColumns(environment, qualifier, name)
    if (candidates.length > 1) throw ambiguousColumn(path.join('.'), positionOf(environment, at))
    const [found] = candidates
    if (found === undefined) continue
    const value = fieldsOf(found.column.value, path.slice(prefix + 1))
    if (value === undefined) continue
    noteStray(environment, found.column, at)
    environment.context.meanings?.columns.set(reference, meaningOf(found, path.slice(prefix)))
    return value
  }
  return undefined
}

const matchingColumns = (
  environment: Environment,
  qualifier: readonly string[],
  name: string,
): readonly FoundColumn[] =>
  environment.bindings
    .filter((binding) => matchesQualifier(binding, qualifier))
    .flatMap((binding) =>
      namedOf(binding.columns, name)
        .filter((column) => qualifier.length > 0 || column.merged !== true)
        .map((column) => ({ binding, column })),
    )

export interface FoundColumn {
  readonly binding: Binding
  readonly column: BoundColumn
}

export const meaningOf = (
  { binding: { catalog, database, name } }: FoundColumn,
  path: readonly string[],
): ColumnMeaning => ({
  relation: [catalog, database, name].filter((part) => part !== undefined),
  path,
})

/** Table and database names are case-sensitive; column names are not. */
export const matchesQualifier = (binding: Binding, qualifier: readonly string[]): boolean => {
  const table = qualifier.at(-1)
  if (table === undefined) return true
  if (binding.name !== table) return false
  const database = qualifier.at(-2)
  if (database !== undefined && binding.database !== database) return false
  const catalog = qualifier.at(-3)
  return catalog === undefined || catalog === (binding.catalog ?? 'default_catalog')
}

const noteStray = (environment: Environment, column: BoundColumn, at: number): void => {
  const { grouping, insideAggregate } = environment
  if (grouping === undefined || insideAggregate || isGrouped(environment, column.value)) return
  grouping.strays.push({ name: column.name, position: positionOf(environment, at) })
}

/** Whether GROUP BY has it, outside of aggregates. */
const isGrouped = ({ grouping, insideAggregate, context }: Environment, value: Bound): boolean =>
  grouping !== undefined && !insideAggregate && grouping.keys.has(context.identity(value))

/** Struct fields, by name without case. */
const fieldsOf = (value: Bound, names: readonly string[]): Bound | undefined => {
  let current: Bound | undefined = value
  for (const name of names) {
    current = current && fieldOf(current, name)
  }
  return current
}

export const fieldOf = (value: Bound, name: string): Bound | undefined => {
  if (value.type.kind !== 'struct') return undefined
  const field = value.type.fields.find((candidate) => sameName(candidate.name, name))
  return field && memberOf(value, field)
}

export const memberOf = (struct: Bound, { name, type }: StructField): Bound =>
  callNode(type, [struct], ([value = '']) => `struct_extract(${value}, ${quote(name)})`)
