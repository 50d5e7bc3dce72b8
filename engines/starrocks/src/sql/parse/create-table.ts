/** CREATE TABLE in its three forms, with StarRocks' columns, keys and physical clauses. */
import { SqlError } from '../../session.ts'
import type {
  ColumnDefault,
  ColumnDefinition,
  DefinitionStatement,
  IndexDefinition,
  KeyDefinition,
  RollupDefinition,
  TableOptions,
} from '../ast-definition.ts'
import type { AggregateKind } from '../ast-definition.ts'
import type { Property } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression, parseQuery } from './grammar.ts'
import {
  identifier,
  identifierList,
  identifierOrString,
  ifNotExists,
  integer,
  maxListItems,
  objectName,
  optionalComment,
  optionalProperties,
  parenthesized,
  propertyList,
  string,
  wordOrString,
} from './name.ts'
import { parseDistribution, parsePartitionBy } from './partition.ts'
import { parseType } from './type.ts'

/** At `CREATE [EXTERNAL | TEMPORARY] TABLE`. */
export const parseCreateTable = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CREATE')
  const external = cursor.take('EXTERNAL')
  const temporary = !external && cursor.take('TEMPORARY')
  cursor.expect('TABLE')
  const exists = ifNotExists(cursor)
  const head = { name: objectName(cursor), ifNotExists: exists, temporary }
  if (cursor.take('LIKE')) {
    const like = objectName(cursor)
    return { kind: 'createTableLike', ...head, like, options: parseTableOptions(cursor) }
  }
  if (startsColumnDefinitions(cursor)) {
    const { columns, indexes } = parseElements(cursor)
    const options = parseTableOptions(cursor)
    if (cursor.is('AS')) cursor.refuse('CREATE TABLE … AS SELECT takes column names without types.')
    return { kind: 'createTable', ...head, external, columns, indexes, options }
  }
  const { columns, indexes } = parseNames(cursor)
  const options = parseTableOptions(cursor)
  if (!cursor.is('SELECT') && !cursor.is('WITH')) cursor.expect('AS')
  return { kind: 'createTableAs', ...head, columns, indexes, options, query: parseQuery(cursor) }
}

/** `(a, b)` names columns of a query; `(a INT` defines them. */
const startsColumnDefinitions = (cursor: Cursor): boolean =>
  cursor.is('(') &&
  !isIndex(cursor, 1) &&
  cursor.peek(2).keyword !== ',' &&
  cursor.peek(2).keyword !== ')'

/** `INDEX i (a)`; `index varchar(9)` is a column. */
const isIndex = (cursor: Cursor, from = 0): boolean =>
  cursor.peek(from).keyword === 'INDEX' &&
  cursor.peek(from + 2).keyword === '(' &&
  cursor.peek(from + 3).kind !== 'integer'

const parseNames = (
  cursor: Cursor,
): { columns: readonly string[]; indexes: readonly IndexDefinition[] } => {
  const columns: string[] = []
  const indexes: IndexDefinition[] = []
  if (!cursor.take('(')) return { columns, indexes }
  do {
    if (isIndex(cursor)) indexes.push(parseIndex(cursor))
    else columns.push(identifier(cursor))
  } while (cursor.take(','))
  cursor.expect(')')
  return { columns, indexes }
}

/** reference: StarRocks, ERR_TOO_MANY_COLUMNS. */
const tooManyColumns = (): SqlError =>
  new SqlError(
    `The number of columns in a table must be less than or equal to ${maxListItems}, Please decrease the number of columns or increase frontend config 'max_column_number_per_table'.`,
    1117,
    '42000',
  )

const parseElements = (
  cursor: Cursor,
): { columns: readonly ColumnDefinition[]; indexes: readonly IndexDefinition[] } => {
  const columns: ColumnDefinition[] = []
  const indexes: IndexDefinition[] = []
  cursor.expect('(')
  do {
    if (isIndex(cursor)) indexes.push(parseIndex(cursor))
    else if (cursor.is('PRIMARY', 'KEY'))
      cursor.refuse('PRIMARY KEY belongs after the column list.')
    else columns.push(parseColumn(cursor))
    if (columns.length > maxListItems) throw tooManyColumns()
  } while (cursor.take(','))
  cursor.expect(')')
  return { columns, indexes }
}

