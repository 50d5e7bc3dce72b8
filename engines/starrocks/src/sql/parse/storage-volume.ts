/** CREATE, ALTER, DROP, DESC STORAGE VOLUME and SET … AS DEFAULT STORAGE VOLUME. reference: StarRocks.g4 */
import type { Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { identifierOrString, ifExists, ifNotExists, propertyList, string } from './name.ts'

export const isVolumeStatement = (cursor: Cursor): boolean =>
  cursor.peek(1).keyword === 'STORAGE' && cursor.peek(2).keyword === 'VOLUME'

export const isDefaultVolume = (cursor: Cursor): boolean =>
  cursor.peek(1).keyword === 'AS' && cursor.peek(2).keyword === 'DEFAULT'

export const parseCreateVolume = (cursor: Cursor): Statement => {
  cursor.expect('CREATE', 'STORAGE', 'VOLUME')
  const exists = ifNotExists(cursor)
  const name = identifierOrString(cursor)
  cursor.expect('TYPE', '=')
  identifierOrString(cursor)
  cursor.expect('LOCATIONS', '=', '(')
  do string(cursor)
  while (cursor.take(','))
  cursor.expect(')')
  volumeClauses(cursor)
  return { kind: 'createVolume', name, ifNotExists: exists }
}

function volumeClauses(cursor: Cursor): void {
  if (cursor.take('COMMENT')) {
    cursor.take('=')
    string(cursor)
  }
  if (cursor.take('PROPERTIES')) propertyList(cursor)
}

export const parseAlterVolume = (cursor: Cursor): Statement => {
  cursor.expect('ALTER', 'STORAGE', 'VOLUME')
  const name = identifierOrString(cursor)
  do {
    if (cursor.take('SET')) propertyList(cursor)
    else {
      cursor.expect('COMMENT')
      cursor.take('=')
      string(cursor)
    }
  } while (cursor.take(','))
  return { kind: 'alterVolume', name }
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
