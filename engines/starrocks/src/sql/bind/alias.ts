/** Every FROM item stands under an alias of ours, and brings its columns into scope. */
import type { BoundFrom, NotNull } from '../bound.ts'
import { readNotNull } from '../bound.ts'
import { quoteName } from '../emit/text.ts'
import { addBoundColumns } from '../planning.ts'
import type { ScopeTable } from '../scope.ts'
import { analyzingError } from '../sql-error.ts'
import type { SqlType } from '../type.ts'
import type { BoundColumn, BoundRelation, Environment } from './environment.ts'

interface RelationShape {
  readonly name: string | undefined
  readonly database: string | undefined
  readonly table: string
  readonly catalog?: string | undefined
  /** Column aliases; none keeps the names. */
  readonly names: readonly string[]
}

interface SourceColumn {
  readonly name: string
  readonly type: SqlType
  /** As it is called inside the source. */
  readonly sql: string
  readonly notNull?: NotNull | undefined
}

/** A FROM item under an alias; `names` renames its columns. */
export const aliased = (
  environment: Environment,
  columns: readonly SourceColumn[],
  shape: RelationShape,
  from: (alias: string) => BoundFrom,
): BoundRelation => {
  const { names } = shape
  const { planning } = environment.context
  planning.joined += 1
  addBoundColumns(planning, columns.length)
  const alias = environment.context.fresh('r')
  if (names.length > 0 && names.length !== columns.length) {
    throw analyzingError(
      `The relation ${shape.name ?? ''} has ${columns.length} columns, but ${names.length} column aliases are given.`,
    )
  }
  const bound = columns.map((column, index): BoundColumn => ({
    name: names[index] ?? column.name,
    value: {
      kind: 'column',
      sql: `${alias}.${column.sql}`,
      type: column.type,
      ...(column.notNull?.column && { notNull: true }),
    },
    table: shape.table,
    database: shape.database ?? '',
    ...(column.notNull?.origin && { originNotNull: true }),
  }))
  return {
    from: from(alias),
    bindings: [
      { name: shape.name, database: shape.database, catalog: shape.catalog, columns: bound },
    ],
  }
}

type NamedType = Pick<SourceColumn, 'name' | 'type' | 'notNull'>

/** Columns of a query, which have no names of their own in DuckDB. */
export const numbered = (columns: readonly NamedType[]): readonly SourceColumn[] =>
  columns.map(({ name, type, notNull }, index) => ({
    name,
    type,
    sql: `c${index + 1}`,
    notNull: readNotNull(notNull),
  }))

export const sourceColumns = ({ columns }: ScopeTable): readonly SourceColumn[] =>
  columns.map(({ name, type, sql, notNull }) => ({
    name,
    type,
    sql: sql ?? quoteName(name),
    notNull,
  }))

export const fromTable = ({ source }: ScopeTable, alias: string): BoundFrom =>
  typeof source === 'string'
    ? { kind: 'table', sql: source, alias }
    : { kind: 'derived', ...source, alias }
