/** FROM: tables, common tables, derived tables, unnest and generate_series, joins. Every relation gets an alias of ours. */
import type { ObjectName, FromItem } from '../ast.ts'
import {
  analyzingError,
  noDatabase,
  unknownColumn,
  unknownDatabase,
  unknownTable,
  unsupported,
} from '../sql-error.ts'
import { simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { compare } from './comparison.ts'
import { commonType, isInteger } from './common-type.ts'
import { convertTyped } from './convert.ts'
import type { Binding, BoundColumn, Environment } from './environment.ts'
import { positionOf, sameName } from './environment.ts'
import { joinCondition } from './operator.ts'
import { pivotQuery } from './pivot.ts'
import { translate, translateQueryIn } from './recursion.ts'
import { asksQuery, queryJoin } from './query-join.ts'
import { series } from './series.ts'
import { quoteName } from './typed.ts'

export interface FromSql {
  readonly sql: string
  readonly bindings: readonly Binding[]
}

export const translateRelation = (relation: FromItem, environment: Environment): FromSql => {
  switch (relation.kind) {
    case 'table':
      return tableSql(relation, environment)
    case 'derived':
      return derivedSql(relation, environment)
    case 'tableFunction':
      return functionSql(relation, environment)
    case 'join':
      return joinSql(relation, environment)
    case 'pivot':
      return derivedSql(
        {
          kind: 'derived',
          query: pivotQuery(relation, translateRelation(relation.source, environment).bindings),
          alias: undefined,
          columns: [],
        },
        environment,
      )
  }
}

interface Shape {
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
}

/** Puts an alias on a FROM item; `names` renames its columns. */
const bind = (
  environment: Environment,
  source: string,
  columns: readonly SourceColumn[],
  shape: Shape,
): FromSql => {
  const { names } = shape
  environment.context.planning.joined += 1
  const alias = environment.context.fresh('r')
  if (names.length > 0 && names.length !== columns.length) {
    throw analyzingError(
      `The relation ${shape.name ?? ''} has ${columns.length} columns, but ${names.length} column aliases are given.`,
    )
  }
  const bound = columns.map((column, index): BoundColumn => ({
    name: names[index] ?? column.name,
    type: column.type,
    sql: `${alias}.${column.sql}`,
    table: shape.table,
    database: shape.database ?? '',
  }))
  return {
    sql: `${source} AS ${alias}`,
    bindings: [
      { name: shape.name, database: shape.database, catalog: shape.catalog, columns: bound },
    ],
  }
}

const tableSql = (
  relation: Extract<FromItem, { kind: 'table' }>,
  environment: Environment,
): FromSql => {
  const { name, alias, columns, partitions } = relation
  const [first = ''] = name.parts
  const common = name.parts.length === 1 ? environment.commonTables.get(first) : undefined
  if (common !== undefined) {
    const source = common.columns.map((column, index) => ({ ...column, sql: `c${index + 1}` }))
    return bind(environment, common.sqlName, source, {
      name: alias ?? first,
      database: undefined,
      table: '',
      names: columns,
    })
  }
  const { scope } = environment.context
  const external = scope.external?.(relation)
  const { database, table } = tableName(name, environment)
  const inside = () =>
    relation.rollup
      ? scope.rollup?.(database, table)
      : scope.table(database, table, partitions, relation.temporary)
  if (external === 'unknown')
    throw unknownTable(`${database}.${table}`, positionOf(environment, name.at))
  if (external && (partitions.length > 0 || relation.rollup))
    throw unsupported('A partition of an external table', positionOf(environment, name.at))
  const found = external ?? inside()
  if (found === undefined) {
    if (!scope.hasDatabase(database)) throw unknownDatabase(database)
    throw unknownTable(`${database}.${table}`, positionOf(environment, name.at))
  }
  const source = found.columns.map((column) => ({
    ...column,
    sql: column.sql ?? quoteName(column.name),
  }))
  return bind(environment, found.sql, source, {
    name: alias ?? table,
    database: alias === undefined ? database : undefined,
    catalog: found.catalog,
    table: found.table,
    names: columns,
  })
}

const tableName = (
  name: ObjectName,
  environment: Environment,
): { database: string; table: string } => {
  const table = name.parts.at(-1) ?? ''
  const database = name.parts.at(-2) ?? environment.context.scope.database
  const catalog = name.parts.at(-3)
  const { scope } = environment.context
  if (catalog !== undefined && catalog !== 'default_catalog' && !scope.external)
    throw analyzingError(`Unknown catalog '${catalog}'`, positionOf(environment, name.at))
  if (database === undefined) throw noDatabase()
  return { database, table }
}

const derivedSql = (
  relation: Extract<FromItem, { kind: 'derived' }>,
  environment: Environment,
): FromSql => {
  const { sql, columns } = translateQueryIn(relation.query, {
    context: environment.context,
    outer: environment.outer,
    commonTables: environment.commonTables,
  })
  const source = columns.map((column, index) => ({
    name: column.name,
    type: column.type,
    sql: `c${index + 1}`,
  }))
  return bind(environment, `(${sql})`, source, {
    name: relation.alias,
    database: undefined,
    table: '',
    names: relation.columns,
  })
}

type TableFunction = Extract<FromItem, { kind: 'tableFunction' }>

const functionSql = (relation: TableFunction, environment: Environment): FromSql => {
  switch (relation.name) {
    case 'unnest':
      return unnestSql(relation, environment)
    case 'generate_series':
      return seriesSql(relation, environment)
    case 'unnest_bitmap':
    case 'subdivide_bitmap':
      return bitmapSql(relation, environment)
    case 'files':
      return filesSql(relation, environment)
    default:
      throw analyzingError(
        `Unknown table function '${relation.name}()'`,
        positionOf(environment, relation.at),
        1305,
        '42000',
      )
  }
}

const filesSql = (relation: TableFunction, environment: Environment): FromSql => {
  const table = environment.context.scope.files?.(relation.properties)
  if (table === undefined)
    throw unsupported('FILES() in this statement', positionOf(environment, relation.at))
  const columns = table.columns.map((column) => ({ ...column, sql: quoteName(column.name) }))
  return bind(environment, table.sql, columns, {
    name: relation.alias ?? table.table,
    database: undefined,
    table: '',
    names: relation.columns,
  })
}

/** Arrays side by side, the shorter ones filled up with NULL; no row for an empty or NULL array. */
const unnestSql = (relation: TableFunction, environment: Environment): FromSql => {
  const arrays = relation.args.map((argument) => translate(argument, environment))
  const columns = arrays.map((array, index): SourceColumn => {
    if (array.type.kind !== 'array')
      throw analyzingError('unnest() takes arrays.', positionOf(environment, relation.at))
    return { name: 'unnest', type: array.type.element, sql: `c${index + 1}` }
  })
  if (columns.length === 0)
    throw analyzingError('unnest() takes arrays.', positionOf(environment, relation.at))
  const items = arrays.map((array, index) => `unnest(${array.sql}) AS c${index + 1}`)
  return bind(environment, `LATERAL (SELECT ${items.join(', ')})`, columns, {
    name: relation.alias ?? 'unnest',
    database: undefined,
    table: '',
    names: relation.columns,
  })
}

/** The members of a bitmap, or bitmaps of so many of them at most; one without members is divided into itself. */
const bitmapSql = (relation: TableFunction, environment: Environment): FromSql => {
  const { name } = relation
  const divides = name === 'subdivide_bitmap'
  const [bitmap, size] = relation.args.map((argument) => translate(argument, environment))
  const fits = divides ? size && isInteger(size.type) : size === undefined
  if (bitmap?.type.kind !== 'bitmap' || fits !== true || relation.args.length > 2)
    throw analyzingError(`Unknown table function '${name}()'`)
  const set = bitmap.sql
  const width = `CAST(${size?.sql ?? '1'} AS BIGINT)`
  const parts = `CASE WHEN ${width} <= 0 THEN [] WHEN len(${set}) = 0 THEN [${set}] ELSE list_transform(range(0, len(${set}), greatest(${width}, 1)), lambda part: list_slice(${set}, part + 1, part + ${width})) END`
  const items = divides ? parts : `CAST(${set} AS BIGINT[])`
  const type = simpleType(divides ? 'bitmap' : 'bigint')
  return bind(environment, `LATERAL (SELECT unnest(${items}) AS c1)`, [{ name, type, sql: 'c1' }], {
    name: relation.alias ?? name,
    database: undefined,
    table: '',
    names: relation.columns,
  })
}

const seriesSql = (relation: TableFunction, environment: Environment): FromSql => {
  const { sql, type } = series(relation.args, environment)
  const name = 'generate_series'
  return bind(environment, `LATERAL (${sql})`, [{ name, type, sql: 'c1' }], {
    name: relation.alias ?? name,
    database: undefined,
    table: '',
    names: relation.columns,
  })
}

/** How a table function written without TABLE() may stand to the right of a join. */
const checkLateral = ({ type, right, on }: Join): void => {
  if (right.kind !== 'tableFunction' || right.table || right.name === 'files') return
  if (type === 'inner' || type === 'cross') return
  if (right.name !== 'unnest')
    throw analyzingError('Not support lateral join except inner or cross.')
  if (type !== 'left')
    throw analyzingError('unnest support inner join, cross join and left join on true.')
  if (on?.kind !== 'boolean' || !on.value)
    throw analyzingError('left join unnest only support on true.')
}

type Join = Extract<FromItem, { kind: 'join' }>

const joinSql = (join: Join, environment: Environment): FromSql => {
  checkLateral(join)
  const left = translateRelation(join.left, environment)
  // Only table functions look at what stands to its left.
  const right = translateRelation(join.right, {
    ...environment,
    bindings: [...environment.bindings, ...left.bindings],
  })
  refuseDuplicate(left.bindings, right.bindings)
  const both: Environment = {
    ...environment,
    bindings: [...left.bindings, ...right.bindings],
    noAggregates: 'JOIN clause',
    noWindows: 'JOIN clause',
  }
  const on =
    join.on !== undefined ? joinCondition(join.on, both) : usingCondition(join, left, right)
  const asked =
    on !== undefined && join.on !== undefined && asksQuery(join.on)
      ? queryJoin({ type: join.type, left, right, on }, environment)
      : undefined
  if (asked !== undefined) return asked
  const rightSql = join.right.kind === 'join' ? `(${right.sql})` : right.sql
  const bindings = join.using.length > 0 ? mergeUsing(join, left, right) : both.bindings
  switch (join.type) {
    case 'inner':
    case 'cross':
      return {
        sql:
          on === undefined
            ? `${left.sql} CROSS JOIN ${rightSql}`
            : `${left.sql} JOIN ${rightSql} ON ${on}`,
        bindings,
      }
    case 'left':
    case 'right':
    case 'full':
      return {
        sql: `${left.sql} ${join.type.toUpperCase()} JOIN ${rightSql} ON ${on ?? 'true'}`,
        bindings,
      }
    case 'left semi':
    case 'left anti':
      return {
        sql: `${left.sql} ${join.type === 'left semi' ? 'SEMI' : 'ANTI'} JOIN ${rightSql} ON ${on ?? 'true'}`,
        bindings: left.bindings,
      }
    case 'right semi':
    case 'right anti': {
      const leftSql = join.left.kind === 'join' ? `(${left.sql})` : left.sql
      return {
        sql: `${right.sql} ${join.type === 'right semi' ? 'SEMI' : 'ANTI'} JOIN ${leftSql} ON ${on ?? 'true'}`,
        bindings: right.bindings,
      }
    }
  }
}

const refuseDuplicate = (left: readonly Binding[], right: readonly Binding[]): void => {
  for (const binding of right) {
    if (
      binding.name !== undefined &&
      left.some((other) => other.name === binding.name && other.database === binding.database)
    ) {
      throw analyzingError(`Not unique table/alias: '${binding.name}'`, undefined, 1066, '42000')
    }
  }
}

const usingColumn = (from: FromSql, name: string): BoundColumn => {
  const found = from.bindings
    .flatMap((binding) => binding.columns)
    .filter((column) => sameName(column.name, name) && column.merged !== true)
  const [column] = found
  if (column === undefined) throw unknownColumn(name)
  if (found.length > 1)
    throw analyzingError(`Column '${name}' is ambiguous.`, undefined, 1052, '23000')
  return column
}

const usingCondition = (join: Join, left: FromSql, right: FromSql): string | undefined => {
  if (join.using.length === 0) return undefined
  return join.using
    .map((name) => compare('=', usingColumn(left, name), usingColumn(right, name)).sql)
    .join(' AND ')
}

/** The joined columns come first, once; the qualified names of both sides stay. */
const mergeUsing = (join: Join, left: FromSql, right: FromSql): readonly Binding[] => {
  const merged = join.using.map((name): BoundColumn => {
    const [a, b] = [usingColumn(left, name), usingColumn(right, name)]
    if (join.type === 'right') return { ...b, table: '', database: '' }
    if (join.type !== 'full') return a
    const type = commonType(a.type, b.type) ?? a.type
    return {
      ...a,
      type,
      sql: `coalesce(${convertTyped(a, type).sql}, ${convertTyped(b, type).sql})`,
    }
  })
  const hide = (binding: Binding): Binding => ({
    ...binding,
    columns: binding.columns.map((column) =>
      join.using.some((name) => sameName(name, column.name)) ? { ...column, merged: true } : column,
    ),
  })
  return [
    { name: undefined, database: undefined, columns: merged },
    ...left.bindings.map(hide),
    ...right.bindings.map(hide),
  ]
}
