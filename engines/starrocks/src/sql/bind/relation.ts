/** FROM: tables, common tables, derived tables, unnest and generate_series, joins. Every relation gets an alias of ours. */
import type { ObjectName, FromItem } from '../ast.ts'
import type { Bound, BoundFrom } from '../bound.ts'
import { callNode, constant } from '../bound.ts'
import { commonType } from '../common-type.ts'
import {
  analyzingError,
  noDatabase,
  unknownColumn,
  unknownDatabase,
  unknownTable,
  unsupported,
} from '../sql-error.ts'
import { namedOf } from '../name-index.ts'
import { simpleType } from '../type.ts'
import { aliased, numbered, sourceColumns, fromTable } from './alias.ts'
import { convertTo } from './conversion.ts'
import type { Binding, BoundColumn, BoundRelation, Environment } from './environment.ts'
import { positionOf } from './environment.ts'
import { nullableSides } from './nullability.ts'
import { equality, joinCondition } from './operator.ts'
import { pivotQuery } from './pivot.ts'
import { asksQuery, queryJoin } from './query-join.ts'
import { bindQueryIn } from './recursion.ts'
import { bindTableFunction } from './table-function.ts'

export const bindRelation = (relation: FromItem, environment: Environment): BoundRelation => {
  switch (relation.kind) {
    case 'table':
      return bindTable(relation, environment)
    case 'derived':
      return bindDerived(relation, environment)
    case 'tableFunction':
      return bindTableFunction(relation, environment)
    case 'join':
      return bindJoin(relation, environment)
    case 'pivot':
      return bindDerived(
        {
          kind: 'derived',
          query: pivotQuery(relation, bindRelation(relation.source, environment).bindings),
          alias: undefined,
          columns: [],
        },
        environment,
      )
  }
}

const bindTable = (
  relation: Extract<FromItem, { kind: 'table' }>,
  environment: Environment,
): BoundRelation => {
  const { name, alias, columns, partitions } = relation
  const [first = ''] = name.parts
  const common = name.parts.length === 1 ? environment.commonTables.get(first) : undefined
  if (common !== undefined) {
    const shape = { name: alias ?? first, database: undefined, table: '', names: columns }
    return aliased(environment, numbered(common.columns), shape, (under) => ({
      kind: 'table',
      sql: common.sqlName,
      alias: under,
    }))
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
  environment.context.meanings?.tables.set(
    relation,
    [found.catalog, database, table].filter((part) => part !== undefined),
  )
  const shape = {
    name: alias ?? table,
    database: alias === undefined ? database : undefined,
    catalog: found.catalog,
    table: found.table,
    names: columns,
  }
  return aliased(environment, sourceColumns(found), shape, (under) => fromTable(found, under))
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

const bindDerived = (
  relation: Extract<FromItem, { kind: 'derived' }>,
  environment: Environment,
): BoundRelation => {
  const query = bindQueryIn(relation.query, {
    context: environment.context,
    outer: environment.outer,
    commonTables: environment.commonTables,
  })
  const shape = {
    name: relation.alias,
    database: undefined,
    table: '',
    names: relation.columns,
  }
  return aliased(environment, numbered(query.columns), shape, (alias) => ({
    kind: 'derived',
    query,
    alias,
  }))
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

const bindJoin = (join: Join, environment: Environment): BoundRelation => {
  checkLateral(join)
  const left = bindRelation(join.left, environment)
  // Only table functions look at what stands to its left.
  const right = bindRelation(join.right, {
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
    join.on !== undefined ? joinCondition(join.on, both) : usingCondition(join, both, [left, right])
  const asked =
    on !== undefined && join.on !== undefined && asksQuery(join.on)
      ? queryJoin({ type: join.type, left, right, on }, environment)
      : undefined
  if (asked !== undefined) return asked
  const isRight = join.type === 'right semi' || join.type === 'right anti'
  const [kept, other] = isRight ? [right, left] : [left, right]
  const from: BoundFrom = {
    kind: 'join',
    words: joinWords(join.type, on !== undefined),
    left: kept.from,
    right: other.from,
    nested: (isRight ? join.left : join.right).kind === 'join',
    on: on ?? (join.type === 'inner' || join.type === 'cross' ? undefined : always),
  }
  const [first, second] = nullableSides(join.type, left, right)
  const narrows = isRight || join.type === 'left semi' || join.type === 'left anti'
  if (narrows) return { from, bindings: kept.bindings }
  return {
    from,
    bindings:
      join.using.length > 0
        ? mergeUsing(join, first, second)
        : [...first.bindings, ...second.bindings],
  }
}

const always = constant('true', simpleType('boolean'))

const joinWords = (type: Join['type'], hasCondition: boolean): string => {
  switch (type) {
    case 'inner':
    case 'cross':
      return hasCondition ? 'JOIN' : 'CROSS JOIN'
    case 'left':
    case 'right':
    case 'full':
      return `${type.toUpperCase()} JOIN`
    case 'left semi':
    case 'right semi':
      return 'SEMI JOIN'
    case 'left anti':
    case 'right anti':
      return 'ANTI JOIN'
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

const usingColumn = (from: BoundRelation, name: string): BoundColumn => {
  const found = from.bindings
    .flatMap((binding) => namedOf(binding.columns, name))
    .filter((column) => column.merged !== true)
  const [column] = found
  if (column === undefined) throw unknownColumn(name)
  if (found.length > 1)
    throw analyzingError(`Column '${name}' is ambiguous.`, undefined, 1052, '23000')
  return column
}

const usingCondition = (
  join: Join,
  environment: Environment,
  [left, right]: readonly [BoundRelation, BoundRelation],
): Bound | undefined => {
  if (join.using.length === 0) return undefined
  const tests = join.using.map((name) =>
    equality(usingColumn(left, name).value, usingColumn(right, name).value, environment),
  )
  return callNode(simpleType('boolean'), tests, (texts) => texts.join(' AND '))
}

/** The joined columns come first, once; the qualified names of both sides stay. */
const mergeUsing = (join: Join, left: BoundRelation, right: BoundRelation): readonly Binding[] => {
  const merged = join.using.map((name): BoundColumn => {
    const [a, b] = [usingColumn(left, name), usingColumn(right, name)]
    if (join.type === 'right') return { ...b, table: '', database: '' }
    if (join.type !== 'full') return a
    const type = commonType(a.value.type, b.value.type) ?? a.value.type
    const sides = [convertTo(a.value, type), convertTo(b.value, type)]
    return {
      ...a,
      value: callNode(type, sides, ([x = '', y = '']) => `coalesce(${x}, ${y})`),
    }
  })
  const hidden = new Set(join.using.map((name) => name.toLowerCase()))
  const hide = (binding: Binding): Binding => ({
    ...binding,
    columns: binding.columns.map((column) =>
      hidden.has(column.name.toLowerCase()) ? { ...column, merged: true } : column,
    ),
  })
  return [
    { name: undefined, database: undefined, columns: merged },
    ...left.bindings.map(hide),
    ...right.bindings.map(hide),
  ]
}
