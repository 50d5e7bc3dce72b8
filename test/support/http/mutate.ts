/** Changed copies of a signed request, for tests that nothing a signature covers can be altered. */
import * as fc from 'fast-check'

import { SignatureProblem } from '../../../src/gateway/signed-request.ts'
import type { SignedRequest } from '../../../src/gateway/signed-request.ts'

export type Part = 'method' | 'path' | 'query' | 'body' | HeaderPart

export interface HeaderPart {
  readonly header: string
  /** Only what this matches; otherwise the whole value. */
  readonly within?: RegExp
}

/** The same request but for one part, which must really have changed. */
export function withPart(
  request: SignedRequest,
  part: Part,
  change: (text: string) => string,
): SignedRequest {
  if (typeof part === 'object') {
    const before = request.headers[part.header] ?? ''
    const after = before.replace(part.within ?? /^.*$/s, (text) => change(text))
    if (after === before) throw new Error(`the header ${part.header} did not change`)
    return { ...request, headers: { ...request.headers, [part.header]: after } }
  }
  const before = part === 'body' ? Buffer.from(request.body).toString('latin1') : request[part]
  const after = change(before)
  if (after === before) throw new Error(`the ${part} did not change`)
  return { ...request, [part]: part === 'body' ? Buffer.from(after, 'latin1') : after }
}

export function withHeader(request: SignedRequest, name: string, value: string): SignedRequest {
  return withPart(request, { header: name }, () => value)
}

export function withoutHeader(request: SignedRequest, name: string): SignedRequest {
  const { [name]: removed, ...headers } = request.headers
  if (removed === undefined) throw new Error(`there is no header ${name}`)
  return { ...request, headers }
}

/** Byte string in, byte string out: the same length, one byte different. */
export function withOneByteChanged(text: string): fc.Arbitrary<string> {
  return fc
    .record({ at: fc.nat(text.length - 1), change: fc.integer({ min: 1, max: 255 }) })
    .map(({ at, change }) => {
      const changed = String.fromCharCode(text.charCodeAt(at) ^ change)
      return text.slice(0, at) + changed + text.slice(at + 1)
    })
}

/**
 * Whether two encoded queries say the same: `%2c` and `%2C`, or `+` and `%20`, differ in bytes and not in meaning, and
 * no server could tell a client's choice from a tampered one.
 */
export function sameParameters(left: string, right: string): boolean {
  return meaning(left) === meaning(right)
}

function meaning(query: string): string {
  const pairs = query.split('&').filter((piece) => piece !== '')
  return JSON.stringify(
    pairs.map((piece) => {
      const [key = '', ...value] = piece.split('=')
      return [decode(key), decode(value.join('='))]
    }),
  )
}

function decode(text: string): string {
  return text
    .replace(/\+/g, '%20')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Refused as a signature is refused, or for its unknown key; a TypeError on strange input is no refusal. */
export function isRefused(authenticate: () => void): boolean {
  try {
    authenticate()
  } catch (error) {
    if (error instanceof SignatureProblem) return true
    if (error instanceof Error && error.message === 'unknown key') return true
    throw error
  }
  return false
}
