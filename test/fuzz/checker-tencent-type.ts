/**
 * Types of Tencent Cloud's wire as the documents have them: texts are texts, whole numbers may come as digits in a text, null is
 * as good as nothing, and a member that is not declared is refused (reference: tencent-emr.md 2.3, 6.1, 6.7).
 */
import { isObject, type Fields, type Notes } from './verdict.ts'

export interface CheckedRecord {
  /** Where this object stands, for reasons. */
  readonly at: string
  readonly notes: Notes
}

/** The value; undefined when there is none. */
function field(fields: Fields, name: string, read: CheckedRecord, needed: boolean): unknown {
  const value = fields[name]
  if (value !== undefined && value !== null) return value
  if (needed) read.notes.wrong(`${read.at}${name} is missing`)
  return undefined
}

export function integer(
  fields: Fields,
  name: string,
  read: CheckedRecord,
  needed: boolean,
): number | undefined {
  const value = field(fields, name, read, needed)
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
  // 1.0 and the like: no document says.
  if (typeof value === 'string' && /^-?\d+(\.0+)?$/.test(value)) {
    read.notes.open(`${read.at}${name} is ${value}`)
    return undefined
  }
  read.notes.wrong(`${read.at}${name} is no whole number`)
  return undefined
}

export function text(
  fields: Fields,
  name: string,
  read: CheckedRecord,
  needed: boolean,
): string | undefined {
  const value = field(fields, name, read, needed)
  if (value === undefined || typeof value === 'string') return value
  read.notes.wrong(`${read.at}${name} is no text`)
  return undefined
}

export function list(
  fields: Fields,
  name: string,
  read: CheckedRecord,
  needed: boolean,
): readonly unknown[] | undefined {
  const value = field(fields, name, read, needed)
  if (value === undefined || Array.isArray(value)) return value as unknown[] | undefined
  // Software.0 and its like arrive as an object with numbers for names.
  const flat = isObject(value) && Object.keys(value).every((key) => /^\d+$/.test(key))
  if (flat && Object.keys(value).length > 0) read.notes.open(`${read.at}${name} is flattened`)
  else read.notes.wrong(`${read.at}${name} is no list`)
  return undefined
}

export interface Inner {
  readonly fields: Fields
  readonly read: CheckedRecord
}

export function record(
  fields: Fields,
  name: string,
  read: CheckedRecord,
  it: { readonly needed: boolean; readonly members: readonly string[] },
): Inner | undefined {
  return asRecord(field(fields, name, read, it.needed), `${read.at}${name}`, {
    read,
    members: it.members,
  })
}

export function asRecord(
  value: unknown,
  at: string,
  { read, members }: { readonly read: CheckedRecord; readonly members: readonly string[] },
): Inner | undefined {
  if (value === undefined) return undefined
  if (!isObject(value)) return void read.notes.wrong(`${at} is no object`)
  for (const name of Object.keys(value))
    if (!members.includes(name)) read.notes.wrong(`${at}.${name} is no parameter`)
  return { fields: value, read: { at: `${at}.`, notes: read.notes } }
}

export interface Choice<V> {
  readonly read: CheckedRecord
  readonly needed: boolean
  readonly values: readonly V[]
}

export function oneOf(
  fields: Fields,
  name: string,
  { read, needed, values }: Choice<number>,
): number | undefined {
  const value = integer(fields, name, read, needed)
  if (value !== undefined && !values.includes(value))
    read.notes.wrong(`${read.at}${name} is ${value}`)
  return value
}