const aggregates: Readonly<Record<string, AggregateKind>> = {
  SUM: 'sum',
  MAX: 'max',
  MIN: 'min',
  REPLACE: 'replace',
  REPLACE_IF_NOT_NULL: 'replace_if_not_null',
  HLL_UNION: 'hll_union',
  BITMAP_UNION: 'bitmap_union',
  PERCENTILE_UNION: 'percentile_union',
}

export const parseColumn = (cursor: Cursor): ColumnDefinition => {
  const name = identifier(cursor)
  const type = parseType(cursor)
  if (cursor.take('CHARSET') || cursor.take('CHARACTER', 'SET') || cursor.take('CHAR', 'SET'))
    identifierOrString(cursor)
  if (cursor.take('COLLATE')) identifierOrString(cursor)
  let key = cursor.take('KEY')
  const word = cursor.peek().keyword
  const aggregate = Object.hasOwn(aggregates, word) ? aggregates[word] : undefined
  if (aggregate !== undefined) cursor.next()
  let nullable: boolean | undefined
  let fallback: ColumnDefault | undefined
  let autoIncrement = false
  let generated: ColumnDefinition['generated']
  let comment: string | undefined
  for (;;) {
    const isPlain = fallback === undefined && !autoIncrement && generated === undefined
    if (nullable === undefined && cursor.take('NOT', 'NULL')) nullable = false
    else if (nullable === undefined && cursor.take('NULL')) nullable = true
    else if (isPlain && cursor.take('DEFAULT')) fallback = parseDefault(cursor)
    else if (isPlain && cursor.take('AUTO_INCREMENT')) autoIncrement = true
    else if (!key && cursor.take('KEY')) key = true
    else if (isPlain && cursor.take('AS')) generated = parseExpression(cursor)
    else if (comment === undefined && cursor.is('COMMENT')) comment = optionalComment(cursor)
    else if (cursor.is('PRIMARY', 'KEY'))
      cursor.refuse('PRIMARY KEY belongs after the column list.')
    else break
  }
  if (generated && nullable === false) refuseGenerated('must be nullable column')
  if (generated && key) refuseGenerated('can not be KEY')
  return {
    name,
    type,
    key,
    aggregate,
    nullable,
    default: fallback,
    autoIncrement,
    comment,
    generated,
  }
}

/** StarRocks says no place. */
const refuseGenerated = (what: string): never => {
  throw new SqlError(`Getting syntax error. Detail message: Generated Column ${what}.`)
}

const parseDefault = (cursor: Cursor): ColumnDefault => {
  if (cursor.take('NULL')) return { kind: 'null' }
  if (cursor.take('CURRENT_TIMESTAMP') || cursor.take('NOW', '(', ')')) {
    if (!cursor.take('(')) return { kind: 'current_timestamp', precision: undefined }
    const precision = cursor.is(')') ? undefined : integer(cursor)
    cursor.expect(')')
    return { kind: 'current_timestamp', precision }
  }
  if (cursor.is('(')) {
    cursor.expect('(')
    const expression = parseExpression(cursor)
    cursor.expect(')')
    return { kind: 'expression', expression }
  }
  const sign = cursor.take('-') ? '-' : ''
  const token = cursor.peek()
  if (['integer', 'decimal', 'double'].includes(token.kind))
    return { kind: 'literal', value: sign + cursor.next().text }
  if (sign === '' && (token.keyword === 'TRUE' || token.keyword === 'FALSE')) {
    cursor.next()
    return { kind: 'literal', value: token.keyword.toLowerCase() }
  }
  return sign === '' ? { kind: 'literal', value: string(cursor) } : cursor.fail('a number')
}

