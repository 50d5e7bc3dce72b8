/**
 * Secrets at rest: AES-256-GCM with one key per installation, and a keyed fingerprint.
 *
 * A sealed text is `v1.<base64url of nonce, tag and ciphertext>`. The context (for example `cluster/c-1/adminPassword`) is
 * authenticated with it, so that a sealed value cannot be moved to another place and opened there.
 * The fingerprint is an HMAC rather than a plain hash: requests hold passwords, and a plain hash of one could be guessed.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomFillSync,
} from 'node:crypto'

export interface Sealer {
  seal(text: string, context: string): string
  /** Throws when the text was not sealed with this key and context. */
  open(sealed: string, context: string): string
  /** 64 hexadecimal digits that are equal for equal texts, and reveal nothing about the text without the key. */
  fingerprint(text: string): string
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Drawn many at a time, and each used once: a nonce is no secret. */
function nonces(): () => Uint8Array {
  const drawn = Buffer.alloc(NONCES * NONCE_BYTES)
  let at = drawn.length
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn)
      at = 0
    }
    at += NONCE_BYTES
    return drawn.subarray(at - NONCE_BYTES, at)
  }
}
const NONCES = 64

/** `key` is 32 random bytes; the encryption and fingerprint keys are derived from it. */
export function sealer(key: Uint8Array): Sealer {
  if (key.length !== 32) throw new RangeError(`a sealing key has 32 bytes, not ${key.length}`)
  // As key objects: from bytes, one would be created for every text.
  const derived = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', key, '', purpose, 32)))
  const encryptionKey = derived('emrys/seal/v1')
  const fingerprintKey = derived('emrys/fingerprint/v1')
  const nextNonce = nonces()
  return {
    seal(text, context) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(
        Buffer.from(context),
      )
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(sealed, context) {
      if (!sealed.startsWith('v1.')) throw new Error('not a sealed value')
      const bytes = Buffer.from(sealed.slice(3), 'base64url')
      const decipher = createDecipheriv(
        'aes-256-gcm',
        encryptionKey,
        bytes.subarray(0, NONCE_BYTES),
      )
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8')
      return text + decipher.final('utf8')
    },
    fingerprint: (text) => createHmac('sha256', fingerprintKey).update(text).digest('hex'),
  }
}
