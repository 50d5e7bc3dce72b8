/** Object storage as an engine is given it: where it is, and what the engine may do there. Its key is apart, and never written down. */
import type { ObjectPrefix } from './object-right.ts'

export interface ObjectStorage {
  /** Scheme, host and port. */
  readonly endpoint: string
  readonly region: string
  /** None for one that comes with its client's own keys, which the store itself judges. */
  readonly prefixes: readonly ObjectPrefix[]
  /** Servers of Iceberg's REST protocol that it may ask which tables there are. */
  readonly icebergRest?: readonly string[]
  /** Hive's metastores that it may ask the same. */
  readonly hiveMetastores?: readonly string[]
  /** Where its own data are kept, which no name of a client's reaches; absent for an engine that keeps them on its disk. */
  readonly volume?: ObjectVolume
}

/** One object. */
export interface ObjectPlace {
  readonly bucket: string
  readonly name: string
}

export interface ObjectVolume {
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
}

/** What a cluster's client has it do with objects, with keys of the client's own, which are secrets of the cluster by these names. */
export interface ClientStorage {
  /** The folder that its logs are delivered to. */
  readonly logs?: ObjectVolume
}

export const clientKey = { keyId: 'storage.keyId', secret: 'storage.key' } as const

export interface ObjectStorageKey {
  readonly keyId: string
  readonly secret: string
}
