/** Queries: WITH, set operations, VALUES, and the ORDER BY and LIMIT around them. */
import type { Query, QueryBody, SetOperation, Values } from '../ast.ts'
import type { Bound, BoundKey, BoundQuery, QueryColumn } from '../bound.ts'
import { outputOf } from '../bound.ts'
import { commonType, commonTypeOf, sameType } from '../common-type.ts'
import { hasMap } from '../map-key.ts'
import { analyzingError } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import { groupingValue } from './comparison.ts'
import { convertTo } from './conversion.ts'
import type { EnclosingScope, Environment } from './environment.ts'
import { emptyEnvironment, sameName } from './environment.ts'
import { nullValue } from './literal.ts'
import { notNullInBoth } from './nullability.ts'
import { demandOrder, limitOf, orderKey, positionOfItem } from './order.ts'
import { bind, bindQueryIn } from './recursion.ts'
import { bindSelect } from './select.ts'

export const bindQuery = (query: Query, enclosing: EnclosingScope): BoundQuery => {
  if (query.with.length === 0) return tailed(query, enclosing)
  const common = new Map(enclosing.commonTables)
  const seen = new Set<string>()
  const tables = query.with.map((table) => {
    if (seen.has(table.name))
      throw analyzingError(`Not unique table/alias: '${table.name}'`, undefined, 1066, '42000')
    seen.add(table.name)
    const inner = bindQueryIn(table.query, { ...enclosing, commonTables: new Map(common) })
    if (table.columns.length > 0 && table.columns.length !== inner.columns.length) {
      throw analyzingError(
        `The common table ${table.name} names ${table.columns.length} columns, its query has ${inner.columns.length}.`,
      )
    }
    const sqlName = enclosing.context.fresh('w')
    common.set(table.name, {
      sqlName,
      columns: inner.columns.map((column, index) => ({
        name: table.columns[index] ?? column.name,
        type: column.type,
        notNull: column.notNull,
      })),
    })
    return { name: sqlName, query: inner }
  })
  const main = tailed(query, { ...enclosing, commonTables: common })
  return { kind: 'with', tables, main, columns: main.columns }
}

const tailed = (query: Query, enclosing: EnclosingScope): BoundQuery => {
  const base: Environment = {
    ...emptyEnvironment(enclosing.context),
    outer: enclosing.outer,
    commonTables: enclosing.commonTables,
  }
  if (query.body.kind === 'select') return bindSelect(query.body, query, base)
  const body = bindBody(query.body, enclosing)
  if (query.orderBy.length === 0 && query.limit === undefined) return body
  const alias = enclosing.context.fresh('r')
  const limit = limitOf(query, base)
  return {
    kind: 'ordered',
    columns: body.columns,
    from: { kind: 'derived', query: body, alias },
    order: outputOrder(query, body, alias, base),
    ...limit,
  }
}

/** After a set operation only its own columns can be named. */
const outputOrder = (
  query: Query,
  body: BoundQuery,
  alias: string,
  base: Environment,
): readonly BoundKey[] => {
  const columns = body.columns.map(({ name, type }, index) => ({
    name,
    value: outputOf(alias, index, type),
  }))
  const environment: Environment = {
    ...base,
    outputs: {
      first: true,
      find: (name) =>
        columns.filter((column) => sameName(column.name, name)).map(({ value }) => value),
    },
    noAggregates: 'ORDER BY of a set operation',
  }
  return query.orderBy.map((item) => {
    const position = positionOfItem(item.expression, columns.length)
    const column = position === undefined ? undefined : columns[position - 1]
    return column === undefined
      ? orderKey(item, demandOrder(bind(item.expression, environment)))
      : { ...orderKey(item, column.value), constant: false }
  })
}

const bindBody = (body: QueryBody, enclosing: EnclosingScope): BoundQuery => {
  switch (body.kind) {
    case 'query':
      return bindQueryIn(body, enclosing)
    case 'select':
      return tailed(
        { kind: 'query', with: [], body, orderBy: [], limit: undefined, offset: undefined },
        enclosing,
      )
    case 'values':
      return bindValues(body, enclosing)
    case 'setOperation':
      return setOperation(body, enclosing)
  }
}

const setOperation = (body: SetOperation, enclosing: EnclosingScope): BoundQuery => {
  if (body.all && body.operator !== 'union')
    throw analyzingError(`${body.operator.toUpperCase()} ALL is not supported.`)
  const [left, right] = [bindBody(body.left, enclosing), bindBody(body.right, enclosing)]
  if (left.columns.length !== right.columns.length)
    throw analyzingError('Operands have unequal number of columns.')
  const columns = left.columns.map((column, index): QueryColumn => {
    const other = right.columns[index]?.type ?? column.type
    const type = commonType(column.type, other)
    if (type === undefined)
      throw analyzingError(
        `Incompatible types in set operation: ${printType(column.type)} and ${printType(other)}.`,
      )
    const notNull = notNullInBoth(column.notNull, right.columns[index]?.notNull)
    return { name: column.name, type, table: '', database: '', ...(notNull && { notNull }) }
  })
  return {
    kind: 'set',
    operator: `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`,
    left: conformed(left, columns, !body.all, enclosing),
    right: conformed(right, columns, !body.all, enclosing),
    columns,
  }
}

/** One side with its columns converted to the common types, and with one value for what counts as the same row where each is kept once. */
const conformed = (
  side: BoundQuery,
  columns: readonly QueryColumn[],
  isDistinct: boolean,
  enclosing: EnclosingScope,
): BoundQuery => {
  const isSorted = isDistinct && columns.some(({ type }) => hasMap(type))
  const same =
    !isSorted &&
    side.columns.every((column, index) =>
      sameType(column.type, columns[index]?.type ?? column.type),
    )
  if (same && side.columns.every((column) => column.type.kind !== 'null')) return side
  const alias = enclosing.context.fresh('r')
  const values = side.columns.map((column, index): Bound => {
    const target = columns[index]?.type ?? column.type
    const value = outputOf(alias, index, column.type)
    if (target.kind === 'null') return value
    const converted = convertTo(value, target)
    return isSorted ? groupingValue(converted) : converted
  })
  return { kind: 'projection', columns, values, from: { kind: 'derived', query: side, alias } }
}

const bindValues = (body: Values, enclosing: EnclosingScope): BoundQuery => {
  const environment: Environment = {
    ...emptyEnvironment(enclosing.context),
    outer: enclosing.outer,
    commonTables: enclosing.commonTables,
    noAggregates: 'VALUES',
    noWindows: 'VALUES',
  }
  const rows = body.rows.map((row) => row.map((value) => bind(value, environment)))
  const width = rows[0]?.length ?? 0
  if (rows.some((row) => row.length !== width))
    throw analyzingError('The rows of VALUES have unequal number of columns.')
  const columns = Array.from({ length: width }, (_, index): QueryColumn => {
    const type = commonTypeOf(rows.map((row) => row[index]?.type ?? simpleType('null')))
    if (type === undefined) throw analyzingError('The rows of VALUES have incompatible types.')
    return { name: `column_${index}`, type, table: '', database: '' }
  })
  return {
    kind: 'values',
    rows: rows.map((row) => row.map((value, index) => ofColumn(value, columns[index]))),
    alias: enclosing.context.fresh('r'),
    columns,
  }
}

const ofColumn = (value: Bound, column: QueryColumn | undefined): Bound =>
  column === undefined || column.type.kind === 'null' ? nullValue : convertTo(value, column.type)
