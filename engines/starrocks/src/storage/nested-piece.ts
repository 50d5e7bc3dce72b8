/** The text of an array, map or struct in pieces: one value may have millions of members, and others have their turns between. */
import { DuckDBListVector, DuckDBMapVector, DuckDBStructVector } from '@duckdb/node-api'
import type { DuckDBVector } from '@duckdb/node-api'
import type { SqlType } from '../sql/type.ts'
import { mapKeyValue, nameText, nestedText } from './value-text.ts'

/** So many members without parts of their own are one bunch. */
const MEMBERS = 512
/** Pieces shorter than this go together. */
const PIECE_CHARACTERS = 8_192

/** The value at a place of a vector, null where it is NULL; yields now and then. */
export function* nestedTextInPieces(
  vector: DuckDBVector,
  at: number,
  type: SqlType,
): Generator<void, string | null> {
  if (isNull(vector, at)) return null
  const parts: string[] = []
  let gathered: string[] = []
  let length = 0
  for (const piece of pieces(vector, at, type)) {
    gathered.push(piece)
    length += piece.length
    if (length < PIECE_CHARACTERS) continue
    parts.push(gathered.join(''))
    gathered = []
    length = 0
    yield
  }
  return [...parts, ...gathered].join('')
}

function isNull(vector: DuckDBVector, at: number): boolean {
  if (vector instanceof DuckDBListVector) return vector.getItemVector(at) === null
  if (vector instanceof DuckDBStructVector) return !vector.isItemValid(at)
  if (vector instanceof DuckDBMapVector) return entriesAt(vector, at) === null
  return vector.getItem(at) === null
}

function* pieces(vector: DuckDBVector, at: number, type: SqlType): Generator<string, void> {
  if (type.kind === 'array' && vector instanceof DuckDBListVector) {
    const items = vector.getItemVector(at)
    if (items) yield* members(items, type.element)
    else yield 'null'
  } else if (type.kind === 'struct' && vector instanceof DuckDBStructVector) {
    if (vector.isItemValid(at)) yield* fields(vector, at, type.fields)
    else yield 'null'
  } else if (type.kind === 'map' && vector instanceof DuckDBMapVector) {
    const entries = entriesAt(vector, at)
    if (entries) yield* entriesOf(entries, type)
    else yield 'null'
  } else yield nestedText(vector.getItem(at), type)
}

const isLeaf = ({ kind }: SqlType): boolean => !['array', 'map', 'struct'].includes(kind)

function* members(items: DuckDBVector, element: SqlType): Generator<string, void> {
  yield '['
  if (isLeaf(element))
    yield* inBunches(items.itemCount, (at) => nestedText(items.getItem(at), element))
  else
    for (let at = 0; at < items.itemCount; at += 1) {
      if (at > 0) yield ','
      yield* pieces(items, at, element)
    }
  yield ']'
}

/** Some members together, or few that are long. */
function* inBunches(count: number, textAt: (at: number) => string): Generator<string, void> {
  for (let at = 0; at < count;) {
    const bunch: string[] = at > 0 ? [''] : []
    let length = 0
    for (; at < count && bunch.length <= MEMBERS && length < PIECE_CHARACTERS; at += 1) {
      const text = textAt(at)
      bunch.push(text)
      length += text.length
    }
    yield bunch.join(',')
  }
}

function* fields(
  vector: DuckDBStructVector,
  at: number,
  named: Extract<SqlType, { kind: 'struct' }>['fields'],
): Generator<string, void> {
  yield '{'
  for (const [index, { name, type }] of named.entries()) {
    yield `${index > 0 ? ',' : ''}${nameText(name)}:`
    yield* pieces(vector.entryVectorAt(index), at, type)
  }
  yield '}'
}

/** Of a map; its one class to read entries with makes all of them at once. */
function entriesAt(vector: DuckDBMapVector, at: number): DuckDBStructVector | null {
  const entries = vector['listVector'].getItemVector(at)
  return entries instanceof DuckDBStructVector ? entries : null
}

function* entriesOf(
  entries: DuckDBStructVector,
  { key, value }: Extract<SqlType, { kind: 'map' }>,
): Generator<string, void> {
  const [keys, values] = [entries.entryVectorAt(0), entries.entryVectorAt(1)]
  const keyText = (at: number): string => nestedText(mapKeyValue(keys.getItem(at)), key)
  yield '{'
  if (isLeaf(value))
    yield* inBunches(
      entries.itemCount,
      (at) => `${keyText(at)}:${nestedText(values.getItem(at), value)}`,
    )
  else
    for (let at = 0; at < entries.itemCount; at += 1) {
      yield `${at > 0 ? ',' : ''}${keyText(at)}:`
      yield* pieces(values, at, value)
    }
  yield '}'
}
