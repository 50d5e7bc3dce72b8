/**
 * SELECT. Clauses are read in the order of their meaning: FROM, WHERE, GROUP BY, items, HAVING, QUALIFY, ORDER BY. Names
 * resolve as in StarRocks: GROUP BY and HAVING prefer columns over aliases, ORDER BY aliases over columns.
 */
import type { FunctionCall, Expression, OrderItem, Query, Select, SelectItem } from '../ast.ts'
import type { Bound, BoundGroup, BoundKey, BoundQuery, QueryColumn } from '../bound.ts'
import { wholeOfGrouped } from '../bound.ts'
import { hasMap } from '../map-key.ts'
import { addBoundColumns, planSelect } from '../planning.ts'
import { namedOf } from '../name-index.ts'
import { printExpression } from '../print.ts'
import { analyzingError, unknownTable } from '../sql-error.ts'
import { printType } from '../type.ts'
import { isAggregate } from './call.ts'
import { groupingValue, isGroupable } from './comparison.ts'
import type { Binding, BoundColumn, Environment, Grouping, Outputs } from './environment.ts'
import { matchesQualifier, meaningOf } from './environment.ts'
import { joinCondition } from './operator.ts'
import { notNullOf } from './nullability.ts'
import { demandOrder, divisionKey, limitOf, orderKey, positionOfItem } from './order.ts'
import { bind } from './recursion.ts'
import { bindRelation } from './relation.ts'
import { belowSelect } from './session-number.ts'
import { holds } from './walk.ts'

/** An item of the list, `*` already spelled out. */
interface Item {
  readonly name: string
  /** What an alias finds: only written aliases and plain columns. */
  readonly aliased: boolean
  readonly expression: Expression | undefined
  readonly column: BoundColumn | undefined
}

interface OutputItem extends Item {
  readonly value: Bound
}

export const bindSelect = (select: Select, query: Query, base: Environment): BoundQuery =>
  planSelect(base.context.planning, () => selectOf(select, query, base))

const selectOf = (select: Select, query: Query, base: Environment): BoundQuery => {
  const source = select.from && bindRelation(select.from, base)
  const below = belowSelect(base)
  const environment: Environment = { ...base, bindings: source?.bindings ?? [], below }
  const items = select.items.flatMap((item) => expand(item, environment))
  if (items.length === 0) throw analyzingError('The select list is empty.')
  const where =
    select.where &&
    joinCondition(select.where, {
      ...environment,
      noAggregates: 'WHERE clause',
      noWindows: 'WHERE clause',
    })
  const grouped = groupClause(select, query, items, environment)
  if (grouped) base.context.planning.repeats = true
  const inner: Environment = { ...environment, grouping: grouped?.grouping }
  const outputs = items.map((item): OutputItem => ({
    ...item,
    value: checked(inner, () => itemOf(item, inner)),
  }))
  const losing: Environment = { ...inner, outputs: outputsOf(outputs, false) }
  const having =
    select.having &&
    checked(losing, () =>
      joinCondition(select.having ?? { kind: 'null' }, { ...losing, noWindows: 'HAVING clause' }),
    )
  const qualify =
    select.qualify &&
    checked(losing, () => joinCondition(select.qualify ?? { kind: 'null' }, losing))
  const winning: Environment = { ...inner, outputs: outputsOf(outputs, true) }
  const order = query.orderBy.map((item) => checked(winning, () => orderOf(item, outputs, winning)))
  const around = below.around(source?.from, where)
  return {
    kind: 'select',
    columns: columnsOf(outputs, environment, isAlwaysGrouped(grouped?.group)),
    distinct: select.distinct,
    items: outputs.map(({ value }) => (select.distinct ? distinctItem(value) : value)),
    from: around ?? source?.from,
    where: around ? undefined : where,
    group: grouped?.group,
    having,
    qualify,
    order,
    ...limitOf(query, base),
  }
}

/** A wide table's columns are looked up in one pass: their number squared held everybody else up. */
const columnsOf = (
  outputs: readonly OutputItem[],
  environment: Environment,
  isGrouped: boolean,
): QueryColumn[] => {
  const origins = new Map(
    environment.bindings
      .flatMap((binding) => binding.columns)
      .toReversed()
      .map((column) => [column.value, column] as const),
  )
  return outputs.map(({ name, value, column }) => {
    const origin = origins.get(value)
    const notNull = isGrouped ? notNullOf(value, column) : undefined
    return {
      name,
      type: value.type,
      table: origin?.table ?? '',
      database: origin?.database ?? '',
      ...(notNull && { notNull }),
    }
  })
}

const distinctItem = (value: Bound): Bound => {
  if (!isGroupable(value.type))
    throw analyzingError(
      `DISTINCT can only be applied to comparable types : ${printType(value.type).toUpperCase()}`,
    )
  return groupingValue(value)
}

/** Of several sets each leaves out columns of the other ones, which are NULL then. */
const isAlwaysGrouped = (group: BoundGroup | undefined): boolean =>
  group === undefined || group.form === 'all' || group.form === 'plain'

const itemOf = (item: Item, environment: Environment): Bound => {
  if (item.expression !== undefined) return wholeOfGrouped(bind(item.expression, environment))
  const { column } = item
  if (column === undefined) throw new RangeError('an item is an expression or a column')
  const { grouping, context } = environment
  if (grouping === undefined) return column.value
  const key = grouping.keys.get(context.identity(column.value))
  if (key === undefined)
    grouping.strays.push({ name: column.name, position: { text: undefined, at: 0 } })
  return key !== undefined && hasMap(key.type) ? key : column.value
}

