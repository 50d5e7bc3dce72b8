/** CREATE and DROP of everything but tables: databases, views, materialized views, indexes, catalogs; RECOVER; REFRESH. */
import type { DefinitionStatement, Refresh, RefreshPart, ViewColumn } from '../ast-definition.ts'
import type { Query, Statement } from '../ast.ts'
import { parseIndexTail } from './create-table.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression, parseQuery } from './grammar.ts'
import {
  identifier,
  identifierList,
  identifierOrString,
  ifExists,
  ifNotExists,
  integer,
  objectName,
  optionalComment,
  optionalProperties,
  propertyList,
  parenthesized,
  qualifiedParts,
  string,
} from './name.ts'
import { parseDistribution } from './partition.ts'
import { parsePrimary } from './primary.ts'
import { parseUnit } from './unit.ts'

const databaseName = (cursor: Cursor): { name: string; catalog: string | undefined } => {
  const at = cursor.peek().start
  const parts = qualifiedParts(cursor)
  const name = parts.at(-1)
  if (name === undefined || parts.length > 2)
    return cursor.refuse(`Invalid database name ${parts.join('.')}.`, at)
  return { name, catalog: parts.length === 2 ? parts[0] : undefined }
}

export const parseCreateDatabase = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CREATE')
  cursor.next()
  const exists = ifNotExists(cursor)
  const { name, catalog } = databaseName(cursor)
  for (;;) {
    const defaulted = cursor.take('DEFAULT')
    if (!cursor.take('CHARSET') && !cursor.take('CHARACTER', 'SET') && !cursor.take('COLLATE')) {
      if (defaulted) cursor.fail("'CHARSET', 'COLLATE'")
      break
    }
    cursor.take('=')
    identifierOrString(cursor)
  }
  return {
    kind: 'createDatabase',
    name,
    catalog,
    ifNotExists: exists,
    properties: optionalProperties(cursor),
  }
}

export const parseAlterDatabase = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('ALTER')
  cursor.next()
  const name = identifier(cursor)
  if (cursor.take('RENAME')) return { kind: 'alterDatabaseRename', name, to: identifier(cursor) }
  cursor.expect('SET')
  const what = cursor.take('DATA') ? 'data' : 'replica'
  if (what === 'replica') cursor.expect('REPLICA')
  cursor.expect('QUOTA')
  const quota =
    cursor.peek().kind === 'integer' ? String(integer(cursor)) : identifierOrString(cursor)
  return { kind: 'alterDatabaseQuota', name, what, quota }
}

const viewColumns = (cursor: Cursor): readonly ViewColumn[] =>
  cursor.is('(')
    ? parenthesized(cursor, (inner) => ({
        name: identifier(inner),
        comment: optionalComment(inner),
      }))
    : []

/** The query with the text it was written in. */
const queryWithText = (cursor: Cursor): { query: Query; queryText: string } => {
  cursor.expect('AS')
  const { start } = cursor.peek()
  const query = parseQuery(cursor)
  return { query, queryText: cursor.text.slice(start, cursor.previousEnd()) }
}

export const parseCreateView = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CREATE')
  const orReplace = cursor.take('OR', 'REPLACE')
  cursor.expect('VIEW')
  const exists = ifNotExists(cursor)
  const name = objectName(cursor)
  const columns = viewColumns(cursor)
  const comment = optionalComment(cursor)
  let security: 'none' | 'invoker' | undefined
  if (cursor.take('SECURITY')) {
    security = cursor.take('NONE') ? 'none' : 'invoker'
    if (security === 'invoker') cursor.expect('INVOKER')
  }
  return {
    kind: 'createView',
    name,
    ifNotExists: exists,
    orReplace,
    columns,
    comment,
    security,
    ...queryWithText(cursor),
  }
}

export const parseAlterView = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('ALTER', 'VIEW')
  const name = objectName(cursor)
  const columns = viewColumns(cursor)
  return { kind: 'alterView', name, columns, ...queryWithText(cursor) }
}

