/** EXPORT TABLE … TO '…'. */
import type { DataStatement } from '../ast-data.ts'
import type { Cursor } from './cursor.ts'
import {
  identifierList,
  identifierOrString,
  objectName,
  optionalProperties,
  propertyList,
  string,
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
