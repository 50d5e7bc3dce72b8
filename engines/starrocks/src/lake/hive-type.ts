/** Types as Hive's metastore writes them, `array<struct<a:int,b:decimal(10,2)>>`, as StarRocks has them. */
import { unsupportedByEngine } from '../sql/sql-error.ts'
import type { SqlType } from '../sql/type.ts'
import type { HiveField } from './hive-metastore.ts'
import { catalogString } from './lake-type.ts'
import type { LakeColumn } from './lake-type.ts'

/** reference: StarRocks 3.3.7, ColumnTypeConverter, fromHiveType */
const WORDS: Readonly<Record<string, SqlType>> = {
  boolean: { kind: 'boolean' },
  tinyint: { kind: 'tinyint' },
  smallint: { kind: 'smallint' },
  int: { kind: 'int' },
  integer: { kind: 'int' },
  bigint: { kind: 'bigint' },
  float: { kind: 'float' },
  double: { kind: 'double' },
  'double precision': { kind: 'double' },
  date: { kind: 'date' },
  timestamp: { kind: 'datetime' },
  string: catalogString,
  binary: { kind: 'varbinary', length: 1_048_576 },
  decimal: { kind: 'decimal', precision: 10, scale: 0 },
  numeric: { kind: 'decimal', precision: 10, scale: 0 },
}

const DEPTH_MAX = 32
const CHARACTERS_MAX = 65_536

export function hiveColumn({ name, type: written, comment }: HiveField): LakeColumn {
  const refuse = () =>
    unsupportedByEngine(
      `The type ${written.slice(0, 100)} of the column '${name.slice(0, 200)}' of an external table`,
    )
  if (written.length > CHARACTERS_MAX) throw refuse()
  const reader = { text: written, at: 0, refuse }
  const type = typeIn(reader, 0)
  if (reader.at < written.length) throw refuse()
  return { name, type, comment, stored: undefined }
}

interface Reader {
  readonly text: string
  at: number
  readonly refuse: () => Error
}

function typeIn(reader: Reader, depth: number): SqlType {
  if (depth > DEPTH_MAX) throw reader.refuse()
  const word = taken(reader, /[a-z_]+( precision)?/iy).toLowerCase()
  if (word === 'array' || word === 'map' || word === 'struct') return nested(reader, word, depth)
  const sized = sizedType(reader, word)
  if (sized) return sized
  const type = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  // Files hold moments of a zone, which nobody would convert inside another type.
  if (!type || (depth > 0 && type.kind === 'datetime')) throw reader.refuse()
  return type
}

function nested(reader: Reader, word: 'array' | 'map' | 'struct', depth: number): SqlType {
  taken(reader, /</y)
  const inner = () => typeIn(reader, depth + 1)
  let type: SqlType
  if (word === 'array') type = { kind: 'array', element: inner() }
  else if (word === 'map') {
    const key = inner()
    taken(reader, /, */y)
    type = { kind: 'map', key, value: inner() }
  } else {
    const fields: { name: string; type: SqlType }[] = []
    do {
      const name = taken(reader, /[^:<>,]+:/y).slice(0, -1)
      fields.push({ name, type: inner() })
    } while (isNext(reader, /, */y))
    type = { kind: 'struct', fields }
  }
  taken(reader, />/y)
  return type
}

/** With numbers in parentheses. */
function sizedType(reader: Reader, word: string): SqlType | undefined {
  if (word === 'decimal' || word === 'numeric') {
    if (!isNext(reader, /\(/y)) return undefined
    const precision = Number(taken(reader, /\d{1,2}/y))
    const scale = isNext(reader, /, */y) ? Number(taken(reader, /\d{1,2}/y)) : 0
    taken(reader, /\)/y)
    if (precision < 1 || precision > 38 || scale > precision) throw reader.refuse()
    return { kind: 'decimal', precision, scale }
  }
  if (word !== 'char' && word !== 'varchar') return undefined
  const length = Number(taken(reader, /\(\d{1,7}\)/y).slice(1, -1))
  return { kind: word, length }
}

function taken(reader: Reader, pattern: RegExp): string {
  const { text, at } = reader
  pattern.lastIndex = at
  const [found] = pattern.exec(text) ?? []
  if (found === undefined) throw reader.refuse()
  reader.at += found.length
  return found
}

function isNext(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at
  const [found] = pattern.exec(reader.text) ?? []
  reader.at += found?.length ?? 0
  return found !== undefined
}
