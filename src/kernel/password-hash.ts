/** Passwords as directories keep them (RFC 2307): `{SSHA}`, SHA-1 of the password and a salt, with the salt behind it. */
import { createHash } from 'node:crypto'

const SALT_BYTES = 16

export function saltedSha1(password: string, salt: Uint8Array): string {
  const digest = createHash('sha1').update(password, 'utf8').update(salt).digest()
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`
}

/** A salt that is the same for the same text: what is made of it can be compared. */
export function saltOf(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest().subarray(0, SALT_BYTES)
}
