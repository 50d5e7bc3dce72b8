/**
 * Randomness and the ids generated from it, passed in so that a seeded server gives the same ids in every run.
 * Without a seed the bytes come from the operating system; with one from SHA-256 in counter mode (reproducible, and
 * therefore guessable: a seed is for tests).
 */
import { createHash, randomFillSync } from 'node:crypto'

interface Digits {
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string
  /** `length` characters of 0-9a-z. */
  base36(length: number): string
  /** `length` decimal digits, the first of them not 0. */
  decimal(length: number): string
}

export interface Random extends Digits {
  /** A fraction in [0, 1), for jitter and simulated faults. */
  fraction(): number
  /** `length` characters of 0-9A-Za-z. */
  base62(length: number): string
  /** A version 4 UUID in lower case. */
  uuid(): string
  /**
   * For ids, never for secrets: each is one more than the one before it, from a random beginning and for `SERIES` of them, so that
   * what is created together shares pages of the store's indexes (`npm run bench -- server`: half the processor time of a create).
   */
  readonly serial: Digits
}

const POOL_BYTES = 4096
const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz'
/** So many ids follow each other; the rest of their digits is drawn again then. */
const SERIES = 1_000

export function random(seed?: string): Random {
  const refill = seed === undefined ? fillFromSystem : seededFill(seed)
  const pool = Buffer.alloc(POOL_BYTES)
  let used = POOL_BYTES
  const take = (bytes: number): Buffer => {
    if (used + bytes > POOL_BYTES) {
      refill(pool)
      used = 0
    }
    used += bytes
    return pool.subarray(used - bytes, used)
  }
  const digits = (length: number, alphabet: string): string => {
    // Bytes at or above the largest multiple of the alphabet's size are drawn again: no digit is favoured.
    const limit = 256 - (256 % alphabet.length)
    let text = ''
    while (text.length < length) {
      const byte = take(1)[0] ?? 255
      if (byte < limit) text += alphabet[byte % alphabet.length]
    }
    return text
  }
  const drawn: Digits = {
    hex: (length) =>
      take(Math.ceil(length / 2))
        .toString('hex')
        .slice(0, length),
    base36: (length) => digits(length, BASE36),
    decimal: (length) => digits(1, '123456789') + digits(length - 1, '0123456789'),
  }
  return {
    ...drawn,
    serial: {
      hex: series(drawn.hex, 16),
      base36: series(drawn.base36, 36),
      decimal: series(drawn.decimal, 10),
    },
    fraction: () => take(6).readUIntBE(0, 6) / 2 ** 48,
    base62: (length) =>
      digits(length, `${BASE36.slice(0, 10)}${BASE36.slice(10).toUpperCase()}${BASE36.slice(10)}`),
    uuid() {
      const bytes = take(16)
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      const hex = bytes.toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
  }
}

/** One series for each length: `draw` gives the digits before those that count. */
function series(draw: (length: number) => string, radix: number): (length: number) => string {
  const counting = (SERIES - 1).toString(radix).length
  const heads = new Map<number, { readonly head: string; count: number }>()
  return (length) => {
    let kept = heads.get(length)
    if (kept === undefined || kept.count === SERIES)
      heads.set(length, (kept = { head: draw(length - counting), count: 0 }))
    return kept.head + (kept.count++).toString(radix).padStart(counting, '0')
  }
}

function fillFromSystem(pool: Buffer): void {
  randomFillSync(pool)
}

function seededFill(seed: string): (pool: Buffer) => void {
  let counter = 0
  return (pool) => {
    for (let at = 0; at < pool.length; at += 32) {
      createHash('sha256').update(`${seed}:${counter++}`).digest().copy(pool, at)
    }
  }
}