/** Runs a part of the list under GROUP BY and refuses columns that neither it nor an aggregate covers. */
const checked = <T>(environment: Environment, read: () => T): T => {
  const value = read()
  const stray = environment.grouping?.strays[0]
  if (stray !== undefined) {
    throw analyzingError(
      `'${stray.name}' must be an aggregate expression or appear in GROUP BY clause.`,
      stray.position,
    )
  }
  return value
}

const expand = (item: SelectItem, environment: Environment): readonly Item[] => {
  if (item.kind === 'expression') {
    const { expression, alias } = item
    const name =
      alias ??
      (expression.kind === 'column' ? expression.path.at(-1) : undefined) ??
      printExpression(expression)
    return [
      {
        name,
        aliased: alias !== undefined || expression.kind === 'column',
        expression,
        column: undefined,
      },
    ]
  }
  const bindings = environment.bindings.filter((binding) =>
    matchesQualifier(binding, item.qualifier),
  )
  if (bindings.length === 0)
    throw item.qualifier.length > 0
      ? unknownTable(item.qualifier.join('.'))
      : analyzingError('No tables used', undefined, 1096)
  const all = bindings.flatMap((binding) =>
    visible(binding, item.qualifier.length > 0).map((column) => ({ binding, column })),
  )
  addBoundColumns(environment.context.planning, all.length)
  const named = all.map(({ column }) => column)
  for (const name of item.except) {
    if (namedOf(named, name).length === 0)
      throw analyzingError(
        `Column '${name}' in EXCEPT cannot be resolved.`,
        undefined,
        1054,
        '42S22',
      )
  }
  const excepted = new Set(item.except.map((name) => name.toLowerCase()))
  const kept = all.filter(({ column }) => !excepted.has(column.name.toLowerCase()))
  environment.context.meanings?.stars.set(
    item,
    kept.map((found) => meaningOf(found, [found.column.name])),
  )
  return kept.map(({ column }) => ({
    name: column.name,
    aliased: true,
    expression: undefined,
    column,
  }))
}

const visible = (binding: Binding, qualified: boolean): readonly BoundColumn[] =>
  binding.columns.filter((column) => qualified || column.merged !== true)

const outputsOf = (items: readonly OutputItem[], first: boolean): Outputs => ({
  first,
  find: (name) =>
    namedOf(items, name)
      .filter((item) => item.aliased)
      .map((item) => item.value),
})

const orderOf = (
  item: OrderItem,
  outputs: readonly OutputItem[],
  environment: Environment,
): BoundKey => {
  const position = positionOfItem(item.expression, outputs.length)
  const output = position === undefined ? undefined : outputs[position - 1]
  const value = output?.value ?? wholeOfGrouped(bind(item.expression, environment))
  const key = orderKey(item, demandOrder(value))
  return position === undefined ? key : { ...key, position }
}

interface GroupClause {
  readonly group: BoundGroup
  readonly grouping: Grouping
}

const aggregates = (expression: Expression): boolean =>
  holds(expression, (node): node is FunctionCall => node.kind === 'call' && isAggregate(node))

/** Undefined when nothing is grouped. */
const groupClause = (
  select: Select,
  query: Query,
  items: readonly Item[],
  environment: Environment,
): GroupClause | undefined => {
  const { groupBy } = select
  if (groupBy === undefined) {
    const read = [
      ...items.flatMap((item) => (item.expression ? [item.expression] : [])),
      ...(select.having ? [select.having] : []),
      ...(select.qualify ? [select.qualify] : []),
      ...query.orderBy.map((item) => item.expression),
    ]
    if (select.having === undefined && !read.some(aggregates)) return undefined
    return { group: { form: 'all', sets: [] }, grouping: { keys: new Map(), strays: [] } }
  }
  const keys = new Map<string, Bound>()
  const reading: Environment = {
    ...environment,
    noAggregates: 'GROUP BY clause',
    noWindows: 'GROUP BY clause',
    outputs: plainOutputs(items, environment),
  }
  const key = (expression: Expression): BoundKey => {
    const target = groupTarget(expression, items)
    const value = target.column?.value ?? bind(target.expression ?? expression, reading)
    if (!isGroupable(value.type))
      throw analyzingError('Type (nested) percentile/hll/bitmap/json not support group-by')
    const kept = groupingValue(value)
    for (const same of [value, kept]) keys.set(environment.context.identity(same), kept)
    return divisionKey(target.expression, kept)
  }
  const sets = groupBy.kind === 'sets' ? groupBy.sets : [groupBy.items]
  const group = { form: groupBy.kind, sets: sets.map((set) => set.map(key)) }
  return { group, grouping: { keys, strays: [] } }
}

/** `GROUP BY 2` is the second item. */
const groupTarget = (
  expression: Expression,
  items: readonly Item[],
): Pick<Item, 'expression' | 'column'> => {
  if (expression.kind !== 'integer') return { expression, column: undefined }
  const item = items[Number(expression.text) - 1]
  if (item === undefined)
    throw analyzingError(`Group by position ${expression.text} is not in select list.`)
  return item
}

/** Aliases in GROUP BY, read without grouping. */
const plainOutputs = (items: readonly Item[], environment: Environment): Outputs => ({
  first: false,
  find: (name) =>
    namedOf(items, name)
      .filter((item) => item.aliased && item.expression !== undefined)
      .map((item) =>
        bind(item.expression ?? { kind: 'null' }, {
          ...environment,
          noAggregates: 'GROUP BY clause',
          noWindows: 'GROUP BY clause',
        }),
      ),
})
