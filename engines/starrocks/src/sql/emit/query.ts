/** The bound tree as DuckDB's SQL. Each node is written once, also where several places share it. */
import type {
  Bound,
  BoundFrom,
  BoundGroup,
  BoundKey,
  BoundQuery,
  BoundSelect,
  BoundTail,
  BoundWindow,
  Operand,
} from '../bound.ts'
import { isUntyped } from '../common-type.ts'
import { duckType } from '../type.ts'
import { convertTyped } from './convert.ts'
import { castTo, quoteName, sized } from './text.ts'

/** The texts of one statement's expressions. */
export type Written = Map<Bound, string>

export const expressionSql = (bound: Bound, written: Written): string => {
  if ('sql' in bound) return bound.sql
  const known = written.get(bound)
  if (known !== undefined) return known
  const sql = writeExpression(bound, written)
  written.set(bound, sql)
  return sql
}

const operand = (bound: Bound, written: Written): Operand => {
  const { type, literal } = bound
  const sql = expressionSql(bound, written)
  if (bound.kind === 'call' && bound.narrow !== undefined) {
    const { args, narrow } = bound
    return { sql, type, narrow: () => narrow(operands(args, written)) }
  }
  return literal === undefined ? { sql, type } : { sql, type, literal }
}

const operands = (list: readonly Bound[], written: Written): readonly Operand[] =>
  list.map((bound) => operand(bound, written))

const textsOf = (values: readonly Operand[]): readonly string[] => values.map(({ sql }) => sql)

const writeExpression = (
  bound: Exclude<Bound, { readonly sql: string }>,
  written: Written,
): string => {
  switch (bound.kind) {
    case 'conversion':
      return convertTyped(operand(bound.value, written), bound.type).sql
    case 'call': {
      const { args, write, order, over } = bound
      const values = operands(args, written)
      const tail = {
        order: order === undefined ? '' : keysSql(' ORDER BY ', order, written),
        over: over === undefined ? '' : ` OVER (${windowSql(over, written)})`,
      }
      return sized(write(textsOf(values), values, tail))
    }
    case 'query':
      return sized(`(${querySql(bound.query, written)})`)
    case 'exists':
      return sized(`EXISTS (${querySql(bound.query, written)})`)
    case 'inQuery': {
      const left = textsOf(operands(bound.operands, written))
      const right = textsOf(operands(bound.values, written))
      const rows = `SELECT ${right.join(', ')} FROM ${fromSql(bound.from, written)}`
      return sized(`((${left.join(', ')}) ${bound.negated ? 'NOT ' : ''}IN (${rows}))`)
    }
  }
}

