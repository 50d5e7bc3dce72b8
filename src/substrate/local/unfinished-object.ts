/**
 * What S3Proxy leaves of objects that were on their way when it was killed: a listing would have it as an object, or fail on it every time.
 * None of it was acknowledged.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Shell before S3Proxy starts: with it an object that is not finished may be read by others, and one that is may not, unless its client
 * made it public.
 */
export const UNFINISHED_UMASK = 'umask 022'
const UNFINISHED_MODE = 0o644

/** Names of what an upload in parts has brought so far; an empty object has the name of the upload. */
const UPLOADED = /^\.mpus-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-/
/** What is on its way lies beside the name that it is to have. */
const TEMPORARY = /-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

interface StoreFolders {
  /** Its folders are the buckets. */
  readonly buckets: string
  /** Takes what looks unfinished and could be a public object of such a name. */
  readonly aside: string
}

/** To be called while no S3Proxy runs. Answers how many files were put aside. */
export async function clearUnfinished({ buckets, aside }: StoreFolders): Promise<number> {
  let count = 0
  for (const bucket of await readdir(buckets, { withFileTypes: true })) {
    if (!bucket.isDirectory()) continue
    const folder = join(buckets, bucket.name)
    for (const name of await readdir(folder)) {
      const [, upload] = UPLOADED.exec(name) ?? []
      if (upload === undefined) continue
      await rm(join(folder, name), { recursive: true, force: true })
      await rm(join(folder, upload), { force: true })
    }
    count += await putAside(folder, aside)
  }
  return count
}

async function putAside(folder: string, aside: string): Promise<number> {
  let count = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) count += await putAside(path, aside)
    else if (TEMPORARY.test(entry.name) && ((await stat(path)).mode & 0o777) === UNFINISHED_MODE) {
      await mkdir(aside, { recursive: true, mode: 0o700 })
      await rename(path, join(aside, entry.name))
      count++
    }
  }
  return count
}
