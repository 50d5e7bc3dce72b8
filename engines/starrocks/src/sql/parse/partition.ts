/** PARTITION BY and DISTRIBUTED BY, and the partitions that CREATE and ALTER TABLE list. */
import type { Expression, Property } from '../ast.ts'
import type {
  Distribution,
  PartitionDefinition,
  PartitionItem,
  PartitionValue,
} from '../ast-definition.ts'
import { columnStarts } from '../expression-walk.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import {
  commaList,
  identifier,
  identifierList,
  ifNotExists,
  integer,
  parenthesized,
  propertyList,
  string,
} from './name.ts'
import { parsePrimary } from './primary.ts'
import { parseUnit } from './unit.ts'

export const parseDistribution = (cursor: Cursor): Distribution => {
  cursor.expect('DISTRIBUTED', 'BY')
  const method = cursor.take('RANDOM') ? 'random' : 'hash'
  if (method === 'hash') cursor.expect('HASH')
  const columns = method === 'hash' ? identifierList(cursor) : []
  let buckets: number | undefined
  if (cursor.take('BUCKETS') && !cursor.take('AUTO')) buckets = integer(cursor)
  return { method, columns, buckets }
}

export const parsePartitionBy = (cursor: Cursor): PartitionDefinition => {
  cursor.expect('PARTITION', 'BY')
  if (cursor.take('RANGE')) {
    const by = parseBy(cursor)
    return { method: 'range', by, ...quotedIn(cursor, by), items: parseItems(cursor) }
  }
  if (cursor.take('LIST')) {
    const by = parseBy(cursor)
    return { method: 'list', by, items: parseItems(cursor) }
  }
  const by = cursor.is('(') ? parseBy(cursor) : parseBare(cursor)
  const [first] = by
  // `PARTITION BY date_trunc('day', d) (START … END … EVERY …)` is a range with automatic partitions.
  const items = first?.kind === 'call' ? parseItems(cursor) : []
  return { method: 'expression', by, ...quotedIn(cursor, by), items }
}

const quotedIn = (
  { text }: Cursor,
  by: readonly Expression[],
): Pick<PartitionDefinition, 'quoted'> =>
  columnStarts(by).some((at) => text[at] === '`') ? { quoted: true } : {}

const parseBy = (cursor: Cursor): readonly Expression[] =>
  cursor.is('(') ? parenthesized(cursor, parseExpression) : [parsePrimary(cursor)]

/** One expression stands alone: several are of StarRocks 3.4. */
const parseBare = (cursor: Cursor): readonly Expression[] => {
  const first = parsePrimary(cursor)
  if (first.kind === 'call' || !cursor.is(',')) return [first]
  cursor.next()
  return [first, ...commaList(cursor, parsePrimary)]
}

const parseItems = (cursor: Cursor): readonly PartitionItem[] => {
  if (!cursor.take('(')) return []
  if (cursor.take(')')) return []
  const items = commaList(cursor, parsePartitionItem)
  cursor.expect(')')
  return items
}

export const parsePartitionItem = (cursor: Cursor): PartitionItem => {
  if (cursor.is('START')) return parseBatch(cursor)
  cursor.expect('PARTITION')
  const exists = ifNotExists(cursor)
  const name = identifier(cursor)
  cursor.expect('VALUES')
  const head = { name, ifNotExists: exists }
  if (cursor.take('LESS', 'THAN')) {
    const upper: readonly PartitionValue[] = cursor.take('MAXVALUE')
      ? [{ kind: 'max' }]
      : parenthesized(cursor, parseValue)
    return { kind: 'lessThan', ...head, upper, properties: parseItemProperties(cursor) }
  }
  if (cursor.take('IN')) {
    const values = parseListValues(cursor)
    return { kind: 'list', ...head, values, properties: parseItemProperties(cursor) }
  }
  cursor.expect('[')
  const lower = parenthesized(cursor, parseValue)
  cursor.expect(',')
  const upper = parenthesized(cursor, parseValue)
  cursor.expect(')')
  return { kind: 'fixed', ...head, lower, upper, properties: parseItemProperties(cursor) }
}

const parseItemProperties = (cursor: Cursor): readonly Property[] => {
  cursor.take('PROPERTIES')
  return cursor.is('(') ? propertyList(cursor) : []
}

/** Partition bounds are strings; numbers are accepted as their text, as tools write them. */
const scalarText = (cursor: Cursor): string => {
  const sign = cursor.take('-') ? '-' : ''
  if (cursor.peek().kind === 'integer') return sign + cursor.next().text
  return sign === '' ? string(cursor) : cursor.fail('a number')
}

const parseValue = (cursor: Cursor): PartitionValue =>
  cursor.take('MAXVALUE') ? { kind: 'max' } : { kind: 'value', text: scalarText(cursor) }

const parseListValues = (cursor: Cursor): readonly (readonly (string | null)[])[] => {
  cursor.expect('(')
  const values = commaList(cursor, (inner) =>
    inner.is('(') ? parenthesized(inner, parseListValue) : [parseListValue(inner)],
  )
  cursor.expect(')')
  return values
}

const parseListValue = (cursor: Cursor): string | null =>
  cursor.take('NULL') ? null : scalarText(cursor)

const parseBatch = (cursor: Cursor): PartitionItem => {
  cursor.expect('START', '(')
  const start = scalarText(cursor)
  cursor.expect(')', 'END', '(')
  const end = scalarText(cursor)
  cursor.expect(')', 'EVERY', '(')
  const withUnit = cursor.take('INTERVAL')
  const every = integer(cursor)
  const unit = withUnit ? parseUnit(cursor) : undefined
  cursor.expect(')')
  return { kind: 'batch', start, end, every, unit }
}
