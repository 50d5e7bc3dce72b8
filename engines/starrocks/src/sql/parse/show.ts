/** The SHOW family: one table of forms, one reader for their common tails. DESCRIBE and EXPLAIN stand beside it. */
import type { Statement } from '../ast.ts'
import type { Show, ShowWhat } from '../ast-session.ts'
import { skipRest } from './create.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import { parseGrantee } from './grant.ts'
import {
  commaList,
  identifier,
  identifierOrString,
  integer,
  objectName,
  propertyList,
  qualifiedParts,
  string,
} from './name.ts'

/** How the words after a SHOW are read: what FROM names, and whether the object follows at once. */
interface Form {
  readonly words: string
  readonly what: ShowWhat
  /** `name`: an object follows; `from table`: FROM names a table; `from database`: FROM names a database. */
  readonly reads?:
    | 'name'
    | 'from table'
    | 'from database'
    | 'from catalog'
    | 'grantee'
    | 'text'
    | 'tablet'
}

const database = 'from database'
const table = 'from table'

/** Longer forms before their prefixes. */
const forms: readonly Form[] = [
  { words: 'CREATE DATABASE', what: 'create database', reads: 'name' },
  { words: 'CREATE SCHEMA', what: 'create database', reads: 'name' },
  { words: 'CREATE TABLE', what: 'create table', reads: 'name' },
  { words: 'CREATE VIEW', what: 'create view', reads: 'name' },
  { words: 'CREATE MATERIALIZED VIEW', what: 'create materialized view', reads: 'name' },
  { words: 'CREATE CATALOG', what: 'create catalog', reads: 'name' },
  { words: 'CREATE USER', what: 'create user', reads: 'grantee' },
  { words: 'DATABASES', what: 'databases', reads: 'from catalog' },
  { words: 'SCHEMAS', what: 'databases', reads: 'from catalog' },
  { words: 'TABLES', what: 'tables', reads: database },
  { words: 'TABLE STATUS', what: 'table status', reads: database },
  { words: 'COLUMNS', what: 'columns', reads: table },
  { words: 'FIELDS', what: 'columns', reads: table },
  { words: 'VARIABLES', what: 'variables' },
  { words: 'STATUS', what: 'status' },
  { words: 'PROCESSLIST', what: 'processlist' },
  { words: 'FRONTENDS', what: 'frontends' },
  { words: 'BACKENDS', what: 'backends' },
  { words: 'COMPUTE NODES', what: 'compute nodes' },
  { words: 'BROKER', what: 'brokers' },
  { words: 'PARTITIONS', what: 'partitions', reads: table },
  { words: 'TEMPORARY PARTITIONS', what: 'temporary partitions', reads: table },
  { words: 'TABLETS', what: 'tablets', reads: 'tablet' },
  { words: 'TABLET', what: 'tablets', reads: 'tablet' },
  { words: 'INDEXES', what: 'index', reads: table },
  { words: 'INDEX', what: 'index', reads: table },
  { words: 'KEYS', what: 'index', reads: table },
  { words: 'KEY', what: 'index', reads: table },
  { words: 'GRANTS', what: 'grants', reads: 'grantee' },
  { words: 'ROLES', what: 'roles' },
  { words: 'USERS', what: 'users' },
  { words: 'AUTHENTICATION', what: 'authentication', reads: 'grantee' },
  { words: 'PRIVILEGES', what: 'privileges' },
  { words: 'WARNINGS', what: 'warnings' },
  { words: 'ERRORS', what: 'errors' },
  { words: 'STORAGE ENGINES', what: 'engines' },
  { words: 'ENGINES', what: 'engines' },
  { words: 'PLUGINS', what: 'plugins' },
  { words: 'EVENTS', what: 'events', reads: database },
  { words: 'TRIGGERS', what: 'triggers', reads: database },
  { words: 'PROCEDURE STATUS', what: 'procedure status' },
  { words: 'FUNCTION STATUS', what: 'function status' },
  { words: 'COLLATION', what: 'collation' },
  { words: 'CHARSET', what: 'character set' },
  { words: 'CHARACTER SET', what: 'character set' },
  { words: 'CHAR SET', what: 'character set' },
  { words: 'LOAD', what: 'load', reads: database },
  { words: 'ROUTINE LOAD', what: 'routine load' },
  { words: 'STREAM LOAD', what: 'stream load' },
  { words: 'TRANSACTION', what: 'transaction', reads: database },
  { words: 'MATERIALIZED VIEWS', what: 'materialized views', reads: database },
  { words: 'MATERIALIZED VIEW', what: 'materialized views', reads: database },
  { words: 'FUNCTIONS', what: 'functions', reads: database },
  { words: 'DATA', what: 'data', reads: table },
  { words: 'DELETE', what: 'delete', reads: database },
  { words: 'EXPORT', what: 'export', reads: database },
  { words: 'ALTER TABLE', what: 'alter table', reads: database },
  { words: 'ALTER MATERIALIZED VIEW', what: 'alter materialized view', reads: database },
  { words: 'DYNAMIC PARTITION TABLES', what: 'dynamic partition tables', reads: database },
  { words: 'PROC', what: 'proc', reads: 'text' },
  { words: 'PROFILELIST', what: 'profilelist' },
  { words: 'CATALOGS', what: 'catalogs' },
  { words: 'WAREHOUSES', what: 'warehouses' },
  { words: 'RESOURCE GROUPS', what: 'resource groups' },
  { words: 'RESOURCES', what: 'resources' },
  { words: 'STORAGE VOLUMES', what: 'storage volumes' },
  { words: 'REPOSITORIES', what: 'repositories' },
  { words: 'BACKUP', what: 'backup', reads: database },
  { words: 'RESTORE', what: 'restore', reads: database },
  { words: 'PROPERTY', what: 'property', reads: 'grantee' },
  { words: 'ANALYZE JOB', what: 'analyze job' },
  { words: 'ANALYZE STATUS', what: 'analyze status' },
  { words: 'STATS META', what: 'stats meta' },
  { words: 'HISTOGRAM META', what: 'histogram meta' },
  { words: 'RUNNING QUERIES', what: 'running queries' },
  { words: 'OPEN TABLES', what: 'open tables', reads: database },
  { words: 'MASTER STATUS', what: 'master status' },
  { words: 'BINARY LOGS', what: 'binary logs' },
  { words: 'SLAVE STATUS', what: 'slave status' },
]

