/** AES-128 in ECB mode, as MySQL's and StarRocks' aes_encrypt: a key of any length is folded into 16 bytes. reference: StarRocks' aes_util.cpp. */
import { createCipheriv, createDecipheriv } from 'node:crypto'

const KEY_BYTES = 16

function keyOf(secret: Uint8Array): Uint8Array {
  const key = new Uint8Array(KEY_BYTES)
  for (const [at, byte] of secret.entries()) key[at % KEY_BYTES] = (key[at % KEY_BYTES] ?? 0) ^ byte
  return key
}

export function encryptAes(plain: Uint8Array, secret: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', keyOf(secret), null)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

/** Undefined where it was not encrypted with this key. */
export function decryptAes(encrypted: Uint8Array, secret: Uint8Array): Uint8Array | undefined {
  if (encrypted.length === 0 || secret.length === 0) return undefined
  const cipher = createDecipheriv('aes-128-ecb', keyOf(secret), null)
  try {
    return Buffer.concat([cipher.update(encrypted), cipher.final()])
  } catch {
    return undefined
  }
}
