/**
 * JSON from a client, read only when it is neither deep nor wide: a parser makes an object of every few bytes, and takes seconds for
 * what takes milliseconds to send. So its values and its nesting are counted on the bytes before anything is built from them, in one
 * pass that ends where a bound is passed.
 */
import { isAscii } from 'node:buffer'
import { limits } from '../limits.ts'

export type JsonRead = { readonly value: unknown } | { readonly problem: JsonProblem }

export type JsonProblem = 'too deep' | 'too wide' | 'not UTF-8' | 'not JSON'

export interface JsonOptions {
  /** Whether a byte order mark in front means nothing. */
  readonly dropMark?: boolean
}

export function readJson(bytes: Uint8Array, options: JsonOptions = {}): JsonRead {
  const excess = excessOf(bytes)
  if (excess) return { problem: excess }
  let text: string
  try {
    text = isAscii(bytes) ? latin1(bytes) : (options.dropMark ? withoutMark : exactly).decode(bytes)
  } catch {
    return { problem: 'not UTF-8' }
  }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { problem: 'not JSON' }
  }
}

/** What is ASCII is read several times faster than by the decoders. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

const withoutMark = new TextDecoder('utf-8', { fatal: true })
const exactly = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * It judges no syntax: what is no JSON is counted as if it were, and the parser refuses it at a cost that is bounded by then. An
 * empty list counts as if it held one value.
 */
function excessOf(bytes: Uint8Array): JsonProblem | undefined {
  let depth = 0
  let values = 1
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (COUNTS[byte] === 0) continue
    if (byte === QUOTE) at = endOfText(bytes, at + 1)
    else if (byte === COMMA) values++
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values++
      depth++
    } else depth--
    if (depth > limits.jsonDepth) return 'too deep'
    if (values > limits.jsonValues) return 'too wide'
  }
  return undefined
}

/**
 * The place of the quote that ends a text, or the end of all bytes. Of a long text, stretches without an escape are left to the
 * platform's search, which is many times faster; each byte is looked at once by each search.
 */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from
  let quote = -1
  for (;;) {
    const near = Math.min(at + NEAR_BYTES, bytes.length)
    while (at < near && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
    if (at < near || at >= bytes.length) return at
    if (quote < at) quote = bytes.indexOf(QUOTE, at)
    if (quote < 0) quote = bytes.length
    const escape = bytes.subarray(at, quote).indexOf(BACKSLASH)
    if (escape < 0) return quote
    at += escape
  }
}

const NEAR_BYTES = 256
const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** By byte: 1 where counting has something to do. */
const COUNTS = new Uint8Array(256)
for (const byte of [QUOTE, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT])
  COUNTS[byte] = 1