type Draft = { -readonly [K in keyof Show]: Show[K] }

export const parseShow = (cursor: Cursor): Statement => {
  cursor.expect('SHOW')
  const show: Draft = {
    kind: 'show',
    what: 'status',
    full: false,
    modifier: undefined,
    name: undefined,
    database: undefined,
    catalog: undefined,
    like: undefined,
    where: undefined,
    orderBy: [],
    limit: undefined,
    offset: undefined,
    grantee: undefined,
    text: undefined,
  }
  readModifiers(cursor, show)
  const form = forms.find(({ words }) => cursor.take(...words.split(' ')))
  if (form === undefined) return { kind: 'unsupported', what: skipRest(cursor, 'SHOW') }
  show.what = form.what
  if (form.what === 'alter table' && !readAlterKind(cursor, show))
    return cursor.fail("'COLUMN', 'ROLLUP'")
  if (form.what === 'load' && cursor.is('WARNINGS'))
    return { kind: 'unsupported', what: skipRest(cursor, 'SHOW LOAD') }
  readObject(cursor, show, form)
  readTail(cursor, show)
  return show
}

const readModifiers = (cursor: Cursor, show: Draft): void => {
  if (cursor.take('FULL')) show.full = true
  else if (cursor.take('EXTENDED')) show.full = false
  else if (cursor.take('GLOBAL')) show.modifier = 'global'
  else if (cursor.take('SESSION') || cursor.take('LOCAL')) show.modifier = 'session'
  else if (cursor.take('ALL')) show.modifier = 'all'
  else if (cursor.is('TEMPORARY', 'TABLES') && cursor.take('TEMPORARY')) show.modifier = 'temporary'
  if (cursor.take('FULL')) show.full = true
  if (cursor.take('BUILTIN')) show.modifier = 'builtin'
}

