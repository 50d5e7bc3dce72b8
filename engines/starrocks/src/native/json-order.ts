/**
 * How StarRocks orders JSON values: by kind, then by value; objects by the members of the first, arrays by length first. Integers keep
 * all their digits. reference: StarRocks' json.cpp, sliceCompare, and the numbers of VelocyPack's types.
 */
type Json = null | boolean | bigint | number | string | readonly Json[] | JsonObject

interface JsonObject {
  readonly [key: string]: Json
}

/** Below 0, 0 or above 0; undefined where one is no JSON. */
export function compareJson(a: string, b: string): number | undefined {
  const [left, right] = [parsed(a), parsed(b)]
  if (left === undefined || right === undefined) return undefined
  const found = order(left, right, plain)
  if (!Number.isNaN(found)) return found
  return order(JSON.parse(withDigits(a)) as Json, JSON.parse(withDigits(b)) as Json, ofDigits)
}

const decoder = new TextDecoder()

export const compareJsonBytes = (a: Uint8Array, b: Uint8Array): number | undefined =>
  compareJson(decoder.decode(a), decoder.decode(b))

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** What a string of a parsed text stands for. */
type Reading = (value: string) => string | bigint

const plain: Reading = (value) => value

const [STRING, WHOLE] = ['s', 'n'] as const

/** Strings, and numbers of as many characters as one has which a double may not hold. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{15,}/g

/** Of a JSON: with long whole numbers as strings, and a letter before each string that says which it is. A reviver would take ten times as long. */
const withDigits = (text: string): string =>
  text.replaceAll(TOKEN, (token) => {
    if (token.startsWith('"')) return `"${STRING}${token.slice(1)}`
    return /^-?\d+$/.test(token) ? `"${WHOLE}${token}"` : token
  })

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
  const keys = Object.keys(a)
  let first: string | undefined
  let found = 0
  for (const key of keys) {
    if (first !== undefined && key > first) continue
    const difference = Object.hasOwn(b, key) ? order(a[key] ?? null, b[key] ?? null, read) : 1
    if (difference === 0) continue
    first = key
    found = difference
  }
  return first === undefined ? keys.length - Object.keys(b).length : found
}

/** Numbers are of several kinds there, all of them above objects and below strings. */
function rank(value: Json): number {
  if (value === null) return 2
  if (typeof value === 'boolean') return 3
  if (typeof value === 'string') return 14
  if (isNumber(value)) return 11
  return isArray(value) ? 4 : 5
}
