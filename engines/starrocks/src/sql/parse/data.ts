/** INSERT, UPDATE, DELETE, TRUNCATE and transactions. */
import type { CommonTable, Query } from '../ast.ts'
import type { Assignment, DataStatement, Insert, KeyValue } from '../ast-data.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression, parseQuery } from './grammar.ts'
import { readHints } from './hint.ts'
import {
  commaList,
  identifier,
  identifierList,
  identifierOrString,
  objectName,
  optionalProperties,
  parenthesized,
  propertyList,
} from './name.ts'
import { parseWith } from './query.ts'
import { atTemporaryPartition, parsePartitions, parseRelations } from './relation.ts'
import { analyzingError } from '../sql-error.ts'

export const parseInsert = (cursor: Cursor): Insert => {
  cursor.expect('INSERT')
  readHints(cursor)
  if (cursor.is('IGNORE') || cursor.is('LOW_PRIORITY') || cursor.is('DELAYED')) {
    cursor.refuse(`INSERT ${cursor.peek().text} is not supported.`)
  }
  const overwrite = cursor.take('OVERWRITE')
  if (!overwrite) cursor.expect('INTO')
  const intoTable = cursor.is('TABLE') && cursor.peek(1).keyword !== '.'
  if (intoTable) cursor.next()
  const at = cursor.peek().start
  const files = cursor.take('FILES') ? propertyList(cursor) : undefined
  const discards = files === undefined && cursor.take('BLACKHOLE', '(', ')')
  const table = files === undefined && !discards ? objectName(cursor) : { parts: [], at }
  const temporaryPartitions = atTemporaryPartition(cursor)
  if (temporaryPartitions) cursor.next()
  const partitionKeys = cursor.is('PARTITION', '(') && isKeyList(cursor) ? parseKeys(cursor) : []
  const partitions = parsePartitions(cursor)
  const properties = optionalProperties(cursor)
  let label = cursor.take('WITH', 'LABEL') ? identifierOrString(cursor) : undefined
  const byName = cursor.take('BY', 'NAME')
  const columns = startsColumnList(cursor) ? identifierList(cursor) : []
  if (label === undefined && cursor.take('WITH', 'LABEL')) label = identifierOrString(cursor)
  const query = parseQuery(cursor)
  if (cursor.is('ON', 'DUPLICATE')) cursor.refuse('ON DUPLICATE KEY UPDATE is not supported.')
  return {
    kind: 'insert',
    overwrite,
    table,
    files,
    discards,
    label,
    partitions,
    partitionKeys,
    temporaryPartitions,
    columns,
    byName,
    query,
    properties,
  }
}

const isKeyList = (cursor: Cursor): boolean => cursor.peek(3).keyword === '='

const parseKeys = (cursor: Cursor): readonly KeyValue[] => {
  cursor.expect('PARTITION')
  return parenthesized(cursor, (inner) => {
    const column = identifier(inner)
    inner.expect('=')
    return { column, value: parseExpression(inner) }
  })
}

/** A parenthesis after the table is a column list unless a query starts inside. */
const startsColumnList = (cursor: Cursor): boolean => {
  if (!cursor.is('(')) return false
  let ahead = 1
  while (cursor.peek(ahead).keyword === '(') ahead += 1
  return ahead === 1 && !['SELECT', 'WITH', 'VALUES'].includes(cursor.peek(1).keyword)
}

const parseAssignment = (cursor: Cursor): Assignment => {
  let column = identifier(cursor)
  if (cursor.take('.')) column = identifier(cursor)
  cursor.expect('=')
  return { column, value: cursor.take('DEFAULT') ? { kind: 'default' } : parseExpression(cursor) }
}

export const parseUpdate = (
  cursor: Cursor,
  commonTables: readonly CommonTable[],
): DataStatement => {
  cursor.expect('UPDATE')
  readHints(cursor)
  const table = objectName(cursor)
  if (!cursor.is('SET')) cursor.fail("'SET'")
  cursor.next()
  const assignments = commaList(cursor, parseAssignment)
  const from = cursor.take('FROM') ? parseRelations(cursor) : undefined
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined
  refuseTail(cursor, 'UPDATE')
  return { kind: 'update', with: commonTables, table, assignments, from, where }
}

export const parseDelete = (
  cursor: Cursor,
  commonTables: readonly CommonTable[],
): DataStatement => {
  cursor.expect('DELETE')
  readHints(cursor)
  cursor.expect('FROM')
  const table = objectName(cursor)
  if (atTemporaryPartition(cursor)) throw analyzingError('Do not support deleting temp partitions.')
  const partitions = parsePartitions(cursor)
  const using = cursor.take('USING') ? parseRelations(cursor) : undefined
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined
  refuseTail(cursor, 'DELETE')
  return { kind: 'delete', with: commonTables, table, partitions, using, where }
}

const refuseTail = (cursor: Cursor, statement: string): void => {
  if (cursor.is('LIMIT') || cursor.is('ORDER')) {
    cursor.refuse(`${cursor.peek().keyword} in ${statement} is not supported.`)
  }
}

export const parseTruncate = (cursor: Cursor): DataStatement => {
  cursor.expect('TRUNCATE')
  cursor.take('TABLE')
  const table = objectName(cursor)
  if (atTemporaryPartition(cursor)) throw analyzingError('Not support truncate temp partitions.')
  return { kind: 'truncate', table, partitions: parsePartitions(cursor) }
}

export const parseBegin = (cursor: Cursor): DataStatement => {
  if (cursor.take('START', 'TRANSACTION')) {
    if (cursor.take('WITH', 'CONSISTENT', 'SNAPSHOT')) return { kind: 'begin', label: undefined }
  } else {
    cursor.expect('BEGIN')
    cursor.take('WORK')
  }
  const label = cursor.take('WITH', 'LABEL') ? identifierOrString(cursor) : undefined
  return { kind: 'begin', label }
}

/** The tails that change nothing are read; CHAIN and RELEASE are refused. */
export const parseEnd = (cursor: Cursor): DataStatement => {
  const kind = cursor.next().keyword === 'COMMIT' ? 'commit' : 'rollback'
  cursor.take('WORK')
  if (!cursor.take('AND', 'NO', 'CHAIN') && cursor.is('AND', 'CHAIN'))
    cursor.refuse('AND CHAIN is not supported.')
  if (!cursor.take('NO', 'RELEASE') && cursor.is('RELEASE'))
    cursor.refuse('RELEASE is not supported.')
  if (kind === 'rollback' && cursor.is('TO')) cursor.refuse('Savepoints are not supported.')
  return { kind }
}

/** A statement that may begin with WITH: a query, UPDATE or DELETE. */
export const parseAfterWith = (
  cursor: Cursor,
): DataStatement | { kind: 'select'; query: Query } => {
  const commonTables = parseWith(cursor)
  if (cursor.is('UPDATE')) return parseUpdate(cursor, commonTables)
  if (cursor.is('DELETE')) return parseDelete(cursor, commonTables)
  const query = parseQuery(cursor)
  if (commonTables.length === 0) return { kind: 'select', query }
  if (query.with.length > 0) cursor.fail()
  return { kind: 'select', query: { ...query, with: commonTables } }
}

export const partitionNames = (cursor: Cursor): readonly string[] =>
  cursor.is('(') ? parenthesized(cursor, identifierOrString) : [identifierOrString(cursor)]
