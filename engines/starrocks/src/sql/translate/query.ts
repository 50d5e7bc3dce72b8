/** Queries: WITH, set operations, VALUES, and the ORDER BY and LIMIT around them. Columns come out as c1, c2 … */
import type { Query, QueryBody, SetOperation, Values } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { commonType, commonTypeOf, sameType } from './common-type.ts'
import { convertTyped } from './convert.ts'
import type { Environment, RelationColumn, RelationSql, EnclosingScope } from './environment.ts'
import { emptyEnvironment } from './environment.ts'
import { sameName } from './environment.ts'
import { direction, limitSql, orderKey, positionOfItem } from './order.ts'
import { translate, translateQueryIn } from './recursion.ts'
import { translateSelect } from './select.ts'
import { typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

export const bindQuery = (query: Query, enclosing: EnclosingScope): RelationSql => {
  if (query.with.length === 0) return tailed(query, enclosing)
  const tables = new Map(enclosing.commonTables)
  const seen = new Set<string>()
  const definitions = query.with.map((table) => {
    if (seen.has(table.name))
      throw analyzingError(`Not unique table/alias: '${table.name}'`, undefined, 1066, '42000')
    seen.add(table.name)
    const inner = translateQueryIn(table.query, { ...enclosing, commonTables: new Map(tables) })
    if (table.columns.length > 0 && table.columns.length !== inner.columns.length) {
      throw analyzingError(
        `The common table ${table.name} names ${table.columns.length} columns, its query has ${inner.columns.length}.`,
      )
    }
    const sqlName = enclosing.context.fresh('w')
    tables.set(table.name, {
      sqlName,
      columns: inner.columns.map((column, index) => ({
        name: table.columns[index] ?? column.name,
        type: column.type,
      })),
    })
    return `${sqlName} AS (${inner.sql})`
  })
  const main = tailed(query, { ...enclosing, commonTables: tables })
  return { sql: `WITH ${definitions.join(', ')} ${main.sql}`, columns: main.columns }
}

const tailed = (query: Query, enclosing: EnclosingScope): RelationSql => {
  const base: Environment = {
    ...emptyEnvironment(enclosing.context),
    outer: enclosing.outer,
    commonTables: enclosing.commonTables,
  }
  if (query.body.kind === 'select') return translateSelect(query.body, query, base)
  const body = translateBody(query.body, enclosing)
  if (query.orderBy.length === 0 && query.limit === undefined) return body
  const alias = enclosing.context.fresh('r')
  const limit = limitSql(query, base)
  const order =
    query.orderBy.length === 0 ? '' : ` ORDER BY ${outputOrder(query, body, alias, base)}`
  return { sql: `SELECT * FROM (${body.sql}) AS ${alias}${order}${limit}`, columns: body.columns }
}

/** After a set operation only its own columns can be named. */
const outputOrder = (query: Query, body: RelationSql, alias: string, base: Environment): string => {
  const columns = body.columns.map((column, index) => ({
    ...column,
    sql: `${alias}.c${index + 1}`,
  }))
  const environment: Environment = {
    ...base,
    outputs: {
      first: true,
      find: (name) =>
        columns
          .filter((column) => sameName(column.name, name))
          .map((column) => typed(column.sql, column.type)),
    },
    noAggregates: 'ORDER BY of a set operation',
  }
  return query.orderBy
    .map((item) => {
      const position = positionOfItem(item.expression, columns.length)
      const column = position === undefined ? undefined : columns[position - 1]
      const key =
        column === undefined
          ? orderKey(item.expression, translate(item.expression, environment))
          : column.sql
      return `${key} ${direction(item)}`
    })
    .join(', ')
}

const translateBody = (body: QueryBody, enclosing: EnclosingScope): RelationSql => {
  switch (body.kind) {
    case 'query':
      return translateQueryIn(body, enclosing)
    case 'select':
      return tailed(
        { kind: 'query', with: [], body, orderBy: [], limit: undefined, offset: undefined },
        enclosing,
      )
    case 'values':
      return valuesSql(body, enclosing)
    case 'setOperation':
      return setOperation(body, enclosing)
  }
}

const setOperation = (body: SetOperation, enclosing: EnclosingScope): RelationSql => {
  if (body.all && body.operator !== 'union')
    throw analyzingError(`${body.operator.toUpperCase()} ALL is not supported.`)
  const [left, right] = [translateBody(body.left, enclosing), translateBody(body.right, enclosing)]
  if (left.columns.length !== right.columns.length)
    throw analyzingError('Operands have unequal number of columns.')
  const columns = left.columns.map((column, index): RelationColumn => {
    const other = right.columns[index]?.type ?? column.type
    const type = commonType(column.type, other)
    if (type === undefined)
      throw analyzingError(
        `Incompatible types in set operation: ${printType(column.type)} and ${printType(other)}.`,
      )
    return { name: column.name, type, table: '', database: '' }
  })
  const operator = `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`
  return {
    sql: `(${conformed(left, columns, enclosing)}) ${operator} (${conformed(right, columns, enclosing)})`,
    columns,
  }
}

/** One side with its columns converted to the common types. */
const conformed = (
  side: RelationSql,
  columns: readonly RelationColumn[],
  enclosing: EnclosingScope,
): string => {
  const same = side.columns.every((column, index) =>
    sameType(column.type, columns[index]?.type ?? column.type),
  )
  if (same && side.columns.every((column) => column.type.kind !== 'null')) return side.sql
  const alias = enclosing.context.fresh('r')
  const items = side.columns.map((column, index) => {
    const target = columns[index]?.type ?? column.type
    const value: TypedExpression = { sql: `${alias}.c${index + 1}`, type: column.type }
    return `${target.kind === 'null' ? value.sql : convertTyped(value, target).sql} AS c${index + 1}`
  })
  return `SELECT ${items.join(', ')} FROM (${side.sql}) AS ${alias}`
}

const valuesSql = (body: Values, enclosing: EnclosingScope): RelationSql => {
  const environment: Environment = {
    ...emptyEnvironment(enclosing.context),
    outer: enclosing.outer,
    commonTables: enclosing.commonTables,
    noAggregates: 'VALUES',
    noWindows: 'VALUES',
  }
  const rows = body.rows.map((row) => row.map((value) => translate(value, environment)))
  const width = rows[0]?.length ?? 0
  if (rows.some((row) => row.length !== width))
    throw analyzingError('The rows of VALUES have unequal number of columns.')
  const columns = Array.from({ length: width }, (_, index): RelationColumn => {
    const type = commonTypeOf(rows.map((row) => row[index]?.type ?? simpleType('null')))
    if (type === undefined) throw analyzingError('The rows of VALUES have incompatible types.')
    return { name: `column_${index}`, type, table: '', database: '' }
  })
  const lines = rows.map(
    (row) =>
      `(${row.map((value, index) => convertedValue(value, columns[index]?.type)).join(', ')})`,
  )
  const names = columns.map((_, index) => `c${index + 1}`).join(', ')
  return {
    sql: `SELECT * FROM (VALUES ${lines.join(', ')}) AS ${enclosing.context.fresh('r')}(${names})`,
    columns,
  }
}

const convertedValue = (value: TypedExpression, type: SqlType | undefined): string =>
  type === undefined || type.kind === 'null' ? 'NULL' : convertTyped(value, type).sql
