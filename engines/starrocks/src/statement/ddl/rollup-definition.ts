/**
 * What a synchronous materialized view or a ROLLUP may be, and the columns that it has.
 * reference: StarRocks 3.3.7, CreateMaterializedViewStmt.analyze and MaterializedViewHandler.checkAndPrepareMaterializedView.
 */
import type { AggregateKind, RollupDefinition } from '../../sql/ast-definition.ts'
import type { Expression, FromItem, FunctionCall, Query, Select } from '../../sql/ast.ts'
import { SqlError } from '../../session.ts'
import type { RollupColumn, RollupEntry, TableColumn, TableEntry } from '../../catalog/catalog.ts'
import { columnNamed } from '../../catalog/catalog.ts'
import { callOf, plainItem, selectQuery } from '../../sql/ast-build.ts'
import { columnReferences } from '../../sql/expression-walk.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { isAggregate } from '../../sql/bind/call.ts'
import { holds } from '../../sql/bind/walk.ts'
import { printExpression, printQuery } from '../../sql/print.ts'
import type { SqlType } from '../../sql/type.ts'
import { printType } from '../../sql/type.ts'
import { isKeyType, sortPrefix } from '../../catalog/table-definition.ts'

type RollupShape = Pick<RollupEntry, 'model' | 'columns'>

/** StarRocks names the way out. */
const refusal = (detail: string): SqlError =>
  analyzingError(`${detail}. Please use Asynchronous Materialized View instead`)

const holdsAggregate = (expression: Expression): boolean =>
  holds(expression, (node) => node.kind === 'call' && isAggregate(node))

interface Item {
  readonly name: string
  readonly aggregate: AggregateKind | undefined
  /** Columns of the table that it is made of. */
  readonly of: readonly string[]
}

/** The parts of the query that a synchronous materialized view may have; throws for every other query. */
export function singleTable(query: Query): {
  readonly select: Select
  readonly from: Extract<FromItem, { kind: 'table' }>
} {
  const { body } = query
  if (body.kind !== 'select')
    throw analyzingError('Materialized view query statement only supports a single query blocks.')
  if (body.from?.kind === 'join')
    throw refusal('The materialized view only supports one table in from clause')
  if (body.from?.kind !== 'table')
    throw refusal('Materialized view query statement only support direct query from table')
  if (body.having) {
    const written = printExpression(body.having)
    throw refusal(
      `The having clause is not supported in add materialized view clause, expr:${written}`,
    )
  }
  if (query.limit) {
    const limit = printExpression(query.limit)
    throw refusal(
      `The limit clause is not supported in add materialized view clause, expr: limit ${limit}`,
    )
  }
  return { select: body, from: body.from }
}

/** The columns of a view over `table`; `types` are those of the query's columns. */
export function viewDraft(table: TableEntry, query: Query, types: readonly SqlType[]): RollupShape {
  const { select } = singleTable(query)
  const items = select.items.map((item) => {
    if (item.kind === 'star')
      throw refusal('The materialized view currently does not support * in select statement')
    return itemOf(item.expression, item.alias)
  })
  const firstAggregate = items.findIndex((item) => item.aggregate)
  const late = items.find(
    (item, at) => firstAggregate >= 0 && at > firstAggregate && !item.aggregate,
  )
  if (late) {
    throw refusal(
      `Any single column should be before agg column. Column ${late.name} at wrong location`,
    )
  }
  if (firstAggregate === 0) {
    throw refusal(
      'Only [] found in the select list. Please add group by clause and at least one group by column in the select list',
    )
  }
  const names = items.map(({ name }) => name.toLowerCase())
  const twice = items.find(({ name }, at) => names.indexOf(name.toLowerCase()) !== at)
  if (twice) throw analyzingError(`Duplicate column name '${twice.name}'`, undefined, 1060, '42S21')
  const model = select.distinct || select.groupBy || firstAggregate > 0 ? 'aggregate' : 'duplicate'
  checkBase(table, items, model)
  const keys = keysOf(items, types, model)
  return {
    model,
    columns: items.map((item, at): RollupColumn => ({
      name: item.name,
      type: types[at] ?? { kind: 'null' },
      nullable: columnNamed(table, item.name)?.nullable ?? true,
      key: at < keys,
      aggregate: item.aggregate,
    })),
  }
}

function itemOf(expression: Expression, alias: string | undefined): Item {
  const of = columnReferences(expression)
  if (of.length === 0) {
    throw refusal(
      'The materialized view currently does not support const expr in select statement: {}',
    )
  }
  if (expression.kind === 'call' && isAggregate(expression))
    return aggregateItem(expression, alias, of)
  if (holdsAggregate(expression))
    throw refusal('Aggregate function with function expr is not supported yet')
  const plain = expression.kind === 'column' ? expression.path.at(-1) : undefined
  return { name: plain ?? aliased(expression, alias), aggregate: undefined, of }
}

const aggregates: ReadonlyMap<string, AggregateKind> = new Map([
  ['sum', 'sum'],
  ['min', 'min'],
  ['max', 'max'],
  // A count is stored as the sum of ones.
  ['count', 'sum'],
  ['bitmap_union', 'bitmap_union'],
  ['bitmap_agg', 'bitmap_union'],
  ['hll_union', 'hll_union'],
  ['percentile_union', 'percentile_union'],
])

/** What may stand inside an aggregate without an alias of its own. */
const hashes: readonly string[] = ['to_bitmap', 'hll_hash', 'percentile_hash']