export const parseIndex = (cursor: Cursor): IndexDefinition => {
  cursor.expect('INDEX')
  const name = identifier(cursor)
  const columns = identifierList(cursor)
  return { name, columns, ...parseIndexTail(cursor) }
}

export const parseIndexTail = (
  cursor: Cursor,
): Pick<IndexDefinition, 'type' | 'properties' | 'comment'> => {
  const type = cursor.take('USING') ? wordOrString(cursor).toLowerCase() : 'bitmap'
  const properties = cursor.is('(') ? propertyList(cursor) : []
  return { type, properties, comment: optionalComment(cursor) }
}

const keyModels: Readonly<Record<string, KeyDefinition['model']>> = {
  DUPLICATE: 'duplicate',
  AGGREGATE: 'aggregate',
  UNIQUE: 'unique',
  PRIMARY: 'primary',
}

type Draft = { -readonly [K in keyof TableOptions]: TableOptions[K] }

/** The clauses come in any order in practice (tools differ), each at most once. */
const parseTableOptions = (cursor: Cursor): TableOptions => {
  const options: Draft = {
    engine: undefined,
    key: undefined,
    comment: undefined,
    partition: undefined,
    distribution: undefined,
    orderBy: [],
    rollups: [],
    properties: [],
  }
  while (parseOption(cursor, options));
  return options
}

const once = (cursor: Cursor, missing: boolean): void => {
  if (!missing) cursor.refuse(`The clause ${cursor.peek().text} stands twice.`)
}

const parseOption = (cursor: Cursor, options: Draft): boolean => {
  const { keyword } = cursor.peek()
  const model = Object.hasOwn(keyModels, keyword) ? keyModels[keyword] : undefined
  if (model !== undefined && cursor.peek(1).keyword === 'KEY') {
    once(cursor, options.key === undefined)
    cursor.next()
    cursor.expect('KEY')
    options.key = { model, columns: identifierList(cursor) }
  } else if (cursor.is('ENGINE')) {
    once(cursor, options.engine === undefined)
    cursor.next()
    cursor.take('=')
    options.engine = identifierOrString(cursor)
  } else if (cursor.is('COMMENT')) {
    once(cursor, options.comment === undefined)
    options.comment = optionalComment(cursor)
  } else if (cursor.is('PARTITION', 'BY')) {
    once(cursor, options.partition === undefined)
    options.partition = parsePartitionBy(cursor)
  } else if (cursor.is('DISTRIBUTED')) {
    once(cursor, options.distribution === undefined)
    options.distribution = parseDistribution(cursor)
  } else if (cursor.is('ORDER', 'BY')) {
    once(cursor, options.orderBy.length === 0)
    cursor.expect('ORDER', 'BY')
    options.orderBy = identifierList(cursor)
  } else if (cursor.take('ROLLUP')) {
    options.rollups = parenthesized(cursor, parseRollup)
  } else if (cursor.is('PROPERTIES')) {
    once(cursor, options.properties.length === 0)
    options.properties = optionalProperties(cursor)
  } else {
    return takeCharset(cursor)
  }
  return true
}

/** StarRocks reads these for MySQL's sake and stores UTF-8 whatever they say. */
const takeCharset = (cursor: Cursor): boolean => {
  const from = cursor.is('DEFAULT') ? 1 : 0
  const keyword = cursor.peek(from).keyword
  if (!['CHARSET', 'CHARACTER', 'COLLATE'].includes(keyword)) return false
  cursor.take('DEFAULT')
  cursor.next()
  if (keyword === 'CHARACTER') cursor.expect('SET')
  cursor.take('=')
  identifierOrString(cursor)
  return true
}

export const parseRollup = (cursor: Cursor): RollupDefinition => {
  const name = identifier(cursor)
  const columns = identifierList(cursor)
  if (cursor.take('DUPLICATE', 'KEY')) identifierList(cursor)
  const from = cursor.take('FROM') ? identifier(cursor) : undefined
  const properties: readonly Property[] = optionalProperties(cursor)
  return { name, columns, from, properties }
}
