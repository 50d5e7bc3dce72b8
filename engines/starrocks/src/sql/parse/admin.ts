/** ADMIN, ANALYZE and their relatives. */
import type { Statement } from '../ast.ts'
import { skipRest } from './create.ts'
import type { Cursor } from './cursor.ts'
import {
  commaList,
  identifierList,
  integer,
  objectName,
  optionalProperties,
  propertyList,
  qualifiedParts,
  string,
} from './name.ts'

export const parseAdmin = (cursor: Cursor): Statement => {
  cursor.expect('ADMIN')
  if (
    cursor.take('SET', 'FRONTEND', 'CONFIG') ||
    cursor.take('SET', 'ALL', 'FRONTENDS', 'CONFIG')
  ) {
    const properties = propertyList(cursor)
    return { kind: 'adminSetConfig', properties, persistent: cursor.take('WITH', 'PERSISTENT') }
  }
  if (cursor.take('SHOW', 'FRONTEND', 'CONFIG')) {
    return { kind: 'adminShowConfig', like: cursor.take('LIKE') ? string(cursor) : undefined }
  }
  return { kind: 'adminOther', words: skipRest(cursor, 'ADMIN') }
}

const parseColumns = (cursor: Cursor): readonly string[] => {
  if (cursor.take('ALL', 'COLUMNS') || cursor.take('PREDICATE', 'COLUMNS')) return []
  return cursor.is('(') ? identifierList(cursor) : []
}

/** WITH {SYNC | ASYNC} MODE | n BUCKETS, in any order. */
const parseModes = (cursor: Cursor): { async: boolean; buckets: number | undefined } => {
  let async = false
  let buckets: number | undefined
  while (cursor.take('WITH')) {
    if (cursor.take('ASYNC', 'MODE')) async = true
    else if (!cursor.take('SYNC', 'MODE')) {
      buckets = integer(cursor)
      cursor.expect('BUCKETS')
    }
  }
  return { async, buckets }
}

export const parseAnalyze = (cursor: Cursor): Statement => {
  cursor.expect('ANALYZE')
  const mode = cursor.take('SAMPLE') ? 'sample' : 'full'
  if (mode === 'full') cursor.take('FULL')
  if (cursor.is('PROFILE')) return { kind: 'unsupported', what: skipRest(cursor, 'ANALYZE') }
  cursor.expect('TABLE')
  const table = objectName(cursor)
  const head = { kind: 'analyzeTable', mode, table } as const
  if (cursor.take('DROP', 'HISTOGRAM', 'ON')) {
    const columns = commaList(cursor, (inner) => qualifiedParts(inner).join('.'))
    return {
      ...head,
      columns,
      action: 'drop histogram',
      async: false,
      buckets: undefined,
      properties: [],
    }
  }
  if (cursor.take('UPDATE', 'HISTOGRAM', 'ON')) {
    const columns = commaList(cursor, (inner) => qualifiedParts(inner).join('.'))
    const { async, buckets } = parseModes(cursor)
    const properties = optionalProperties(cursor)
    // Behind its properties, unlike that of other statistics.
    const last = parseModes(cursor)
    return {
      ...head,
      columns,
      action: 'update histogram',
      async: async || last.async,
      buckets: last.buckets ?? buckets,
      properties,
    }
  }
  const columns = parseColumns(cursor)
  return {
    ...head,
    columns,
    action: 'collect',
    ...parseModes(cursor),
    properties: optionalProperties(cursor),
  }
}

/** At `DROP STATS`. */
export const parseDropStats = (cursor: Cursor): Statement => {
  cursor.expect('DROP', 'STATS')
  const table = objectName(cursor)
  return {
    kind: 'analyzeTable',
    mode: 'full',
    table,
    columns: [],
    action: 'drop stats',
    async: false,
    buckets: undefined,
    properties: [],
  }
}

export const parseCreateAnalyze = (cursor: Cursor): Statement => {
  cursor.expect('CREATE', 'ANALYZE')
  const mode = cursor.take('SAMPLE') ? 'sample' : 'full'
  if (mode === 'full') cursor.take('FULL')
  const plain = { action: 'collect', buckets: undefined } as const
  const head = { kind: 'createAnalyze', mode, ...plain } as const
  if (cursor.take('ALL'))
    return {
      ...head,
      scope: 'all',
      name: undefined,
      columns: [],
      properties: optionalProperties(cursor),
    }
  if (cursor.take('DATABASE')) {
    return {
      ...head,
      scope: 'database',
      name: objectName(cursor),
      columns: [],
      properties: optionalProperties(cursor),
    }
  }
  cursor.expect('TABLE')
  const name = objectName(cursor)
  if (cursor.take('UPDATE', 'HISTOGRAM', 'ON')) {
    const columns = commaList(cursor, (inner) => qualifiedParts(inner).join('.'))
    const { buckets } = parseModes(cursor)
    const properties = optionalProperties(cursor)
    return {
      ...head,
      action: 'update histogram',
      scope: 'table',
      name,
      columns,
      buckets,
      properties,
    }
  }
  const columns = parseColumns(cursor)
  return { ...head, scope: 'table', name, columns, properties: optionalProperties(cursor) }
}