export const parseCreateMaterializedView = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CREATE', 'MATERIALIZED', 'VIEW')
  const exists = ifNotExists(cursor)
  const name = objectName(cursor)
  const columns = viewColumns(cursor)
  const comment = optionalComment(cursor)
  const clauses = parseMaterializedClauses(cursor)
  return {
    kind: 'createMaterializedView',
    name,
    ifNotExists: exists,
    columns,
    indexes: [],
    comment,
    ...clauses,
    ...queryWithText(cursor),
  }
}

type Clauses = Pick<
  Extract<DefinitionStatement, { kind: 'createMaterializedView' }>,
  'partitionBy' | 'distribution' | 'orderBy' | 'refresh' | 'properties'
>

const parseMaterializedClauses = (cursor: Cursor): Clauses => {
  const found: { -readonly [K in keyof Clauses]: Clauses[K] } = {
    partitionBy: [],
    distribution: undefined,
    orderBy: [],
    refresh: undefined,
    properties: [],
  }
  for (;;) {
    if (cursor.take('PARTITION', 'BY')) {
      found.partitionBy = cursor.is('(')
        ? parenthesized(cursor, parseExpression)
        : [parsePrimary(cursor)]
    } else if (cursor.is('DISTRIBUTED')) found.distribution = parseDistribution(cursor)
    else if (cursor.take('ORDER', 'BY')) found.orderBy = identifierList(cursor)
    else if (cursor.is('REFRESH')) found.refresh = parseRefreshScheme(cursor)
    else if (cursor.is('PROPERTIES')) found.properties = optionalProperties(cursor)
    else return found
  }
}

export const parseRefreshScheme = (cursor: Cursor): Refresh => {
  cursor.expect('REFRESH')
  const moment = cursor.take('IMMEDIATE')
    ? 'immediate'
    : cursor.take('DEFERRED')
      ? 'deferred'
      : undefined
  const scheme = cursor.take('ASYNC')
    ? 'async'
    : cursor.take('MANUAL')
      ? 'manual'
      : cursor.take('SYNC')
        ? 'sync'
        : cursor.take('INCREMENTAL')
          ? 'incremental'
          : undefined
  if (moment === undefined && scheme === undefined) cursor.fail("'ASYNC', 'MANUAL'")
  if (scheme !== 'async') return { moment, scheme, start: undefined, every: undefined }
  let start: string | undefined
  if (cursor.take('START', '(')) {
    start = string(cursor)
    cursor.expect(')')
  }
  let every: Refresh['every']
  if (cursor.take('EVERY', '(')) {
    cursor.expect('INTERVAL')
    const count = integer(cursor)
    every = { count, unit: parseUnit(cursor) }
    cursor.expect(')')
  }
  if (start !== undefined && every === undefined) cursor.fail("'EVERY'")
  return { moment, scheme, start, every }
}

/** At `REFRESH` or `CANCEL REFRESH`. */
export const parseRefresh = (cursor: Cursor): Statement => {
  if (cursor.take('CANCEL', 'REFRESH', 'MATERIALIZED', 'VIEW')) {
    const name = objectName(cursor)
    return { kind: 'cancelRefreshMaterializedView', name, force: cursor.take('FORCE') }
  }
  cursor.expect('REFRESH')
  if (cursor.take('EXTERNAL', 'TABLE')) {
    const table = objectName(cursor)
    // All partitions are read again at every use, also those that are not named.
    if (cursor.take('PARTITION')) parenthesized(cursor, string)
    return { kind: 'refreshExternalTable', table }
  }
  if (!cursor.take('MATERIALIZED', 'VIEW'))
    return { kind: 'unsupported', what: skipRest(cursor, 'REFRESH') }
  const name = objectName(cursor)
  const part = cursor.take('PARTITION') ? parsePart(cursor) : undefined
  const force = cursor.take('FORCE')
  const mode = cursor.take('WITH', 'SYNC', 'MODE')
    ? 'sync'
    : cursor.take('WITH', 'ASYNC', 'MODE')
      ? 'async'
      : undefined
  return { kind: 'refreshMaterializedView', name, part, force, mode }
}

