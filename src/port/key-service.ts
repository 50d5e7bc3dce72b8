/**
 * The key service port: keys that wrap the data keys of clusters. A driver keeps the wrapping keys, or knows who does; their
 * material never leaves it.
 *
 * - `describe` returns the state of a key; undefined for one that the service does not know.
 * - `generateDataKey` generates 32 random bytes and wraps them. The wrapped text is opened only by the same key, with the same
 *   context, for as long as the key is enabled: a key that is disabled meanwhile opens nothing.
 * - Both, and `decrypt`, throw ResourceMissing for a key that is not there or deleted, ResourceUnfit for one that is disabled,
 *   LimitReached for one too many, and DependencyFailed when the service cannot be reached (`gateway`) or refuses (`service`).
 * - No component logs a data key or keeps one in the clear: it is opened for a substrate at the moment it is needed.
 * One suite, test/adapter/kms/conformance.ts, holds every driver to this text. Drivers: src/adapter/kms/.
 */
import type { EncryptionKey, KeyReference, KeyState } from '../domain/encryption-key.ts'
import type { Page } from '../store/port.ts'

export interface DataKey {
  readonly plain: Uint8Array
  readonly wrapped: string
}

/** Facts that are authenticated together with what is wrapped. */
export type KeyContext = Readonly<Record<string, string>>

export interface KeyService {
  readonly name: string
  describe(key: KeyReference): Promise<KeyState | undefined>
  generateDataKey(key: KeyReference, context: KeyContext): Promise<DataKey>
  decrypt(key: KeyReference, wrapped: string, context: KeyContext): Promise<Uint8Array>
  /** Absent where the keys are another program's to administer. */
  readonly administration?: KeyAdministration
}

export interface KeyListing {
  readonly account?: string
  readonly limit: number
  readonly behindSeq?: number
}

export interface KeyAdministration {
  list(listing: KeyListing): Promise<Page<'encryptionKey'>>
  /** Throws KeyProblem. */
  make(key: KeyReference, description: string): Promise<EncryptionKey>
  /** Throws KeyProblem; a deleted key comes back to no other state. */
  setState(key: KeyReference, state: KeyState): Promise<EncryptionKey>
  /** New material, with which everything is wrapped from now on, and what it has wrapped for clusters too. Throws KeyProblem. */
  rotate(key: KeyReference): Promise<EncryptionKey>
}

/** Why a change of keys was refused, as a sentence for the operator of the server. */
export class KeyProblem extends Error {
  readonly kind: 'missing' | 'refused'

  constructor(kind: KeyProblem['kind'], sentence: string) {
    super(sentence)
    this.name = 'KeyProblem'
    this.kind = kind
  }
}

export const DATA_KEY_BYTES = 32
