/** SET in all its forms, USE and KILL. */
import type { Expression, Statement } from '../ast.ts'
import type { SetItem } from '../ast-session.ts'
import type { Cursor } from './cursor.ts'
import { isDefaultVolume, parseDefaultVolume } from './storage-volume.ts'
import { parseExpression } from './grammar.ts'
import {
  barePropertyList,
  commaList,
  identifier,
  identifierOrString,
  string,
  wordOrString,
} from './name.ts'
import { parseRoleSelection, parseUser } from './user.ts'

export const parseSet = (cursor: Cursor): Statement => {
  cursor.expect('SET')
  if (cursor.is('PASSWORD') && cursor.peek(1).keyword !== ',') return parseSetPassword(cursor)
  if (cursor.take('ROLE')) return { kind: 'setRole', roles: parseRoleSelection(cursor) }
  if (cursor.take('DEFAULT', 'ROLE')) {
    const roles = parseRoleSelection(cursor)
    cursor.expect('TO')
    return { kind: 'setDefaultRole', roles, users: commaList(cursor, parseUser) }
  }
  if (cursor.is('PROPERTY') && cursor.peek(1).keyword !== '=') {
    cursor.next()
    const user = cursor.take('FOR') ? identifierOrString(cursor) : undefined
    return { kind: 'setProperty', user, properties: barePropertyList(cursor) }
  }
  if (cursor.is('CATALOG') && cursor.peek(1).keyword !== '=') {
    cursor.next()
    return { kind: 'setCatalog', catalog: identifierOrString(cursor) }
  }
  if (isDefaultVolume(cursor)) return parseDefaultVolume(cursor)
  return { kind: 'set', items: commaList(cursor, parseItem) }
}

const parseSetPassword = (cursor: Cursor): Statement => {
  cursor.expect('PASSWORD')
  const user = cursor.take('FOR') ? parseUser(cursor) : undefined
  cursor.expect('=')
  if (!cursor.take('PASSWORD'))
    return { kind: 'setPassword', user, by: 'hash', text: string(cursor) }
  cursor.expect('(')
  const text = string(cursor)
  cursor.expect(')')
  return { kind: 'setPassword', user, by: 'password', text }
}

const parseItem = (cursor: Cursor): SetItem => {
  if (cursor.take('NAMES')) {
    const charset = charsetName(cursor)
    return {
      kind: 'names',
      charset,
      collation: cursor.take('COLLATE') ? charsetName(cursor) : undefined,
    }
  }
  if (cursor.take('CHARSET') || cursor.take('CHARACTER', 'SET') || cursor.take('CHAR', 'SET')) {
    return { kind: 'charset', charset: charsetName(cursor) }
  }
  if (cursor.take('@@')) return parseSystem(cursor)
  if (cursor.take('@')) {
    const name = wordOrString(cursor)
    if (cursor.is(':=')) cursor.refuse("Assignment by ':=' is not supported.")
    cursor.expect('=')
    return { kind: 'user', name, value: parseExpression(cursor) }
  }
  const scope = takeScope(cursor)
  if (cursor.is('TRANSACTION') && cursor.peek(1).keyword !== '=')
    return parseTransaction(cursor, scope)
  if (cursor.is('WAREHOUSE') && cursor.peek(1).keyword !== '=') {
    cursor.next()
    const value = { kind: 'string', value: identifierOrString(cursor) } as const
    return { kind: 'system', scope: scope ?? 'session', name: 'warehouse', value }
  }
  return assign(cursor, scope ?? 'session')
}

const charsetName = (cursor: Cursor): string | undefined =>
  cursor.take('DEFAULT') ? undefined : wordOrString(cursor)

const takeScope = (cursor: Cursor): 'session' | 'global' | undefined => {
  if (cursor.peek(1).kind === 'symbol') return undefined
  if (cursor.take('GLOBAL')) return 'global'
  if (cursor.is('PERSIST') || cursor.is('PERSIST_ONLY'))
    cursor.refuse('SET PERSIST is not supported.')
  return cursor.take('SESSION') || cursor.take('LOCAL') ? 'session' : undefined
}

/** After `@@`. */
const parseSystem = (cursor: Cursor): SetItem => {
  if (cursor.take('GLOBAL', '.')) return assign(cursor, 'global')
  if (!cursor.take('SESSION', '.')) cursor.take('LOCAL', '.')
  return assign(cursor, 'session')
}

const assign = (cursor: Cursor, scope: 'session' | 'global'): SetItem => {
  const name = wordOrString(cursor)
  if (cursor.is(':=')) cursor.refuse("Assignment by ':=' is not supported.")
  cursor.expect('=')
  return { kind: 'system', scope, name, value: parseSetting(cursor) }
}

const parseSetting = (cursor: Cursor): Expression => {
  if (cursor.take('DEFAULT')) return { kind: 'default' }
  const token = cursor.peek()
  const ends = [',', ';', ''].includes(cursor.peek(1).keyword) && cursor.peek(1).kind !== 'string'
  const bare = token.kind === 'word' && !['NULL', 'TRUE', 'FALSE'].includes(token.keyword)
  if (bare && ends) return { kind: 'string', value: cursor.next().text }
  return parseExpression(cursor)
}

const isolations = ['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']

const parseTransaction = (cursor: Cursor, scope: 'session' | 'global' | undefined): SetItem => {
  cursor.expect('TRANSACTION')
  let isolation: string | undefined
  let access: 'read only' | 'read write' | undefined
  do {
    if (cursor.take('READ', 'ONLY')) access = 'read only'
    else if (cursor.take('READ', 'WRITE')) access = 'read write'
    else {
      cursor.expect('ISOLATION', 'LEVEL')
      isolation =
        isolations.find((level) => cursor.take(...level.split(' '))) ??
        cursor.fail('an isolation level')
    }
  } while (cursor.take(','))
  return { kind: 'transaction', scope, isolation, access }
}

export const parseUse = (cursor: Cursor): Statement => {
  cursor.expect('USE')
  if (cursor.peek().kind === 'string') {
    // `USE 'catalog default_catalog'`
    const [word, catalog, more] = string(cursor).trim().split(/\s+/)
    if (word?.toLowerCase() !== 'catalog' || catalog === undefined || more !== undefined)
      cursor.refuse('Invalid catalog in USE.')
    return { kind: 'use', catalog, database: undefined }
  }
  if (cursor.is('CATALOG') && cursor.peek(1).kind === 'word') {
    cursor.next()
    return { kind: 'use', catalog: identifier(cursor), database: undefined }
  }
  const first = identifier(cursor)
  return cursor.take('.')
    ? { kind: 'use', catalog: first, database: identifier(cursor) }
    : { kind: 'use', catalog: undefined, database: first }
}

export const parseKill = (cursor: Cursor): Statement => {
  cursor.expect('KILL')
  if (cursor.is('ANALYZE')) {
    cursor.next()
    return { kind: 'killAnalyze', id: Number(cursor.next().text) }
  }
  const what = cursor.take('QUERY') ? 'query' : 'connection'
  if (what === 'connection') cursor.take('CONNECTION')
  return { kind: 'kill', what, id: parseExpression(cursor) }
}
