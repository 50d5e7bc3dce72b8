/** Several servers of one database, each a process with a data directory of its own and the key of the first. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startStoreServer, type ChildServer } from './child-server.ts'
import { temporaryDirectory } from './directory.ts'

export interface StoreServers {
  readonly directories: readonly string[]
  /** One that was started again takes the place of the one before. */
  readonly servers: readonly ChildServer[]
  /** Kills one and starts it again on its directory. */
  replace(at: number): Promise<void>
}

export async function startStoreServers(
  t: TestContext,
  store: string,
  count: number,
  /** By how many milliseconds the clock of each is wrong. */
  clocks: readonly number[] = [],
): Promise<StoreServers> {
  const directories = Array.from({ length: count }, () => temporaryDirectory(t))
  const [first = ''] = directories
  const servers: ChildServer[] = []
  const started = (at: number) =>
    startStoreServer(t, directories[at]!, { store, wrongByMs: clocks[at] ?? 0 })
  for (const [at, directory] of directories.entries()) {
    if (directory !== first) copyFileSync(join(first, 'key'), join(directory, 'key'))
    servers.push(await started(at))
  }
  return {
    directories,
    servers,
    async replace(at) {
      await servers[at]!.kill()
      servers[at] = await started(at)
    },
  }
}
