/** The SHOW family: one table of forms, one reader for their common tails. DESCRIBE and EXPLAIN stand beside it. */
import type { Expression, Statement } from '../ast.ts'
import type { Show, ShowWhat } from '../ast-session.ts'
import { skipRest } from './create.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import { parseGrantee } from './grant.ts'
import { atTemporaryPartition, parsePartitions } from './relation.ts'
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

/**
 * What follows the words of a SHOW: an object at once (`name`), FROM with a table, a database or a catalog, a user or role, a
 * text, a tablet's number; `nothing` but the common tails otherwise.
 */
type Shape =
  | 'nothing'
  | 'name'
  | 'from table'
  | 'from database'
  | 'from catalog'
  | 'grantee'
  | 'text'
  | 'tablet'

/** The words are those of `what` in capitals, or others for it. */
type Form = ShowWhat | { readonly words: string; readonly what: ShowWhat }

const shapes: Readonly<Record<Shape, readonly Form[]>> = {
  name: [
    'create database',
    { words: 'CREATE SCHEMA', what: 'create database' },
    'create table',
    'create view',
    'create materialized view',
    'create catalog',
    { words: 'RESOURCE GROUP', what: 'resource groups' },
    { words: 'USAGE RESOURCE GROUP', what: 'resource group usage' },
  ],
  grantee: [
    'create user',
    'grants',
    'authentication',
    'property',
    { words: 'PROPERTIES', what: 'property' },
  ],
  'from catalog': ['databases', { words: 'SCHEMAS', what: 'databases' }],
  'from database': [
    'tables',
    'table status',
    'events',
    'triggers',
    'load',
    'transaction',
    'materialized views',
    { words: 'MATERIALIZED VIEW', what: 'materialized views' },
    'functions',
    'delete',
    'export',
    'alter table',
    'alter materialized view',
    'dynamic partition tables',
    'backup',
    'restore',
    'open tables',
  ],
  'from table': [
    'columns',
    { words: 'FIELDS', what: 'columns' },
    'partitions',
    'temporary partitions',
    'index',
    { words: 'INDEXES', what: 'index' },
    { words: 'KEYS', what: 'index' },
    { words: 'KEY', what: 'index' },
    'data',
  ],
  tablet: ['tablets', { words: 'TABLET', what: 'tablets' }],
  text: ['proc'],
  nothing: [
    'variables',
    'status',
    'processlist',
    'frontends',
    'backends',
    'compute nodes',
    { words: 'BROKER', what: 'brokers' },
    'roles',
    'users',
    'privileges',
    'warnings',
    'errors',
    'engines',
    { words: 'STORAGE ENGINES', what: 'engines' },
    'plugins',
    'procedure status',
    'function status',
    'collation',
    'character set',
    { words: 'CHARSET', what: 'character set' },
    { words: 'CHAR SET', what: 'character set' },
    'routine load',
    'stream load',
    'profilelist',
    'catalogs',
    { words: 'NODES FROM WAREHOUSES', what: 'warehouse nodes' },
    'warehouses',
    'resource groups',
    { words: 'USAGE RESOURCE GROUPS', what: 'resource group usage' },
    'resources',
    'storage volumes',
    'repositories',
    'analyze job',
    'analyze status',
    { words: 'ANALYZE', what: 'analyze status' },
    'stats meta',
    'histogram meta',
    'running queries',
    'master status',
    'binary logs',
    'slave status',
  ],
}

interface ReadForm {
  readonly words: readonly string[]
  readonly what: ShowWhat
  readonly shape: Shape
}

/** Longer forms before their prefixes. */
const forms: readonly ReadForm[] = Object.entries(shapes)
  .flatMap(([shape, list]) =>
    list.map((form): ReadForm => {
      const { words, what } = typeof form === 'string' ? { words: form, what: form } : form
      return { words: words.toUpperCase().split(' '), what, shape: shape as Shape }
    }),
  )
  .sort((one, other) => other.words.length - one.words.length)

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
    partitions: [],
    temporary: false,
  }
  readModifiers(cursor, show)
  const form = forms.find(({ words }) => cursor.take(...words))
  if (form === undefined) return { kind: 'unsupported', what: skipRest(cursor, 'SHOW') }
  show.what = form.what
  if (form.what === 'alter table' && !readAlterKind(cursor, show))
    return cursor.fail("'COLUMN', 'ROLLUP'")
  if (form.what === 'load' && cursor.is('WARNINGS'))
    return { kind: 'unsupported', what: skipRest(cursor, 'SHOW LOAD') }
  if (['load', 'resource groups'].includes(form.what) && cursor.take('ALL')) show.modifier = 'all'
  readObject(cursor, show, form)
  readTail(cursor, show)
  if (form.what === 'transaction' && show.where) show.where = withIdOf(show.where, 'TransactionId')
  if (form.what === 'export' && show.where) show.where = withIdOf(show.where, 'JobId')
  if ((form.what === 'load' || form.what === 'export') && show.where)
    show.where = withUpperState(show.where)
  return show
}

/** SHOW TRANSACTION WHERE id = 1: the one name that is not its column's. */
const withIdOf = (where: Expression, column: string): Expression =>
  where.kind === 'binary' && where.left.kind === 'column' && /^id$/i.test(where.left.path.join('.'))
    ? { ...where, left: { ...where.left, path: [column] } }
    : where

/** SHOW LOAD WHERE STATE = "finished": the words of states are read in any case. */
const withUpperState = (where: Expression): Expression => {
  if (where.kind !== 'binary') return where
  const { left, right } = where
  if (where.operator === 'and')
    return { ...where, left: withUpperState(left), right: withUpperState(right) }
  const isState = left.kind === 'column' && /^state$/i.test(left.path.join('.'))
  return isState && right.kind === 'string'
    ? { ...where, right: { ...right, value: right.value.toUpperCase() } }
    : where
}

const readModifiers = (cursor: Cursor, show: Draft): void => {
  if (cursor.take('FULL') || cursor.take('VERBOSE')) show.full = true
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

const readObject = (cursor: Cursor, show: Draft, form: ReadForm): void => {
  switch (form.shape) {
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
      else if (takeFrom(cursor)) {
        show.name = objectName(cursor)
        show.temporary = atTemporaryPartition(cursor)
        if (show.temporary) cursor.next()
        show.partitions = parsePartitions(cursor)
      } else cursor.fail("'FROM'")
      break
    case 'text':
      show.text = string(cursor)
      break
    case 'grantee':
      if (form.what === 'create user' || cursor.take('FOR')) show.grantee = parseGrantee(cursor)
      break
    case 'nothing':
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

/** DESC table; EXPLAIN and DESC before a statement are separated by the caller. */
export const parseDescribe = (cursor: Cursor): Statement => {
  cursor.next()
  if (cursor.take('FILES')) return { kind: 'describeFiles', properties: propertyList(cursor) }
  if (cursor.take('STORAGE', 'VOLUME'))
    return { kind: 'describeVolume', name: identifierOrString(cursor) }
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