const readAlterKind = (cursor: Cursor, show: Draft): boolean => {
  const { keyword } = cursor.peek()
  if (!['COLUMN', 'ROLLUP', 'OPTIMIZE'].includes(keyword)) return false
  show.text = cursor.next().keyword.toLowerCase()
  return true
}

const takeFrom = (cursor: Cursor): boolean => cursor.take('FROM') || cursor.take('IN')

const readObject = (cursor: Cursor, show: Draft, form: Form): void => {
  switch (form.reads) {
    case 'name':
      if (form.what === 'create database') cursor.take('IF', 'NOT', 'EXISTS')
      show.name = objectName(cursor)
      break
    case 'from table':
      if (takeFrom(cursor)) show.name = objectName(cursor)
      else if (form.what !== 'data') cursor.fail("'FROM'")
      if (form.what !== 'partitions' && takeFrom(cursor)) show.database = identifier(cursor)
      break
    case 'from database':
      if (takeFrom(cursor)) readDatabase(cursor, show)
      break
    case 'from catalog':
      if (takeFrom(cursor)) show.catalog = identifier(cursor)
      break
    case 'tablet':
      if (cursor.peek().kind === 'integer') show.text = cursor.next().text
      else if (takeFrom(cursor)) show.name = objectName(cursor)
      else cursor.fail("'FROM'")
      break
    case 'text':
      show.text = string(cursor)
      break
    case 'grantee':
      if (form.what === 'create user' || cursor.take('FOR')) show.grantee = parseGrantee(cursor)
      break
    case undefined:
  }
}

const readDatabase = (cursor: Cursor, show: Draft): void => {
  const at = cursor.peek().start
  const parts = qualifiedParts(cursor)
  if (parts.length > 2) cursor.refuse(`Invalid database name ${parts.join('.')}.`, at)
  show.database = parts.at(-1)
  if (parts.length === 2) show.catalog = parts[0]
}

const readTail = (cursor: Cursor, show: Draft): void => {
  if (cursor.take('LIKE')) show.like = string(cursor)
  if (cursor.take('WHERE')) show.where = parseExpression(cursor)
  if (cursor.take('ORDER', 'BY')) {
    show.orderBy = commaList(cursor, (inner) => {
      const expression = parseExpression(inner)
      const descending = inner.take('DESC')
      if (!descending) inner.take('ASC')
      return { expression, descending }
    })
  }
  if (!cursor.take('LIMIT')) return
  show.limit = integer(cursor)
  if (cursor.take(',')) {
    show.offset = show.limit
    show.limit = integer(cursor)
  } else if (cursor.take('OFFSET')) {
    show.offset = integer(cursor)
  }
}

/** DESC table; EXPLAIN and DESC before a statement are told apart by the caller. */
export const parseDescribe = (cursor: Cursor): Statement => {
  cursor.next()
  if (cursor.take('FILES')) return { kind: 'describeFiles', properties: propertyList(cursor) }
  if (cursor.is('STORAGE', 'VOLUME')) return { kind: 'unsupported', what: skipRest(cursor, 'DESC') }
  const name = objectName(cursor)
  if (cursor.take('ALL')) return { kind: 'describe', table: name, all: true, column: undefined }
  const ends = cursor.peek().kind === 'end' || cursor.is(';')
  return {
    kind: 'describe',
    table: name,
    all: false,
    column: ends ? undefined : identifierOrString(cursor),
  }
}
