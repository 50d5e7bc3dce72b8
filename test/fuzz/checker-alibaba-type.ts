/**
 * Types of Alibaba Cloud's wire as the documents and its clients have them: members in any case, absent, null and empty are one,
 * numbers may be texts and texts numbers, lists and objects may come as JSON in a text, unknown members are ignored
 * (reference: alibaba-starrocks.md 4.2, 9.3).
 */
import { type Fields, type Notes } from './verdict.ts'

export interface CheckedRecord {
  /** By their names in lower case. */
  readonly fields: ReadonlyMap<string, unknown>
  readonly at: string
  readonly notes: Notes
}

export function fieldsOf(given: Fields, at: string, it: Notes): CheckedRecord {
  const fields = new Map<string, unknown>()
  for (const [name, value] of Object.entries(given)) {
    const folded = name.toLowerCase()
    if (fields.has(folded)) it.open(`${at}${name} in two spellings`)
    if (value !== undefined && value !== null && value !== '') fields.set(folded, value)
  }
  return { fields, at, notes: it }
}

function valueOf(read: CheckedRecord, name: string, needed: boolean): unknown {
  const value = read.fields.get(name.toLowerCase())
  if (value === undefined && needed) read.notes.wrong(`${read.at}${name} is missing`)
  return value
}

export function text(read: CheckedRecord, name: string, needed: boolean): string | undefined {
  const value = valueOf(read, name, needed)
  if (value === undefined || typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  read.notes.wrong(`${read.at}${name} is no text`)
  return undefined
}

export function integer(read: CheckedRecord, name: string, needed: boolean): number | undefined {
  const value = valueOf(read, name, needed)
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
  if (typeof value === 'string' && /^-?\d+(\.0+)?$|^null$/.test(value)) {
    read.notes.open(`${read.at}${name} is ${value}`)
    return undefined
  }
  read.notes.wrong(`${read.at}${name} is no whole number`)
  return undefined
}

export function boolean(read: CheckedRecord, name: string): boolean | undefined {
  const value = valueOf(read, name, false)
  if (value === undefined || typeof value === 'boolean') return value
  if (typeof value === 'string' && /^(true|false)$/i.test(value))
    return value.toLowerCase() === 'true'
  read.notes.wrong(`${read.at}${name} is neither true nor false`)
  return undefined
}

export function list(
  read: CheckedRecord,
  name: string,
  needed: boolean,
): readonly unknown[] | undefined {
  const value = valueOf(read, name, needed)
  if (value === undefined || Array.isArray(value)) return value as unknown[] | undefined
  if (typeof value === 'string' || isFlat(value))
    read.notes.open(`${read.at}${name} is written otherwise`)
  else read.notes.wrong(`${read.at}${name} is no list`)
  return undefined
}

/** `Tag.1`, `Tag.2` arrive as an object with numbers for names. */
function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const names = Object.keys(value)
  return names.length > 0 && names.every((name) => /^\d+$/.test(name))
}

export interface Choice {
  readonly needed: boolean
  readonly values: readonly string[]
  readonly anyCase?: boolean
}

export function choice(read: CheckedRecord, name: string, it: Choice): string | undefined {
  const value = text(read, name, it.needed)
  if (value === undefined || it.values.includes(value)) return value
  const folded = it.values.find((each) => each.toLowerCase() === value.toLowerCase())
  if (folded !== undefined && it.anyCase === true) return folded
  if (folded !== undefined) read.notes.open(`${read.at}${name} in another case`)
  else read.notes.wrong(`${read.at}${name} is ${value.slice(0, 40)}`)
  return folded
}

export function form(
  read: CheckedRecord,
  name: string,
  needed: boolean,
  looks: RegExp,
): string | undefined {
  const value = text(read, name, needed)
  if (value !== undefined && !looks.test(value))
    read.notes.wrong(`${read.at}${name} is ${value.slice(0, 40)}`)
  return value
}
