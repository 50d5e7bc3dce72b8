/** Hashes of bytes, unsigned of 32 bits. reference: StarRocks' hash_util.hpp; zlib's crc32. */
import { crc32 } from 'node:zlib'

export const crc32Of = (bytes: Uint8Array): number => crc32(bytes)

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
