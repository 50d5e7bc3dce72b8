/**
 * Query strings and forms without loss: every function works on byte strings, so invalid UTF-8 and odd encodings stay
 * distinguishable, and sorting by character is sorting by byte. The URL classes of the platform cannot be used for
 * signatures: they replace invalid bytes, and two different requests would become one.
 */

/** One `key=value` of a query or form. `value` is undefined when there is no `=` at all. */
export interface QueryPair {
  readonly key: string
  readonly value: string | undefined
}

/** Splits without decoding. Empty pieces (`a=1&&b=2`, a trailing `&`) carry nothing and are dropped. */
export function splitQuery(query: string): QueryPair[] {
  const pairs: QueryPair[] = []
  for (const piece of query.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    pairs.push(
      equals < 0
        ? { key: piece, value: undefined }
        : { key: piece.slice(0, equals), value: piece.slice(equals + 1) },
    )
  }
  return pairs
}

/** The pairs decoded as a form (`+` is a space); undefined when a `%` is not followed by two hexadecimal digits. */
export function decodePairs(pairs: readonly QueryPair[]): QueryPair[] | undefined {
  const decoded: QueryPair[] = []
  for (const pair of pairs) {
    const key = percentDecode(pair.key.replaceAll('+', ' '))
    const value =
      pair.value === undefined ? undefined : percentDecode(pair.value.replaceAll('+', ' '))
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
  if (!text.includes('%')) return text
  if (STRAY_PERCENT.test(text)) return undefined
  return text.replace(PERCENT_BYTE, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/** RFC 3986: everything but letters, digits, `-`, `_`, `.` and `~` becomes `%XX` with upper-case digits. */
export function percentEncode(byteString: string): string {
  return byteString.replace(
    RESERVED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

const STRAY_PERCENT = /%(?![0-9A-Fa-f]{2})/
const PERCENT_BYTE = /%([0-9A-Fa-f]{2})/g
const RESERVED = /[^A-Za-z0-9\-_.~]/g
