/** Hashes of bytes. reference: StarRocks' hash_util.hpp; zlib's crc32. */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { crc32 } from 'node:zlib'

/** Unsigned, of 32 bits. */
export const crc32Of = (bytes: Uint8Array): number => crc32(bytes)

const load = createRequire(import.meta.url)
let xxHash: (typeof import('@node-rs/xxhash'))['xxh3'] | undefined

/** Loaded on its first use. */
const xxh3 = () => (xxHash ??= (load('@node-rs/xxhash') as typeof import('@node-rs/xxhash')).xxh3)

/** XXH3 of 64 bits, the first of which is the sign. */
export const xxHash64 = (bytes: Uint8Array, seed: bigint): bigint =>
  BigInt.asIntN(64, xxh3().xxh64(bytes, BigInt.asUintN(64, seed)))

/** XXH3 of 128 bits, hexadecimal. */
export const xxHash128 = (bytes: Uint8Array): string =>
  xxh3().xxh128(bytes).toString(16).padStart(32, '0')

/** Hexadecimal; undefined for lengths that SHA-2 does not have. 0 is 256. */
export function sha2Of(bytes: Uint8Array, bits: number): Uint8Array | undefined {
  const length = bits === 0 ? 256 : bits
  if (![224, 256, 384, 512].includes(length)) return undefined
  return Buffer.from(createHash(`sha${length}`).update(bytes).digest('hex'))
}

const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

const mixed = (hash: number, block: number): number =>
  hash ^ Math.imul(rotated(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593)

/** MurmurHash3 of 32 bits. */
export function murmur32(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % 4)
  let hash = seed | 0
  for (let at = 0; at < whole; at += 4)
    hash = (Math.imul(rotated(mixed(hash, view.getInt32(at, true)), 13), 5) + 0xe6546b64) | 0
  let rest = 0
  for (let at = bytes.length - 1; at >= whole; at -= 1) rest = (rest << 8) | (bytes[at] ?? 0)
  if (bytes.length > whole) hash = mixed(hash, rest)
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
