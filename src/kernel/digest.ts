/**
 * Digests and constant-time comparison.
 *
 * Text comes in two forms here, and mixing them up breaks signatures. Ordinary text is hashed as UTF-8. A *byte string*
 * is text in which every character represents one byte (U+0000 to U+00FF): it is how Node hands over request lines
 * and headers, and it keeps bytes that are not valid UTF-8 apart from each other.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto'

export type HmacAlgorithm = 'sha1' | 'sha256'

/** Lower-case hexadecimal SHA-256. Text is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex')
}

/** SHA-256 as a byte string of 32 characters, for keys of maps and sets. Text is hashed as UTF-8. */
export function sha256Bytes(data: Uint8Array | string): string {
  return hash('sha256', data, 'binary')
}

/** Base64 MD5, as `Content-MD5` carries it. It detects damage and proves nothing about the sender. */
export function md5Base64(data: Uint8Array | string): string {
  return hash('md5', data, 'base64')
}

/** Lower-case hexadecimal MD5, as clients are shown it beside a text. */
export function md5Hex(data: string): string {
  return hash('md5', data, 'hex')
}

/** Keys and messages given as text are taken as UTF-8. */
export function hmac(
  algorithm: HmacAlgorithm,
  key: Uint8Array | string,
  message: Uint8Array | string,
): Buffer {
  // Node takes a key of bytes through a key object, several times slower than the same key as a byte string.
  const keyed =
    typeof key === 'string'
      ? createHmac(algorithm, key)
      : createHmac(algorithm, Buffer.from(key).toString('latin1'), { encoding: 'latin1' })
  return keyed.update(message).digest()
}

/** Compares in a time that depends on the lengths alone; the length of a digest is no secret. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right)
}

export function equalText(left: string, right: string): boolean {
  return equalBytes(Buffer.from(left), Buffer.from(right))
}

/**
 * The bytes that a byte string represents.
 * @throws RangeError when a character does not fit a byte: cutting it off would make two different texts equal.
 */
export function bytesOf(byteString: string): Buffer {
  if (WIDER_THAN_A_BYTE.test(byteString)) throw new RangeError('not a byte string')
  return Buffer.from(byteString, 'latin1')
}

const WIDER_THAN_A_BYTE = /[\u0100-\uffff]/
