/**
 * Objects of buckets, listed with what tells their contents apart. Asked of the store itself over connections that are kept: DuckDB's
 * list has no such mark, without which nothing that was found in an object could be remembered.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import { objectFolder } from '../../../../src/kernel/object-folder.ts'
import type {
  ListedFolder,
  ListedObject,
  ListedPage,
  StoreError,
} from '../../../../src/kernel/object-folder.ts'
import { ANSWER_SECONDS_MOST, TRIES } from './link.ts'
import type { Cancellation } from './link.ts'
import { objectError } from './object-path.ts'
import type { ObjectPath } from './object-path.ts'
import type { ObjectKey, ObjectStorageOptions } from './object-storage.ts'

export interface ObjectListing {
  /** Those whose keys begin as the folder's does; their names are whole keys. */
  pages(folder: ObjectPath, how: HowToList): AsyncIterable<readonly ListedObject[]>
  /** For another key or place. */
  close(): void
}

export interface HowToList {
  readonly access: Pick<ObjectStorageOptions, 'endpoint' | 'region'> & { readonly key: ObjectKey }
  readonly cancellation: Cancellation | undefined
  readonly clock: Pick<Clock, 'wall'>
}

export function objectListing(): ObjectListing {
  const buckets = new Map<string, ListedFolder>()
  const bucketOf = (bucket: string, { access, clock }: HowToList): ListedFolder => {
    const known = buckets.get(bucket)
    if (known) return known
    const { endpoint, region, key } = access
    const made = objectFolder({ endpoint, region, bucket, prefix: '' }, clock)
    made.setKey(key)
    buckets.set(bucket, made)
    return made
  }
  return {
    async *pages({ bucket, key }, how) {
      const { cancellation } = how
      const seconds = (cancellation?.storageSeconds ?? Infinity) / TRIES
      const answerMs = Math.min(Math.max(seconds, 1), ANSWER_SECONDS_MOST) * 1000
      for (let after: string | undefined = ''; after !== undefined;) {
        cancellation?.check()
        const call = tried(bucketOf(bucket, how), key, after, answerMs)
        const { objects, next }: ListedPage = await (cancellation?.waitFor(call) ?? call)
        yield objects
        after = next
      }
    },
    close() {
      for (const folder of buckets.values()) folder.close()
      buckets.clear()
    },
  }
}

/** As often as DuckDB asks: what is refused permanently is so at once. */
async function tried(
  folder: ListedFolder,
  ...asked: Parameters<ListedFolder['page']>
): Promise<ListedPage> {
  for (let left = TRIES - 1; ; left--)
    try {
      return await folder.page(...asked)
    } catch (error) {
      const { status } = error as StoreError
      if (left > 0 && (status === undefined || status >= 500)) continue
      throw objectError(
        status === undefined
          ? 'the object storage cannot be reached'
          : `the object storage refuses (Status Code: ${status})`,
      )
    }
}