const parsePart = (cursor: Cursor): RefreshPart => {
  if (cursor.is('(')) return { values: parenthesized(cursor, string) }
  cursor.expect('START', '(')
  const start = string(cursor)
  cursor.expect(')', 'END', '(')
  const end = string(cursor)
  cursor.expect(')')
  return { start, end }
}

/** Steps to the end of the statement; used for statements that are refused by their leading words. */
export const skipRest = (cursor: Cursor, what: string): string => {
  let words = what
  let leading = what.split(' ').length < 3
  while (cursor.peek().kind !== 'end' && !cursor.is(';')) {
    const token = cursor.next()
    leading &&= token.kind === 'word' && words.split(' ').length < 3
    if (leading) words += ` ${token.keyword}`
  }
  return words
}

export const parseCreateIndex = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CREATE', 'INDEX')
  const name = identifier(cursor)
  cursor.expect('ON')
  const table = objectName(cursor)
  const columns = identifierList(cursor)
  return { kind: 'createIndex', table, index: { name, columns, ...parseIndexTail(cursor) } }
}

export const parseCreateCatalog = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CREATE', 'EXTERNAL', 'CATALOG')
  const exists = ifNotExists(cursor)
  const name = identifierOrString(cursor)
  const comment = optionalComment(cursor)
  cursor.expect('PROPERTIES')
  const properties = propertyList(cursor)
  return { kind: 'createCatalog', name, ifNotExists: exists, comment, properties }
}

export const parseAlterCatalog = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('ALTER', 'CATALOG')
  const name = identifierOrString(cursor)
  cursor.expect('SET')
  return { kind: 'alterCatalog', name, properties: propertyList(cursor) }
}

export const parseDropObject = (cursor: Cursor): DefinitionStatement | undefined => {
  const temporary = cursor.is('DROP', 'TEMPORARY', 'TABLE')
  if (temporary || cursor.is('DROP', 'TABLE')) {
    cursor.next()
    cursor.take('TEMPORARY')
    cursor.next()
    const exists = ifExists(cursor)
    const name = objectName(cursor)
    return { kind: 'dropTable', name, ifExists: exists, temporary, force: cursor.take('FORCE') }
  }
  if (cursor.take('DROP', 'DATABASE') || cursor.take('DROP', 'SCHEMA')) {
    const exists = ifExists(cursor)
    const { name, catalog } = databaseName(cursor)
    return { kind: 'dropDatabase', name, catalog, ifExists: exists, force: cursor.take('FORCE') }
  }
  if (cursor.take('DROP', 'VIEW')) {
    const exists = ifExists(cursor)
    return { kind: 'dropView', name: objectName(cursor), ifExists: exists }
  }
  if (cursor.take('DROP', 'MATERIALIZED', 'VIEW')) {
    const exists = ifExists(cursor)
    return { kind: 'dropMaterializedView', name: objectName(cursor), ifExists: exists }
  }
  if (cursor.take('DROP', 'CATALOG')) {
    const exists = ifExists(cursor)
    return { kind: 'dropCatalog', name: identifierOrString(cursor), ifExists: exists }
  }
  if (cursor.take('DROP', 'INDEX')) {
    const name = identifier(cursor)
    cursor.expect('ON')
    return { kind: 'dropIndex', name, table: objectName(cursor) }
  }
  return undefined
}

export const parseClean = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('CLEAN', 'TEMPORARY', 'TABLE', 'ON', 'SESSION')
  return { kind: 'cleanTemporaryTable', session: string(cursor) }
}

export const parseRecover = (cursor: Cursor): DefinitionStatement => {
  cursor.expect('RECOVER')
  if (cursor.take('TABLE'))
    return { kind: 'recover', what: 'table', name: objectName(cursor), from: undefined }
  if (cursor.take('PARTITION')) {
    const name = objectName(cursor)
    cursor.expect('FROM')
    return { kind: 'recover', what: 'partition', name, from: objectName(cursor) }
  }
  if (!cursor.take('SCHEMA')) cursor.expect('DATABASE')
  return { kind: 'recover', what: 'database', name: objectName(cursor), from: undefined }
}
