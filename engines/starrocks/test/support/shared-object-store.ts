/** One server of object storage for all tests of a file, as Java takes seconds to start. A test begins with empty buckets. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import {
  objectStoreServer,
  type ObjectStoreServer,
} from '../../../../test/support/engine/object-store.ts'

const ends: (() => unknown)[] = []
/** The file's, not the test's that was the first one to ask. */
after(async () => {
  for (const end of ends) await end()
})

let started: Promise<ObjectStoreServer> | undefined
let users = 0

/** Tests beside each other share the buckets too. */
export async function sharedObjectStore(
  t: TestContext,
  buckets: readonly string[],
): Promise<ObjectStoreServer> {
  const isFirst = users === 0
  users++
  t.after(() => users--)
  started ??= objectStoreServer({ after: (end) => void ends.push(end as () => unknown) }, [])
  const store = await started
  if (isFirst)
    for (const name of readdirSync(store.directory))
      rmSync(join(store.directory, name), { recursive: true })
  for (const bucket of buckets) mkdirSync(join(store.directory, bucket), { recursive: true })
  return store
}
