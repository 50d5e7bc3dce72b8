/**
 * SELECT. Clauses are read in the order of their meaning: FROM, WHERE, GROUP BY, items, HAVING, QUALIFY, ORDER BY. Names
 * resolve as in StarRocks: GROUP BY and HAVING prefer columns over aliases, ORDER BY aliases over columns.
 */
import type { FunctionCall, Expression, GroupBy, Query, Select, SelectItem } from '../ast.ts'
import { planSelect } from '../planning.ts'
import { printExpression } from '../print.ts'
import { analyzingError, unknownTable } from '../sql-error.ts'
import { duckType } from '../type.ts'
import { isAggregate } from './call.ts'
import type {
  Binding,
  BoundColumn,
  Environment,
  Grouping,
  Outputs,
  RelationColumn,
  RelationSql,
} from './environment.ts'
import { matchesQualifier, sameName } from './environment.ts'
import { joinCondition } from './operator.ts'
import { direction, isConstant, limitSql, orderKey, positionOfItem } from './order.ts'
import { condition, translate } from './recursion.ts'
import { translateRelation } from './relation.ts'
import { castTo, typed } from './typed.ts'
import { isUntyped } from './common-type.ts'
import type { TypedExpression } from './typed.ts'
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
  readonly typed: TypedExpression
}

export const translateSelect = (select: Select, query: Query, base: Environment): RelationSql =>
  planSelect(base.context.planning, () => selectSql(select, query, base))

const selectSql = (select: Select, query: Query, base: Environment): RelationSql => {
  const from = select.from && translateRelation(select.from, base)
  const environment: Environment = { ...base, bindings: from?.bindings ?? [] }
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
    typed: checked(inner, () => itemSql(item, inner)),
  }))
  const losing: Environment = { ...inner, outputs: outputsOf(outputs, false) }
  const having =
    select.having &&
    checked(losing, () =>
      condition(select.having ?? { kind: 'null' }, { ...losing, noWindows: 'HAVING clause' }),
    )
  const qualify =
    select.qualify && checked(losing, () => condition(select.qualify ?? { kind: 'null' }, losing))
  const winning: Environment = { ...inner, outputs: outputsOf(outputs, true) }
  const order = query.orderBy.map((item) =>
    checked(winning, () => `${orderItem(item.expression, outputs, winning)} ${direction(item)}`),
  )
  const parts = [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${outputs.map((output, index) => `${outputSql(output.typed)} AS c${index + 1}`).join(', ')}`,
    from && `FROM ${from.sql}`,
    where && `WHERE ${where}`,
    grouped?.sql,
    having && `HAVING ${having}`,
    qualify && `QUALIFY ${qualify}`,
    order.length > 0 ? `ORDER BY ${order.join(', ')}` : undefined,
  ]
  const sql =
    parts.filter((part) => part !== undefined && part !== '').join(' ') + limitSql(query, base)
  return { sql, columns: outputs.map((output) => columnOf(output, environment)) }
}

/** DuckDB folds some constants to an untyped NULL; what leaves a SELECT has the type it says. */
const outputSql = ({ sql, type }: TypedExpression): string => {
  const settled =
    isUntyped(type) ||
    /^r\d+\.(?:c\d+|"[^"]*")$/.test(sql) ||
    sql.endsWith(` AS ${duckType(type)})`)
  return settled ? sql : castTo(sql, type)
}

const columnOf = (output: OutputItem, environment: Environment): RelationColumn => {
  const origin = environment.bindings
    .flatMap((binding) => binding.columns)
    .find((column) => column.sql === output.typed.sql)
  return {
    name: output.name,
    type: output.typed.type,
    table: origin?.table ?? '',
    database: origin?.database ?? '',
  }
}

const itemSql = (item: Item, environment: Environment): TypedExpression => {
  if (item.expression !== undefined) return translate(item.expression, environment)
  const { column } = item
  if (column === undefined) throw new RangeError('an item is an expression or a column')
  if (environment.grouping !== undefined && !environment.grouping.keys.has(column.sql)) {
    environment.grouping.strays.push({ name: column.name, position: { text: undefined, at: 0 } })
  }
  return typed(column.sql, column.type)
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
  const columns = bindings.flatMap((binding) => visible(binding, item.qualifier.length > 0))
  for (const name of item.except) {
    if (!columns.some((column) => sameName(column.name, name)))
      throw analyzingError(
        `Column '${name}' in EXCEPT cannot be resolved.`,
        undefined,
        1054,
        '42S22',
      )
  }
  return columns
    .filter((column) => !item.except.some((name) => sameName(name, column.name)))
    .map((column) => ({ name: column.name, aliased: true, expression: undefined, column }))
}

const visible = (binding: Binding, qualified: boolean): readonly BoundColumn[] =>
  binding.columns.filter((column) => qualified || column.merged !== true)

const outputsOf = (items: readonly OutputItem[], first: boolean): Outputs => ({
  first,
  find: (name) =>
    items.filter((item) => item.aliased && sameName(item.name, name)).map((item) => item.typed),
})

const orderItem = (
  expression: Expression,
  outputs: readonly OutputItem[],
  environment: Environment,
): string => {
  const position = positionOfItem(expression, outputs.length)
  if (position !== undefined) {
    const output = outputs[position - 1]
    if (output !== undefined) orderKey({ kind: 'column', path: [], at: 0 }, output.typed)
    return String(position)
  }
  const value = translate(expression, environment)
  // An item of the list is named by its place: DISTINCT demands it, and nothing is computed twice.
  const place = outputs.findIndex((output) => output.typed.sql === value.sql)
  const key = orderKey(expression, value)
  return place === -1 ? key : String(place + 1)
}

interface GroupClause {
  readonly sql: string
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
    return { sql: '', grouping: { keys: new Set(), strays: [] } }
  }
  const keys = new Set<string>()
  const reading: Environment = {
    ...environment,
    noAggregates: 'GROUP BY clause',
    noWindows: 'GROUP BY clause',
    outputs: plainOutputs(items, environment),
  }
  const key = (expression: Expression): string => {
    const target = groupTarget(expression, items)
    const value = target.column
      ? typed(target.column.sql, target.column.type)
      : translate(target.expression ?? expression, reading)
    keys.add(value.sql)
    const constant = isConstant(target.expression ?? { kind: 'column', path: [], at: 0 })
    return constant && value.type.kind !== 'null' ? castTo(value.sql, value.type) : value.sql
  }
  return { sql: groupSql(groupBy, key), grouping: { keys, strays: [] } }
}

const groupSql = (groupBy: GroupBy, key: (expression: Expression) => string): string => {
  switch (groupBy.kind) {
    case 'plain':
      return `GROUP BY ${groupBy.items.map(key).join(', ')}`
    case 'rollup':
    case 'cube':
      return `GROUP BY ${groupBy.kind.toUpperCase()} (${groupBy.items.map(key).join(', ')})`
    case 'sets':
      return `GROUP BY GROUPING SETS (${groupBy.sets.map((set) => `(${set.map(key).join(', ')})`).join(', ')})`
  }
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
    items
      .filter((item) => item.aliased && item.expression !== undefined && sameName(item.name, name))
      .map((item) =>
        translate(item.expression ?? { kind: 'null' }, {
          ...environment,
          noAggregates: 'GROUP BY clause',
          noWindows: 'GROUP BY clause',
        }),
      ),
})
