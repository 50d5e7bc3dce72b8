/** LOAD LABEL … (DATA INFILE …) WITH BROKER, and CANCEL LOAD. */
import type { Property } from '../ast.ts'
import type { DataStatement, LoadSource } from '../ast-data.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import {
  commaList,
  identifier,
  identifierList,
  identifierOrString,
  optionalProperties,
  parenthesized,
  propertyList,
  string,
  wordOrString,
} from './name.ts'
import { partitionNames } from './data.ts'

export const parseLoad = (cursor: Cursor): DataStatement => {
  cursor.expect('LOAD', 'LABEL')
  const first = identifier(cursor)
  const [database, label] = cursor.take('.') ? [first, identifier(cursor)] : [undefined, first]
  cursor.expect('(')
  const sources = commaList(cursor, parseSource)
  cursor.expect(')')
  if (cursor.is('WITH', 'RESOURCE')) cursor.refuse('LOAD WITH RESOURCE is not supported.')
  let broker: readonly Property[] = []
  if (cursor.take('WITH', 'BROKER')) {
    if (!cursor.is('(') && !cursor.is('PROPERTIES') && !atEnd(cursor)) identifierOrString(cursor)
    if (cursor.is('(')) broker = propertyList(cursor)
  }
  if (cursor.is('BY')) cursor.refuse('LOAD BY a system is not supported.')
  return { kind: 'load', database, label, sources, broker, properties: optionalProperties(cursor) }
}

const atEnd = (cursor: Cursor): boolean => cursor.peek().kind === 'end' || cursor.is(';')

const parseSource = (cursor: Cursor): LoadSource => {
  if (cursor.is('DATA', 'FROM')) cursor.refuse('DATA FROM TABLE is not supported.')
  cursor.expect('DATA', 'INFILE')
  const paths = parenthesized(cursor, string)
  if (cursor.is('NEGATIVE')) cursor.refuse('NEGATIVE is not supported.')
  cursor.expect('INTO', 'TABLE')
  const table = identifier(cursor)
  const partitions =
    cursor.take('PARTITION') || cursor.take('PARTITIONS') ? partitionNames(cursor) : []
  const columnSeparator = cursor.take('COLUMNS', 'TERMINATED', 'BY') ? string(cursor) : undefined
  const rowDelimiter = cursor.take('ROWS', 'TERMINATED', 'BY') ? string(cursor) : undefined
  const format = cursor.take('FORMAT', 'AS') ? identifierOrString(cursor) : undefined
  const options = startsOptions(cursor) ? formatOptions(cursor) : []
  const fields = cursor.is('(') ? identifierList(cursor) : []
  const pathFields = cursor.take('COLUMNS', 'FROM', 'PATH', 'AS') ? identifierList(cursor) : []
  const sets = cursor.take('SET')
    ? parenthesized(cursor, (inner) => {
        const column = identifier(inner)
        inner.expect('=')
        return { column, value: parseExpression(inner) }
      })
    : []
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined
  return {
    paths,
    table,
    partitions,
    columnSeparator,
    rowDelimiter,
    format,
    options,
    fields,
    pathFields,
    sets,
    where,
  }
}

const startsOptions = (cursor: Cursor): boolean => cursor.is('(') && cursor.peek(2).keyword === '='

/** `(skip_header = 1 trim_space = true enclose = "'" escape = "|")`, with commas between them or without. */
const formatOptions = (cursor: Cursor): readonly Property[] => {
  cursor.expect('(')
  const options: Property[] = []
  while (!cursor.take(')')) {
    const name = wordOrString(cursor).toLowerCase()
    cursor.expect('=')
    const isNumber = cursor.peek().kind === 'integer'
    options.push({ name, value: isNumber ? cursor.next().text : wordOrString(cursor) })
    cursor.take(',')
  }
  return options
}

/** CANCEL LOAD [FROM db] WHERE LABEL = "…". */
export const parseCancelLoad = (cursor: Cursor): DataStatement => {
  cursor.expect('CANCEL', 'LOAD')
  const database = cursor.take('FROM') ? identifier(cursor) : undefined
  cursor.expect('WHERE')
  if (wordOrString(cursor).toLowerCase() !== 'label') cursor.fail("'LABEL'")
  cursor.expect('=')
  return { kind: 'cancelLoad', database, label: string(cursor) }
}