function aggregateItem(call: FunctionCall, alias: string | undefined, of: readonly string[]): Item {
  const aggregate = aggregates.get(call.name)
  if (!aggregate) {
    throw refusal(
      `Materialized view does not support function:${printExpression(call)}, supported functions are: [${[...aggregates.keys()].join(', ')}]`,
    )
  }
  if (call.distinct)
    throw refusal(`Materialized view does not support distinct function ${printExpression(call)}`)
  const [argument, more] = call.args
  if (!argument || more || holdsAggregate(argument))
    throw refusal(`The function ${call.name} must match pattern:${call.name}(column)`)
  const inner =
    argument.kind === 'call' && hashes.includes(argument.name) ? argument.args[0] : argument
  const column = inner?.kind === 'column' ? inner.path.at(-1) : undefined
  const word = call.name === 'bitmap_agg' ? 'bitmap_union' : call.name
  const name = column === undefined ? aliased(call, alias) : `mv_${word}_${column}`
  return { name, aggregate, of }
}

function aliased(expression: Expression, alias: string | undefined): string {
  if (alias !== undefined) return `mv_${alias}`
  throw analyzingError(
    `Create materialized view non-slot ref expression should have an alias:${printExpression(expression)}.`,
  )
}

function checkBase(table: TableEntry, items: readonly Item[], model: RollupShape['model']): void {
  if (table.model === 'primary') {
    throw new SqlError(
      `Do not support create synchronous materialized view(rollup) on PRIMARY_KEYS table[${table.name}]`,
    )
  }
  if (table.model === 'duplicate') {
    const split = table.partition?.columns.map((name) => name.toLowerCase()) ?? []
    for (const { aggregate, of } of items) {
      const found = of.find((name) => aggregate && split.includes(name.toLowerCase()))
      if (found !== undefined)
        throw new SqlError(`The partition columns ${found} must be key column in mv`)
    }
    return
  }
  if (model !== 'aggregate') {
    throw new SqlError(
      'The materialized view of aggregation or unique table must has grouping columns',
    )
  }
  for (const { name, aggregate, of } of items) {
    if (name.startsWith('mv_count_'))
      throw refusal('Aggregate type table do not support count function in materialized view')
    for (const column of of.map((one) => columnNamed(table, one))) {
      if (column?.key && aggregate)
        throw new SqlError(`The column[${name}] must be the key of materialized view`)
      if (column && !column.key && column.aggregate !== aggregate) {
        throw new SqlError(
          `The aggregation type of column[${name}] must be same as the aggregate type of base column in aggregate table`,
        )
      }
    }
  }
}

/** How many of the first columns are keys. */
function keysOf(
  items: readonly Item[],
  types: readonly SqlType[],
  model: RollupShape['model'],
): number {
  if (model === 'duplicate') {
    const prefix = sortPrefix(types)
    const [first] = types
    if (prefix === 0 && first)
      throw analyzingError(`Data type of first column cannot be ${printType(first)}.`)
    return prefix
  }
  const keys = items.findIndex((item) => item.aggregate)
  const count = keys < 0 ? items.length : keys
  items.slice(0, count).forEach(({ name }, at) => {
    const type = types[at]
    if (type && !isKeyType(type)) {
      throw refusal(
        `Invalid data type of materialized key column '${name}': '${printType(type).toUpperCase()}'`,
      )
    }
  })
  return count
}

/** ADD ROLLUP: columns of the table as they are, keys first. */
export function rollupDraft(table: TableEntry, written: RollupDefinition): RollupShape {
  if (table.model === 'primary')
    throw new SqlError('Do not support add rollup on primary key table')
  const where = table.model === 'duplicate' ? ' in base index' : ''
  const columns = written.columns.map((name) => {
    const column = columnNamed(table, name)
    if (column) return column
    throw new SqlError(`Column[${name}] does not exist${where}`)
  })
  if (table.model !== 'duplicate') checkKeys(table, columns)
  const keys = table.model === 'duplicate' ? sortPrefix(columns.map(({ type }) => type)) : undefined
  const [first] = columns
  if (keys === 0 && first)
    throw new SqlError(`Data type of first column cannot be ${printType(first.type)}`)
  return {
    model: table.model,
    columns: columns.map(({ name, type, nullable, key, aggregate }, at) => ({
      name,
      type,
      nullable,
      key: keys === undefined ? key : at < keys,
      aggregate,
    })),
  }
}

function checkKeys(table: TableEntry, columns: readonly TableColumn[]): void {
  const firstValue = columns.findIndex((column) => !column.key)
  if (firstValue >= 0 && columns.slice(firstValue).some((column) => column.key))
    throw new SqlError('Invalid column order. value should be after key')
  const keys = columns.filter((column) => column.key).length
  if (keys === 0) throw new SqlError('No key column is found')
  if (keys === table.keys.length) return
  if (table.model === 'unique')
    throw new SqlError('Rollup should contains all unique keys in basetable')
  if (columns.some(({ aggregate }) => aggregate?.startsWith('replace')))
    throw new SqlError('Rollup should contains all keys if there is a REPLACE value')
}

/** The rows of a ROLLUP as a query of its table. */
export function rollupText(table: TableEntry, { model, columns }: RollupShape): string {
  const column = (name: string): Expression => ({ kind: 'column', path: [name], at: 0 })
  const keys = columns.filter(({ key }) => key)
  const isGrouped = model === 'aggregate' && keys.length < table.keys.length
  const value = ({ name, aggregate }: RollupColumn): Expression =>
    isGrouped && aggregate ? callOf(aggregate, [column(name)]) : column(name)
  const from: FromItem = {
    kind: 'table',
    name: { parts: [table.name], at: 0 },
    alias: undefined,
    columns: [],
    partitions: [],
  }
  return printQuery(
    selectQuery({
      items: columns.map((one) => plainItem(value(one))),
      from,
      groupBy: isGrouped
        ? { kind: 'plain', items: keys.map(({ name }) => column(name)) }
        : undefined,
    }),
  )
}
