/** Names, strings, numbers and properties: the small pieces that every statement family shares. */
import type { ObjectName, Property } from '../ast.ts'
import type { Cursor } from './cursor.ts'

/** Words that cannot be a bare identifier; StarRocks' reserved list, less those that harm nothing here. */
const reserved: ReadonlySet<string> = new Set(
  `ALL ALTER ANALYZE AND AS ASC BETWEEN BY CASE CHECK COLLATE CONVERT CREATE CROSS CUBE CURRENT_DATE CURRENT_ROLE CURRENT_TIME
  CURRENT_TIMESTAMP CURRENT_USER DEFAULT DELETE DESC DESCRIBE DISTINCT DROP DUAL ELSE EXCEPT EXISTS EXPLAIN FALSE FOR FORCE FROM
  FULL GRANT GROUP GROUPING GROUPING_ID HAVING IGNORE IN INNER INSERT INTERSECT INTO IS JOIN KILL LATERAL LEFT LIKE
  LIMIT LOCALTIME LOCALTIMESTAMP MAXVALUE MINUS NOT NULL ON OR ORDER OUTER OUTFILE OVER PARTITION PRIMARY PROCEDURE QUALIFY
  REGEXP REVOKE RIGHT RLIKE SELECT SET SHOW TABLE THEN TO TRUE UNION UNIQUE UPDATE USE USING VALUES WHEN WHERE WITH XOR DIV`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

export const isReserved = (keyword: string): boolean => reserved.has(keyword)

export const atIdentifier = (cursor: Cursor, ahead = 0): boolean => {
  const token = cursor.peek(ahead)
  return token.kind === 'quoted' || (token.kind === 'word' && !reserved.has(token.keyword))
}

export const identifier = (cursor: Cursor): string =>
  atIdentifier(cursor) ? cursor.next().text : cursor.fail('a legal identifier')

/** After a dot any word is a name. */
const dottedIdentifier = (cursor: Cursor): string => {
  const token = cursor.peek()
  if (token.kind === 'word' || token.kind === 'quoted') return cursor.next().text
  return cursor.fail('a legal identifier')
}

export const qualifiedParts = (cursor: Cursor): readonly string[] => {
  const parts = [identifier(cursor)]
  while (cursor.is('.') && !cursor.is('.', '*')) {
    cursor.next()
    parts.push(dottedIdentifier(cursor))
  }
  return parts
}

export const objectName = (cursor: Cursor): ObjectName => {
  const at = cursor.peek().start
  const parts = qualifiedParts(cursor)
  if (parts.length > 3) cursor.refuse(`Invalid table name ${parts.join('.')}.`, at)
  return { parts, at }
}

export const string = (cursor: Cursor): string =>
  cursor.peek().kind === 'string' ? cursor.next().text : cursor.fail('a string')

export const identifierOrString = (cursor: Cursor): string =>
  cursor.peek().kind === 'string' ? cursor.next().text : identifier(cursor)

/** Names that may be spelled by any word: variables, configuration keys, charsets. */
export const wordOrString = (cursor: Cursor): string => {
  const token = cursor.peek()
  if (token.kind === 'word' || token.kind === 'quoted' || token.kind === 'string') {
    return cursor.next().text
  }
  return cursor.fail('a legal identifier')
}

/** A whole number that fits a JavaScript integer. */
export const integer = (cursor: Cursor): number => {
  const token = cursor.peek()
  if (token.kind !== 'integer') return cursor.fail('a number')
  const value = Number(token.text)
  if (!Number.isSafeInteger(value)) return cursor.refuse(`The number ${token.text} is too large.`)
  cursor.next()
  return value
}

/** StarRocks' default for expr_children_limit; here it holds for every list, and is also its bound on a table's columns. */
export const maxListItems = 10_000

/** What is too long is refused at the first item too many, and the rest is not read. */
export const commaList = <T>(cursor: Cursor, item: (cursor: Cursor) => T): readonly T[] => {
  const items = [item(cursor)]
  while (cursor.take(',')) {
    if (items.length >= maxListItems) refuseChildren(cursor, items.length + 1)
    items.push(item(cursor))
  }
  return items
}

/** reference: StarRocks, TokenNumberListener. */
export const refuseChildren = (cursor: Cursor, count: number): never =>
  cursor.refuse(`Expression child number ${count} exceeded the maximum ${maxListItems}.`)

export const parenthesized = <T>(cursor: Cursor, item: (cursor: Cursor) => T): readonly T[] => {
  cursor.expect('(')
  const items = commaList(cursor, item)
  cursor.expect(')')
  return items
}

export const identifierList = (cursor: Cursor): readonly string[] =>
  parenthesized(cursor, identifier)

const property = (cursor: Cursor): Property => {
  const name = wordOrString(cursor)
  cursor.expect('=')
  const token = cursor.peek()
  if (token.kind === 'integer' || token.kind === 'decimal')
    return { name, value: cursor.next().text }
  return { name, value: wordOrString(cursor) }
}

/** `("a" = "b", …)` */
export const propertyList = (cursor: Cursor): readonly Property[] => {
  cursor.expect('(')
  if (cursor.take(')')) return []
  const items = commaList(cursor, property)
  cursor.expect(')')
  return items
}

export const barePropertyList = (cursor: Cursor): readonly Property[] => commaList(cursor, property)

export const optionalProperties = (cursor: Cursor): readonly Property[] =>
  cursor.take('PROPERTIES') ? propertyList(cursor) : []

export const optionalComment = (cursor: Cursor): string | undefined => {
  if (!cursor.take('COMMENT')) return undefined
  cursor.take('=')
  return string(cursor)
}

export const ifNotExists = (cursor: Cursor): boolean => cursor.take('IF', 'NOT', 'EXISTS')

export const ifExists = (cursor: Cursor): boolean => cursor.take('IF', 'EXISTS')
