/** Removes all objects of a volume, and its bucket where that is its own. */
import type { ObjectStorageKey, ObjectVolume } from '../../domain/object-storage.ts'
import type { Clock } from '../../kernel/clock.ts'
import { objectFolder } from '../../kernel/object-folder.ts'
import { s3Request } from '../../kernel/s3.ts'
import type { StoreAddress } from '../../port/object-store.ts'

/** Side by side. */
const REMOVALS = 8

/** Throws when the store does not let it. */
export async function emptyVolume(
  { endpoint, region, ...key }: StoreAddress & ObjectStorageKey,
  volume: ObjectVolume,
  it: { readonly clock: Pick<Clock, 'wall'>; readonly bucketToo: boolean },
): Promise<void> {
  const { keyId, secret } = key
  const folder = objectFolder({ endpoint, region, ...volume }, it.clock)
  folder.setKey({ keyId, secret })
  try {
    const names = (await folder.list('')).values()
    const some = async () => {
      for (const name of names) await folder.remove(name)
    }
    await Promise.all(Array.from({ length: REMOVALS }, some))
  } finally {
    folder.close()
  }
  if (!it.bucketToo) return
  const access = { endpoint, region, keyId, secret }
  const path = `/${volume.bucket}`
  const { status } = await s3Request(access, { method: 'DELETE', path }, new Date(it.clock.wall()))
  if (![200, 204, 404].includes(status)) throw new Error(`${endpoint} answers ${status}`)
}
