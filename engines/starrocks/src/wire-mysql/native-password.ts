/**
 * mysql_native_password: the server stores SHA1(SHA1(password)); the client proves that it knows SHA1(password)
 * by sending it XOR SHA1(salt + stored). The comparison takes the same time wherever it fails.
 *
 * Source: MySQL protocol description, "Native Authentication".
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export const SALT_BYTES = 20
const RESPONSE_BYTES = 20

/** 20 unpredictable bytes of 7 bits, none of them NUL (clients read the salt as text) or `$` (MySQL's separator). */
export function authenticationSalt(): Buffer {
  const salt = Buffer.alloc(SALT_BYTES)
  let filled = 0
  while (filled < SALT_BYTES) {
    for (const byte of randomBytes(SALT_BYTES * 2)) {
      const candidate = byte & 0x7f
      if (candidate !== 0 && candidate !== 0x24 && filled < SALT_BYTES) salt[filled++] = candidate
    }
  }
  return salt
}

/**
 * `verifier` undefined: no such user; the same work is done against a random one, and the answer is no.
 * An empty verifier is an empty password, which is proved by an empty response.
 */
export function provesNativePassword(
  verifier: Uint8Array | undefined,
  salt: Uint8Array,
  response: Uint8Array,
): boolean {
  const known = verifier !== undefined
  if (known && verifier.length === 0) return response.length === 0
  const stored = known ? verifier : randomBytes(RESPONSE_BYTES)
  const claimed = Buffer.alloc(RESPONSE_BYTES)
  Buffer.from(response).copy(claimed)
  const mask = sha1(salt, stored)
  for (const [index, byte] of mask.entries()) claimed[index] = (claimed[index] ?? 0) ^ byte
  const matches = timingSafeEqual(sha1(claimed), sized(stored))
  return matches && known && response.length === RESPONSE_BYTES
}

function sha1(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** A verifier of a wrong size (a damaged store) must refuse, not throw. */
function sized(stored: Uint8Array): Buffer {
  const exact = Buffer.alloc(RESPONSE_BYTES)
  if (stored.length === RESPONSE_BYTES) exact.set(stored)
  return exact
}
