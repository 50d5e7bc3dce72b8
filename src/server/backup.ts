/** Composition root, its part for backups: what of a data directory goes into one, and in which order. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../kernel/clock.ts'
import { copied, KEYS, writeBackup, type Manifest, type Part } from '../store/backup.ts'
import { markOf } from '../store/commit-mark.ts'
import { DATABASE } from '../store/data-directory.ts'
import type { Store } from '../store/port.ts'
import { restingInstances } from '../substrate/local/resting.ts'
import { SNAPSHOTS } from '../substrate/local/snapshot.ts'

export interface BackupParts {
  readonly dataDir: string
  /** Open; its writes continue meanwhile. */
  readonly store: Store
  readonly clock: Pick<Clock, 'wall'>
}

export interface BackupRequest {
  readonly target: string
  /** With the data of instances on this machine, none of which may be running. */
  readonly engines: boolean
}

/** Throws a sentence. */
export async function backUp(parts: BackupParts, request: BackupRequest): Promise<Manifest> {
  const { dataDir, store, clock } = parts
  const target = resolve(request.target)
  if (`${target}${sep}`.startsWith(`${resolve(dataDir)}${sep}`))
    throw new Error(`${target} lies in the data directory; a backup goes elsewhere`)
  const local = join(dataDir, 'local')
  const ids = existsSync(local) ? readdirSync(local).filter((name) => !name.startsWith('.')) : []
  const resting = request.engines ? restingInstances(local) : []
  const folders = request.engines ? [...resting, SNAPSHOTS] : []
  const engines = folders.flatMap((id) => filesBelow(join(local, id), `local/${id}`))
  return writeBackup(target, {
    made: new Date(clock.wall()).toISOString(),
    instances: resting,
    without: ids.filter((id) => !resting.includes(id)),
    // An engine that was started meanwhile may have written to what was copied.
    check: () => void (request.engines && restingInstances(local)),
    parts: [
      // The world before the store: a machine too few is made again, and one too many would belong to nobody.
      ...world(join(dataDir, 'simulation.db')),
      { path: DATABASE, make: (file) => store.copyTo(file) },
      // Made with it.
      { path: markOf(DATABASE), make: () => {} },
      ...engines,
      ...['key', 'key-check']
        .filter((name) => existsSync(join(dataDir, name)))
        .map((name) => copied(`${KEYS}/${name}`, join(dataDir, name))),
      ...filesBelow(join(dataDir, 'tls'), `${KEYS}/tls`),
    ],
  })
}

function world(from: string): readonly Part[] {
  if (!existsSync(from)) return []
  const make = (file: string) => {
    const database = new DatabaseSync(from, { readOnly: true })
    try {
      database.prepare('vacuum into ?').run(file)
    } finally {
      database.close()
    }
  }
  return [{ path: 'simulation.db', make }]
}

/** Ordinary files only: sockets and links are recreated. */
function filesBelow(directory: string, path: string): readonly Part[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(directory, entry.name)
    if (entry.isDirectory()) return filesBelow(inside, `${path}/${entry.name}`)
    return entry.isFile() ? [copied(`${path}/${entry.name}`, inside)] : []
  })
}
