/**
 * JSON from a client, read only when it is neither deep nor wide: a parser makes an object of every few bytes, and takes seconds for
 * what takes milliseconds to send. So its values and its nesting are counted on the bytes before anything is built from them, in one
 * pass that ends where a bound is passed.
 */
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
    text = (options.dropMark ? withoutMark : exactly).decode(bytes)
  } catch {
    return { problem: 'not UTF-8' }
  }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { problem: 'not JSON' }
  }
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
    switch (bytes[at] ?? 0) {
      case QUOTE:
        at = endOfText(bytes, at + 1)
        break
      case COMMA:
        if (++values > limits.jsonValues) return 'too wide'
        break
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > limits.jsonDepth) return 'too deep'
        if (++values > limits.jsonValues) return 'too wide'
        break
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--
        break
      default:
    }
  }
  return undefined
}

/** The place of the quote that ends a text, or the end of all bytes. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
