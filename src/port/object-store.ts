/**
 * The object store port: what keeps the objects of a cloud's buckets, by the protocol of S3. A driver never logs keys and is bounded
 * in time and in what it reads.
 *
 * - `open` makes buckets ready, where the store is one of this machine's, and says how it is reached. Throws an Error with a sentence
 *   for the server's administrator when that cannot be.
 * - `empty` removes all objects of a volume, and its bucket where the store is one of this machine's. Throws like `open`.
 * - `put` writes one object with a client's own keys. Throws like `open`.
 * - `get` reads one object. Throws where it may be there another time.
 * - `check` tries a client's own keys on a bucket, or, without one, on the store.
 */
import type { ObjectStorageSource } from '../domain/environment.ts'
import type { ObjectPlace, ObjectStorageKey, ObjectVolume } from '../domain/object-storage.ts'

export interface StoreAddress {
  /** Scheme, host and port. */
  readonly endpoint: string
  readonly region: string
}

export type KeyCheck = 'accepted' | 'denied' | 'no-bucket' | 'unreachable'

export interface ObjectRequest extends ObjectPlace {
  readonly key: ObjectStorageKey
  readonly mostBytes: number
}

export type FoundObject = Uint8Array | 'absent' | 'denied' | 'too-large'

export interface ObjectStores {
  open(
    source: ObjectStorageSource,
    buckets: readonly string[],
  ): Promise<StoreAddress & ObjectStorageKey>
  empty(source: ObjectStorageSource, volume: ObjectVolume): Promise<void>
  put(
    at: StoreAddress,
    it: {
      readonly key: ObjectStorageKey
      readonly volume: ObjectVolume
      readonly name: string
      readonly body: Uint8Array
    },
  ): Promise<void>
  get(at: StoreAddress, it: ObjectRequest): Promise<FoundObject>
  check(
    at: StoreAddress,
    it: { readonly key: ObjectStorageKey; readonly bucket: string | undefined },
  ): Promise<KeyCheck>
}
