/** CREATE, ALTER and DROP RESOURCE GROUP. reference: StarRocks.g4 */
import type { Expression, Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './grammar.ts'
import { commaList, identifier, ifNotExists, integer, parenthesized, propertyList } from './name.ts'

export const isResourceGroupStatement = (cursor: Cursor): boolean =>
  cursor.peek(1).keyword === 'RESOURCE' && cursor.peek(2).keyword === 'GROUP'

const parseClassifiers = (cursor: Cursor): readonly (readonly Expression[])[] =>
  commaList(cursor, (inner) => parenthesized(inner, parseExpression))

export const parseCreateResourceGroup = (cursor: Cursor): Statement => {
  cursor.expect('CREATE', 'RESOURCE', 'GROUP')
  const exists = ifNotExists(cursor)
  const replace = cursor.take('OR', 'REPLACE')
  const name = identifier(cursor)
  const classifiers = cursor.take('TO') ? parseClassifiers(cursor) : []
  cursor.expect('WITH')
  const properties = propertyList(cursor)
  return {
    kind: 'createResourceGroup',
    name,
    ifNotExists: exists,
    replace,
    classifiers,
    properties,
  }
}

export const parseAlterResourceGroup = (cursor: Cursor): Statement => {
  cursor.expect('ALTER', 'RESOURCE', 'GROUP')
  const head = { kind: 'alterResourceGroup', name: identifier(cursor) } as const
  if (cursor.take('ADD'))
    return { ...head, change: { kind: 'add', classifiers: parseClassifiers(cursor) } }
  if (cursor.take('DROP', 'ALL')) return { ...head, change: { kind: 'drop', ids: 'all' } }
  if (cursor.take('DROP'))
    return { ...head, change: { kind: 'drop', ids: parenthesized(cursor, integer) } }
  cursor.expect('WITH')
  return { ...head, change: { kind: 'with', properties: propertyList(cursor) } }
}

export const parseDropResourceGroup = (cursor: Cursor): Statement => {
  cursor.expect('DROP', 'RESOURCE', 'GROUP')
  return { kind: 'dropResourceGroup', name: identifier(cursor) }
}