/** Functions such as user() become plain texts. */
const readsAsConstant = (sql: string): boolean => /^['\d]/.test(sql)

const keySql = (key: BoundKey, written: Written): string => {
  const { sql, type } = operand(key.value, written)
  const isCast = key.constant || (key.direction !== '' && readsAsConstant(sql))
  if (type.kind === 'null') return key.direction === '' ? sql : '(NULL::INTEGER)'
  return isCast ? castTo(sql, type) : sql
}

const keysSql = (words: string, keys: readonly BoundKey[], written: Written): string => {
  const items = keys.map((key) => `${keySql(key, written)} ${key.direction}`.trimEnd())
  return items.length === 0 ? '' : `${words}${items.join(', ')}`
}

const windowSql = ({ partitions, order, frame }: BoundWindow, written: Written): string => {
  const bounds = frame?.bounds.map(({ offset, word }) =>
    offset === undefined ? word : `${expressionSql(offset, written)} ${word}`,
  )
  return [
    keysSql('PARTITION BY ', partitions, written),
    keysSql('ORDER BY ', order, written),
    frame === undefined ? '' : `${frame.unit} BETWEEN ${bounds?.join(' AND ') ?? ''}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

export const querySql = (query: BoundQuery, written: Written): string => {
  switch (query.kind) {
    case 'with': {
      const tables = query.tables.map(
        (table) => `${table.name} AS (${querySql(table.query, written)})`,
      )
      return `WITH ${tables.join(', ')} ${querySql(query.main, written)}`
    }
    case 'select':
      return selectSql(query, written)
    case 'set':
      return `(${querySql(query.left, written)}) ${query.operator} (${querySql(query.right, written)})`
    case 'projection': {
      const items = query.values.map(
        (value, index) => `${expressionSql(value, written)} AS c${index + 1}`,
      )
      const where = query.where === undefined ? '' : ` WHERE ${expressionSql(query.where, written)}`
      return `SELECT ${items.join(', ') || '1'} FROM ${fromSql(query.from, written)}${where}`
    }
    case 'ordered': {
      const order = keysSql(' ORDER BY ', query.order, written)
      return `SELECT * FROM ${fromSql(query.from, written)}${order}${limitSql(query, written)}`
    }
    case 'values': {
      const rows = query.rows.map(
        (row) => `(${row.map((value) => expressionSql(value, written)).join(', ')})`,
      )
      const names = query.columns.map((_, index) => `c${index + 1}`)
      return `SELECT * FROM (VALUES ${rows.join(', ')}) AS ${query.alias}(${names.join(', ')})`
    }
  }
}

const selectSql = (select: BoundSelect, written: Written): string => {
  const { from, where, group, having, qualify } = select
  const items = operands(select.items, written)
  const list = items.map((item, index) => `${itemSql(item)} AS c${index + 1}`)
  const clause = (word: string, value: Bound | undefined): string =>
    value === undefined ? '' : `${word} ${expressionSql(value, written)}`
  const parts = [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list.join(', ')}`,
    from === undefined ? '' : `FROM ${fromSql(from, written)}`,
    clause('WHERE', where),
    group === undefined ? '' : groupSql(group, written),
    clause('HAVING', having),
    clause('QUALIFY', qualify),
    orderSql(select, items, written),
  ]
  return parts.filter((part) => part !== '').join(' ') + limitSql(select, written)
}

/** DuckDB folds some constants to an untyped NULL; what leaves a SELECT has the type it says. */
const itemSql = ({ sql, type }: Operand): string => {
  const settled =
    isUntyped(type) ||
    /^r\d+\.(?:c\d+|"[^"]*")$/.test(sql) ||
    sql.endsWith(` AS ${duckType(type)})`)
  return settled ? sql : castTo(sql, type)
}

/** An item of the list is named by its place: DISTINCT demands it, and nothing is computed twice. */
const orderSql = ({ order }: BoundSelect, items: readonly Operand[], written: Written): string => {
  if (order.length === 0) return ''
  const places = new Map(items.map(({ sql }, index) => [sql, index + 1] as const).toReversed())
  const keys = order.map((key) => {
    const sql = expressionSql(key.value, written)
    const place = key.position ?? places.get(sql) ?? 0
    return `${place === 0 ? keySql(key, written) : place} ${key.direction}`
  })
  return `ORDER BY ${keys.join(', ')}`
}

const groupSql = ({ form, sets }: BoundGroup, written: Written): string => {
  const lists = sets.map((set) => keysSql('', set, written))
  switch (form) {
    case 'all':
      return ''
    case 'plain':
      return `GROUP BY ${lists.join('')}`
    case 'rollup':
    case 'cube':
      return `GROUP BY ${form.toUpperCase()} (${lists.join('')})`
    case 'sets':
      return `GROUP BY GROUPING SETS (${lists.map((list) => `(${list})`).join(', ')})`
  }
}

const limitSql = ({ limit, offset }: BoundTail, written: Written): string => {
  const part = (word: string, value: Bound | undefined): string =>
    value === undefined ? '' : ` ${word} ${value.literal?.text ?? expressionSql(value, written)}`
  return part('LIMIT', limit) + part('OFFSET', offset)
}

const fromSql = (from: BoundFrom, written: Written): string => {
  switch (from.kind) {
    case 'table':
      return `${from.sql} AS ${from.alias}`
    case 'derived': {
      const inner = `(${querySql(from.query, written)})`
      const source =
        from.names === undefined
          ? inner
          : `(SELECT * FROM ${inner} AS v(${from.names.map(quoteName).join(', ')}))`
      return `${from.lateral === true ? 'LATERAL ' : ''}${source} AS ${from.alias}`
    }
    case 'function':
      return `LATERAL (${from.write(textsOf(operands(from.args, written)))}) AS ${from.alias}`
    case 'join': {
      const right = fromSql(from.right, written)
      const on = from.on === undefined ? '' : ` ON ${expressionSql(from.on, written)}`
      return `${fromSql(from.left, written)} ${from.words} ${from.nested ? `(${right})` : right}${on}`
    }
  }
}
