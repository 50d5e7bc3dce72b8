/** CREATE, ALTER, DROP, DESC STORAGE VOLUME and SET … AS DEFAULT STORAGE VOLUME. reference: StarRocks.g4 */
import type { Property, Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import {
  commaList,
  identifierOrString,
  ifExists,
  ifNotExists,
  optionalComment,
  optionalProperties,
  propertyList,
  string,
} from './name.ts'

export const isVolumeStatement = (cursor: Cursor): boolean =>
  cursor.peek(1).keyword === 'STORAGE' && cursor.peek(2).keyword === 'VOLUME'

export const isDefaultVolume = (cursor: Cursor): boolean =>
  cursor.peek(1).keyword === 'AS' && cursor.peek(2).keyword === 'DEFAULT'

export const parseCreateVolume = (cursor: Cursor): Statement => {
  cursor.expect('CREATE', 'STORAGE', 'VOLUME')
  const exists = ifNotExists(cursor)
  const name = identifierOrString(cursor)
  cursor.expect('TYPE', '=')
  const type = identifierOrString(cursor)
  cursor.expect('LOCATIONS', '=', '(')
  const locations = commaList(cursor, string)
  cursor.expect(')')
  const comment = optionalComment(cursor) ?? ''
  const properties = optionalProperties(cursor)
  return { kind: 'createVolume', name, ifNotExists: exists, type, locations, comment, properties }
}

export const parseAlterVolume = (cursor: Cursor): Statement => {
  cursor.expect('ALTER', 'STORAGE', 'VOLUME')
  const exists = ifExists(cursor)
  const name = identifierOrString(cursor)
  const properties: Property[] = []
  let comment: string | undefined
  do {
    if (cursor.take('SET')) properties.push(...propertyList(cursor))
    else comment = optionalComment(cursor) ?? cursor.fail('COMMENT, SET')
  } while (cursor.take(','))
  return { kind: 'alterVolume', name, ifExists: exists, comment, properties }
}

export const parseDropVolume = (cursor: Cursor): Statement => {
  cursor.expect('DROP', 'STORAGE', 'VOLUME')
  const exists = ifExists(cursor)
  return { kind: 'dropVolume', name: identifierOrString(cursor), ifExists: exists }
}

export const parseDefaultVolume = (cursor: Cursor): Statement => {
  const name = identifierOrString(cursor)
  cursor.expect('AS', 'DEFAULT', 'STORAGE', 'VOLUME')
  return { kind: 'setDefaultVolume', name }
}
