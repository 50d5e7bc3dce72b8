/** Object storage as an engine is given it: where it is, and what the engine may do there. Its key is apart, and never written down. */
import type { ObjectPrefix } from './object-right.ts'

export interface ObjectStorage {
  /** Scheme, host and port. */
  readonly endpoint: string
  readonly region: string
  readonly prefixes: readonly ObjectPrefix[]
  /** Servers of Iceberg's REST protocol that it may ask which tables there are. */
  readonly icebergRest?: readonly string[]
}

export interface ObjectStorageKey {
  readonly keyId: string
  readonly secret: string
}
