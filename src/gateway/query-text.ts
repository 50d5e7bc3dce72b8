/**
 * Query strings and forms without loss: every function works on byte strings, so invalid UTF-8 and odd encodings stay
 * distinguishable, and sorting by character is sorting by byte. The URL classes of the platform cannot be used for
 * signatures: they replace invalid bytes, and two different requests would become one.
 *
 * All of this runs before a signature is proved, so the number of pairs and the length of their names are bounded here, where
 * every query and form is split, and each step is linear in the bytes.
 */
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'

/** One `key=value` of a query or form. `value` is undefined when there is no `=` at all. */
export interface QueryPair {
  readonly key: string
  readonly value: string | undefined
}

/** Why a query or form may not be split: more pairs, or a longer name, than any request has. Undefined when it may. */
export function excessIn(query: string): string | undefined {
  const pieces = query.split('&', limits.pairs + 1)
  if (pieces.length > limits.pairs) return `There are more than ${limits.pairs} parameters.`
  if (pieces.every((piece) => split(piece).key.length <= limits.nameBytes)) return undefined
  return `The name of a parameter is longer than ${limits.nameBytes} bytes.`
}

/**
 * Splits without decoding. Empty pieces (`a=1&&b=2`, a trailing `&`) carry nothing and are dropped. Throws RequestMalformed for
 * what may not be split.
 */
export function splitQuery(query: string): QueryPair[] {
  const detail = excessIn(query)
  if (detail !== undefined) throw new Fault('RequestMalformed', { detail })
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map(split)
}

/** The names as they were sent, as far as splitting looks; for those who ask whose a request is, and must not refuse it. */
export function namesIn(query: string): ReadonlySet<string> {
  return new Set(query.split('&', limits.pairs).map((piece) => split(piece).key))
}

function split(piece: string): QueryPair {
  const equals = piece.indexOf('=')
  return equals < 0
    ? { key: piece, value: undefined }
    : { key: piece.slice(0, equals), value: piece.slice(equals + 1) }
}

/** The pairs decoded as a form (`+` is a space); undefined when a `%` is not followed by two hexadecimal digits. */
export function decodePairs(pairs: readonly QueryPair[]): QueryPair[] | undefined {
  const decoded: QueryPair[] = []
  for (const pair of pairs) {
    const key = decode(pair.key, SPACE)
    const value = pair.value === undefined ? undefined : decode(pair.value, SPACE)
    if (key === undefined || (pair.value !== undefined && value === undefined)) return undefined
    decoded.push({ key, value })
  }
  return decoded
}

/**
 * A copy in the byte order of the keys. Pairs of one key keep their order, because their order has a meaning: a
 * request with two values swapped is another request.
 */
export function sortPairs(pairs: readonly QueryPair[]): QueryPair[] {
  return pairs.toSorted((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)))
}

/** Undefined when a `%` is not followed by two hexadecimal digits. */
export function percentDecode(text: string): string | undefined {
  return decode(text, PLUS)
}

/** Byte by byte: replacing matches of an expression costs fifty times as much for each of them. */
function decode(text: string, plus: typeof PLUS | typeof SPACE): string | undefined {
  if (!text.includes('%') && !(plus === SPACE && text.includes('+'))) return text
  const bytes = Buffer.allocUnsafe(text.length)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    let byte = text.charCodeAt(at)
    if (byte === PLUS) byte = plus
    else if (byte === PERCENT) {
      byte = (digit(text.charCodeAt(at + 1)) << 4) | digit(text.charCodeAt(at + 2))
      if (byte < 0) return undefined
      at += 2
    }
    bytes[length++] = byte
  }
  return bytes.toString('latin1', 0, length)
}

/** The value of a hexadecimal digit; -1 for any other code, and for the NaN behind the end of a text. */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const PLUS = 0x2b
const SPACE = 0x20
const PERCENT = 0x25

/** RFC 3986: everything but letters, digits, `-`, `_`, `.` and `~` becomes `%XX` with upper-case digits. */
export function percentEncode(byteString: string): string {
  return byteString.replace(RESERVED, (character) => ENCODED[character.charCodeAt(0)] ?? character)
}

const RESERVED = /[^A-Za-z0-9\-_.~]/g
const ENCODED = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
)
