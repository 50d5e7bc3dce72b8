/** Users and roles: CREATE, ALTER, DROP. */
import type { Property, Statement } from '../ast.ts'
import type { UserIdentity } from '../../session.ts'
import type { Authentication, RoleSelection } from '../ast-session.ts'
import { unsupportedByEngine } from '../sql-error.ts'
import type { Cursor } from './cursor.ts'
import {
  commaList,
  identifierOrString,
  ifExists,
  ifNotExists,
  propertyList,
  string,
  wordOrString,
} from './name.ts'

export const parseUser = (cursor: Cursor): UserIdentity => {
  if (cursor.take('CURRENT_USER')) {
    cursor.take('(', ')')
    return { user: 'CURRENT_USER()', host: '' }
  }
  const user = identifierOrString(cursor)
  if (!cursor.take('@')) return { user, host: '%' }
  // Whoever answers for the domain at the name servers would decide who is let in.
  if (cursor.take('[')) {
    const domain = identifierOrString(cursor)
    cursor.expect(']')
    throw unsupportedByEngine(`A user bound to a domain (['${domain}'])`)
  }
  return { user, host: identifierOrString(cursor) }
}

export const parseRoleSelection = (cursor: Cursor): RoleSelection => {
  if (cursor.take('NONE')) return { kind: 'none' }
  if (cursor.take('DEFAULT')) return { kind: 'default' }
  if (cursor.take('ALL')) {
    return {
      kind: 'all',
      except: cursor.take('EXCEPT') ? commaList(cursor, identifierOrString) : [],
    }
  }
  return { kind: 'list', roles: commaList(cursor, identifierOrString) }
}

const parseAuthentication = (cursor: Cursor): Authentication | undefined => {
  if (!cursor.take('IDENTIFIED')) return undefined
  if (cursor.take('BY')) {
    const hashed = cursor.take('PASSWORD')
    return { plugin: undefined, by: hashed ? 'hash' : 'password', text: string(cursor) }
  }
  cursor.expect('WITH')
  const plugin = wordOrString(cursor).toLowerCase()
  if (cursor.take('BY')) return { plugin, by: 'password', text: string(cursor) }
  if (cursor.take('AS')) return { plugin, by: 'hash', text: string(cursor) }
  return { plugin, by: 'none', text: undefined }
}

const parseUserProperties = (cursor: Cursor): readonly Property[] =>
  cursor.take('PROPERTIES') ? propertyList(cursor) : []

export const parseCreateUser = (cursor: Cursor): Statement => {
  cursor.expect('CREATE', 'USER')
  const exists = ifNotExists(cursor)
  const user = parseUser(cursor)
  const authentication = parseAuthentication(cursor)
  const defaultRoles = cursor.take('DEFAULT', 'ROLE') ? commaList(cursor, identifierOrString) : []
  return {
    kind: 'createUser',
    user,
    ifNotExists: exists,
    authentication,
    defaultRoles,
    properties: parseUserProperties(cursor),
  }
}

export const parseAlterUser = (cursor: Cursor): Statement => {
  cursor.expect('ALTER', 'USER')
  const exists = ifExists(cursor)
  const user = parseUser(cursor)
  const authentication = parseAuthentication(cursor)
  let defaultRoles: RoleSelection | undefined
  if (cursor.take('DEFAULT', 'ROLE')) defaultRoles = parseRoleSelection(cursor)
  if (cursor.take('SET')) cursor.expect('PROPERTIES')
  else if (!cursor.take('PROPERTIES')) {
    if (authentication === undefined && defaultRoles === undefined)
      cursor.fail("'IDENTIFIED', 'DEFAULT'")
    return {
      kind: 'alterUser',
      user,
      ifExists: exists,
      authentication,
      defaultRoles,
      properties: [],
    }
  }
  return {
    kind: 'alterUser',
    user,
    ifExists: exists,
    authentication,
    defaultRoles,
    properties: propertyList(cursor),
  }
}

export const parseDropUser = (cursor: Cursor): Statement => {
  cursor.expect('DROP', 'USER')
  const exists = ifExists(cursor)
  return { kind: 'dropUser', users: commaList(cursor, parseUser), ifExists: exists }
}

export const parseCreateRole = (cursor: Cursor): Statement => {
  cursor.expect('CREATE', 'ROLE')
  const exists = ifNotExists(cursor)
  const roles = commaList(cursor, identifierOrString)
  const comment = cursor.take('COMMENT') ? string(cursor) : undefined
  return { kind: 'createRole', roles, ifNotExists: exists, comment }
}

export const parseAlterRole = (cursor: Cursor): Statement => {
  cursor.expect('ALTER', 'ROLE')
  const exists = ifExists(cursor)
  const roles = commaList(cursor, identifierOrString)
  cursor.expect('SET', 'COMMENT')
  cursor.expect('=')
  return { kind: 'alterRole', roles, ifExists: exists, comment: string(cursor) }
}

export const parseDropRole = (cursor: Cursor): Statement => {
  cursor.expect('DROP', 'ROLE')
  const exists = ifExists(cursor)
  return { kind: 'dropRole', roles: commaList(cursor, identifierOrString), ifExists: exists }
}
