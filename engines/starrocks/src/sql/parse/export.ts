/** EXPORT TABLE … TO '…', and CANCEL EXPORT. */
import type { DataStatement } from '../ast-data.ts'
import type { Cursor } from './cursor.ts'
import {
  identifier,
  identifierList,
  identifierOrString,
  objectName,
  optionalProperties,
  propertyList,
  string,
  wordOrString,
} from './name.ts'
import { parsePartitions } from './relation.ts'

export const parseExport = (cursor: Cursor): DataStatement => {
  cursor.expect('EXPORT', 'TABLE')
  const table = objectName(cursor)
  const partitions = parsePartitions(cursor)
  const columns = cursor.is('(') ? identifierList(cursor) : []
  cursor.expect('TO')
  const path = string(cursor)
  const sync = cursor.take('WITH', 'SYNC', 'MODE')
  if (!sync) cursor.take('WITH', 'ASYNC', 'MODE')
  const properties = optionalProperties(cursor)
  if (!cursor.take('WITH', 'BROKER'))
    return { kind: 'export', table, partitions, columns, path, sync, properties, broker: [] }
  if (!cursor.is('(') && cursor.peek().kind !== 'end' && !cursor.is(';')) identifierOrString(cursor)
  const broker = cursor.is('(') ? propertyList(cursor) : []
  return { kind: 'export', table, partitions, columns, path, sync, properties, broker }
}

/** CANCEL EXPORT [FROM db] WHERE QUERYID = "…". */
export const parseCancelExport = (cursor: Cursor): DataStatement => {
  cursor.expect('CANCEL', 'EXPORT')
  const database = cursor.take('FROM') || cursor.take('IN') ? identifier(cursor) : undefined
  const fail = (): never =>
    cursor.refuse('Where clause should look like: queryid = "your_query_id"')
  if (!cursor.take('WHERE') || wordOrString(cursor).toLowerCase() !== 'queryid') return fail()
  if (!cursor.take('=')) return fail()
  return { kind: 'cancelExport', database, queryId: string(cursor) }
}
