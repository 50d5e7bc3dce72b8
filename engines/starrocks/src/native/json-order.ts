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
  const areWhole = !INEXACT.test(a) && !INEXACT.test(b)
  const [left, right] = [parsed(a, areWhole), parsed(b, areWhole)]
  return left === undefined || right === undefined ? undefined : order(left, right, areWhole)
}

const decoder = new TextDecoder()

export const compareJsonBytes = (a: Uint8Array, b: Uint8Array): number | undefined =>
  compareJson(decoder.decode(a), decoder.decode(b))

/** What JSON.parse reports of a number beside its value. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

const exact: Reviver = (_key, value, context) =>
  typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '')
    ? BigInt(context?.source ?? '0')
    : value

/** Without these, all numbers are whole and a double holds them: parsing takes a tenth. */
const INEXACT = /\d[.eE]|\d{16}/

function parsed(text: string, areWhole: boolean): Json | undefined {
  try {
    return JSON.parse(text, areWhole ? undefined : exact) as Json
  } catch {
    return undefined
  }
}

function order(a: Json, b: Json, areWhole: boolean): number {
  if (isArray(a) && isArray(b)) return orderArrays(a, b, areWhole)
  if (isObject(a) && isObject(b)) return orderObjects(a, b, areWhole)
  if (typeof a === 'string' && typeof b === 'string')
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return rank(a, areWhole) - rank(b, areWhole)
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value)
const isNumber = (value: Json): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'
const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !isArray(value)

function orderArrays(a: readonly Json[], b: readonly Json[], areWhole: boolean): number {
  if (a.length !== b.length) return a.length - b.length
  for (const [at, value] of a.entries()) {
    const found = order(value, b[at] ?? null, areWhole)
    if (found !== 0) return found
  }
  return 0
}

function orderObjects(a: JsonObject, b: JsonObject, areWhole: boolean): number {
  // The first one's keys in their order, which is alphabetical there.
  for (const key of Object.keys(a).sort()) {
    if (!Object.hasOwn(b, key)) return 1
    const found = order(a[key] ?? null, b[key] ?? null, areWhole)
    if (found !== 0) return found
  }
  return Object.keys(a).length - Object.keys(b).length
}

/** Whole numbers of one digit have a type of their own, above the others. */
function rank(value: Json, areWhole: boolean): number {
  if (value === null) return 2
  if (typeof value === 'boolean') return 3
  if (typeof value === 'string') return 14
  if (isNumber(value)) {
    if (typeof value === 'number' && !areWhole) return 6
    return value >= -6 && value <= 9 ? 13 : 11
  }
  return isArray(value) ? 4 : 5
}
