/**
 * How StarRocks orders JSON values: by kind, then by value; objects by the members of the first, arrays by length first. Integers keep
 * all their digits. reference: StarRocks' json.cpp, sliceCompare, and the numbers of VelocyPack's types.
 */
import { stringEnd, withListedNames } from '../../../../src/kernel/json-name.ts'

type Json = null | boolean | bigint | number | string | readonly Json[] | JsonObject

/** A key, its value, the next key, and so on. */
interface JsonObject {
  readonly listed: readonly Json[]
}

/** Below 0, 0 or above 0; undefined where one is no JSON. */
export function compareJson(a: string, b: string): number | undefined {
  const [left, right] = [parsed(a), parsed(b)]
  if (left === undefined || right === undefined) return undefined
  const found = order(left, right, plain)
  if (!Number.isNaN(found)) return found
  return order(parsed(withDigits(a)) ?? null, parsed(withDigits(b)) ?? null, ofDigits)
}

const decoder = new TextDecoder()

export const compareJsonBytes = (a: Uint8Array, b: Uint8Array): number | undefined =>
  compareJson(decoder.decode(a), decoder.decode(b))

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(withListedNames(text)) as Json
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** What a string of a parsed text stands for. */
type Reading = (value: string) => string | bigint

const plain: Reading = (value) => value

const [STRING, WHOLE] = ['s', 'n'] as const

/** A string begins, or a number of as many characters as one has which a double may not hold. */
const TOKEN = /"|-?\d[\d.eE+-]{15,}/g

/** Of a JSON: with long whole numbers as strings, and a letter before each string that says which it is. A reviver would take ten times as long. */
function withDigits(text: string): string {
  let made = ''
  let from = 0
  TOKEN.lastIndex = 0
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [token] = found
    if (token === '"') {
      made += `${text.slice(from, found.index)}"${STRING}`
      from = found.index + 1
      TOKEN.lastIndex = stringEnd(text, found.index)
    } else if (/^-?\d+$/.test(token)) {
      made += `${text.slice(from, found.index)}"${WHOLE}${token}"`
      from = TOKEN.lastIndex
    }
  }
  return made + text.slice(from)
}

const ofDigits: Reading = (value) =>
  value.startsWith(WHOLE) ? BigInt(value.slice(1)) : value.slice(1)

/** NaN: only all the digits can say. */
function order(a: Json, b: Json, read: Reading): number {
  if (isArray(a) && isArray(b)) return orderArrays(a, b, read)
  if (isObject(a) && isObject(b)) return orderObjects(a, b, read)
  const [left, right] = [readIn(a, read), readIn(b, read)]
  if (typeof left === 'string' && typeof right === 'string') return orderTexts(left, right)
  if (isNumber(left) && isNumber(right)) return orderNumbers(left, right, read)
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right)
  return rank(left) - rank(right)
}

const readIn = (value: Json, read: Reading): Json =>
  typeof value === 'string' ? read(value) : value

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value)
const isNumber = (value: Json): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !isArray(value)

/** By their bytes, which JavaScript's own order of texts is but for surrogates. */
function orderTexts(a: string, b: string): number {
  if (a === b) return 0
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : 1
}

const SURROGATE = /[\ud800-\udfff]/

/** Rounding keeps the order of numbers, but makes different ones equal. */
function orderNumbers(a: number | bigint, b: number | bigint, read: Reading): number {
  if (a < b) return -1
  if (a > b) return 1
  return read === plain && Math.abs(Number(a)) > Number.MAX_SAFE_INTEGER ? Number.NaN : 0
}

function orderArrays(a: readonly Json[], b: readonly Json[], read: Reading): number {
  if (a.length !== b.length) return a.length - b.length
  for (const [at, value] of a.entries()) {
    const found = order(value, b[at] ?? null, read)
    if (found !== 0) return found
  }
  return 0
}

/** By the first of the first one's keys, in the order of the alphabet, whose members differ. */
function orderObjects(a: JsonObject, b: JsonObject, read: Reading): number {
  const same = orderSameKeys(a.listed, b.listed, read)
  if (same !== undefined) return same
  return orderMembers(a.listed, membersOf(b), read)
}

/** In place of a value whose key was there. */
const SEEN = Symbol('seen')

/** From the end, since of equal keys the last one counts. Two maps would take half as long again. */
function orderMembers(
  listed: readonly Json[],
  others: Map<string, Json | typeof SEEN>,
  read: Reading,
): number {
  let first: string | undefined
  let found = 0
  let common = 0
  for (let at = listed.length - 2; at >= 0; at -= 2) {
    const key = nameIn(listed[at])
    if (first !== undefined && key > first) continue
    const other = others.get(key)
    if (other === SEEN) continue
    if (other !== undefined) {
      others.set(key, SEEN)
      common += 1
    }
    const difference = other === undefined ? 1 : order(listed[at + 1] ?? null, other, read)
    if (difference === 0) continue
    first = key
    found = difference
  }
  return first === undefined ? common - others.size : found
}

/** Undefined where keys are others, or in another order, or may be there twice. Maps would take half as long again. */
function orderSameKeys(a: readonly Json[], b: readonly Json[], read: Reading): number | undefined {
  if (a.length !== b.length) return undefined
  let first: string | undefined
  let found = 0
  for (let at = 0; at < a.length; at += 2) {
    const key = nameIn(a[at])
    if (key !== b[at] || key === first) return undefined
    if (first !== undefined && key > first) continue
    const difference = order(a[at + 1] ?? null, b[at + 1] ?? null, read)
    if (difference === 0) continue
    first = key
    found = difference
  }
  return found
}

const nameIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** Of equal keys the last one counts. */
function membersOf({ listed }: JsonObject): Map<string, Json> {
  const members = new Map<string, Json>()
  for (let at = 0; at < listed.length; at += 2)
    members.set(nameIn(listed[at]), listed[at + 1] ?? null)
  return members
}

/** Numbers are of several kinds there, all of them above objects and below strings. */
function rank(value: Json): number {
  if (value === null) return 2
  if (typeof value === 'boolean') return 3
  if (typeof value === 'string') return 14
  if (isNumber(value)) return 11
  return isArray(value) ? 4 : 5
}
