/** GRANT and REVOKE of privileges and roles. */
import type { ObjectName, Statement } from '../ast.ts'
import type { Grantee, PrivilegeObject, PrivilegeTarget } from '../ast-session.ts'
import type { Cursor } from './cursor.ts'
import { commaList, identifierOrString, wordOrString } from './name.ts'
import { parseUser } from './user.ts'

const verbs: readonly string[] = [
  'CREATE DATABASE',
  'CREATE TABLE',
  'CREATE VIEW',
  'CREATE FUNCTION',
  'CREATE GLOBAL FUNCTION',
  'CREATE MATERIALIZED VIEW',
  'CREATE RESOURCE GROUP',
  'CREATE RESOURCE',
  'CREATE EXTERNAL CATALOG',
  'CREATE STORAGE VOLUME',
  'CREATE WAREHOUSE',
  'CREATE POLICY',
  'CREATE PIPE',
  'CREATE MASKING POLICY',
  'CREATE ROW ACCESS POLICY',
  'ALL PRIVILEGES',
  'ALL',
  'ALTER',
  'APPLY',
  'BLACKLIST',
  'DELETE',
  'DROP',
  'EXPORT',
  'FILE',
  'IMPERSONATE',
  'INSERT',
  'GRANT',
  'NODE',
  'OPERATE',
  'PLUGIN',
  'REPOSITORY',
  'REFRESH',
  'SELECT',
  'SECURITY',
  'UPDATE',
  'USAGE',
]

const parseVerb = (cursor: Cursor): string => {
  const verb = verbs.find((words) => cursor.take(...words.split(' '))) ?? cursor.fail('a privilege')
  if (cursor.is('(')) cursor.refuse('Privileges on columns are not supported.')
  return verb === 'ALL PRIVILEGES' ? 'ALL' : verb
}

/** In the order they must be tried: longer before shorter. */
const objects: readonly (readonly [words: string, object: PrivilegeObject])[] = [
  ['MATERIALIZED VIEW', 'materialized view'],
  ['RESOURCE GROUP', 'resource group'],
  ['STORAGE VOLUME', 'storage volume'],
  ['GLOBAL FUNCTION', 'global function'],
  ['CATALOG', 'catalog'],
  ['DATABASE', 'database'],
  ['FUNCTION', 'function'],
  ['RESOURCE', 'resource'],
  ['WAREHOUSE', 'warehouse'],
  ['TABLE', 'table'],
  ['VIEW', 'view'],
  ['USER', 'user'],
]

/** At `GRANT` or `REVOKE`. A role grant has no ON. */
export const parseGrant = (cursor: Cursor): Statement => {
  const grant = cursor.next().keyword === 'GRANT'
  if (!holdsOn(cursor)) return parseRoleGrant(cursor, grant)
  const privileges = commaList(cursor, parseVerb)
  cursor.expect('ON')
  const target = parseTarget(cursor)
  cursor.expect(grant ? 'TO' : 'FROM')
  const grantee = parseGrantee(cursor)
  const withGrantOption = grant && cursor.take('WITH', 'GRANT', 'OPTION')
  return {
    kind: grant ? 'grantPrivilege' : 'revokePrivilege',
    privileges,
    target,
    grantee,
    withGrantOption,
  }
}

const holdsOn = (cursor: Cursor): boolean => {
  for (let ahead = 0; ; ahead += 1) {
    const token = cursor.peek(ahead)
    if (token.keyword === 'ON') return true
    if (token.kind === 'end' || [';', 'TO', 'FROM'].includes(token.keyword)) return false
  }
}

const parseRoleGrant = (cursor: Cursor, grant: boolean): Statement => {
  const roles = commaList(cursor, identifierOrString)
  cursor.expect(grant ? 'TO' : 'FROM')
  return {
    kind: grant ? 'grantRole' : 'revokeRole',
    roles,
    grantees: commaList(cursor, parseGrantee),
  }
}

export const parseGrantee = (cursor: Cursor): Grantee => {
  if (cursor.is('ROLE') && cursor.peek(1).kind !== 'end' && cursor.peek(1).keyword !== '@') {
    cursor.next()
    return { kind: 'role', role: identifierOrString(cursor) }
  }
  if (cursor.is('USER') && ['word', 'string', 'quoted'].includes(cursor.peek(1).kind)) cursor.next()
  return { kind: 'user', user: parseUser(cursor) }
}

const parseTarget = (cursor: Cursor): PrivilegeTarget => {
  if (cursor.take('SYSTEM'))
    return { object: 'system', all: false, inDatabase: undefined, names: [] }
  if (cursor.take('ALL')) return parseAllTarget(cursor)
  if (cursor.is('USER') && cursor.peek(1).keyword !== '.') {
    cursor.next()
    const names = commaList(cursor, (inner) => {
      const at = inner.peek().start
      const { user, host } = parseUser(inner)
      return { parts: [user, host], at }
    })
    return { object: 'user', all: false, inDatabase: undefined, names }
  }
  const found = objects.find(
    ([words]) =>
      cursor.peek(words.split(' ').length).keyword !== '.' && cursor.take(...words.split(' ')),
  )
  const object = found?.[1] ?? 'table'
  if (object.endsWith('function')) cursor.refuse('Privileges on functions are not supported.')
  return { object, all: false, inDatabase: undefined, names: commaList(cursor, parseObjectName) }
}

const parseAllTarget = (cursor: Cursor): PrivilegeTarget => {
  const found = objects.find(([words]) => takePlural(cursor, words))
  if (found === undefined) return cursor.fail('TABLES, VIEWS, DATABASES')
  let inDatabase: string | undefined
  if (cursor.take('IN') && !cursor.take('ALL', 'DATABASES')) {
    cursor.expect('DATABASE')
    inDatabase = identifierOrString(cursor)
  }
  return { object: found[1], all: true, inDatabase, names: [] }
}

const takePlural = (cursor: Cursor, words: string): boolean =>
  cursor.take(...`${words}S`.split(' '))

const parseObjectName = (cursor: Cursor): ObjectName => {
  const at = cursor.peek().start
  const parts = [parsePart(cursor)]
  while (cursor.take('.')) parts.push(parsePart(cursor))
  return { parts, at }
}

const parsePart = (cursor: Cursor): string => (cursor.take('*') ? '*' : wordOrString(cursor))
