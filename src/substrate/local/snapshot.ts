/**
 * Copies of instances' data. A running process makes its copy in its own directory; a whole one is moved, in one step, to where it
 * outlives its instance:
 *
 *   .snapshots/INSTANCE/NAME/   the files of the copy, with a manifest (component.ts)
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { SnapshotKey } from '../../domain/cluster/spec.ts'
import type { SeenSnapshot, Snapshots } from '../port.ts'
import { MANIFEST, type Component, type RoleSnapshot, type SnapshotManifest } from './component.ts'
import type { Driver } from './driver.ts'
import { directoriesIn, GONE, instanceFolder } from './instance.ts'
import { DIRECTORY_NAME } from './instance-note.ts'

/** A copy goes at the disk's pace; this is how soon it is looked at again. */
const AGAIN_MS = 200

/** How long a call waits for a copy: a server that ends waits for its calls, and has less than 5 s in all. */
const WAIT_MS = 2_000
const LOOK_MS = 50

type Locked = (key: SnapshotKey, work: () => Promise<void>) => Promise<void>

/** The folder beside the instances. */
export const SNAPSHOTS = '.snapshots'

export function snapshotRoot(root: string): string {
  return join(root, SNAPSHOTS)
}

/** Throws when a part of the key cannot be the name of a directory. */
export function snapshotDirectory(root: string, { cluster, snapshot }: SnapshotKey): string {
  for (const name of [cluster, snapshot])
    if (!DIRECTORY_NAME.test(name)) throw new Error(`${name} cannot be the name of a directory`)
  return join(snapshotRoot(root), cluster, snapshot)
}

/** Undefined when it is not there, or cannot be read. */
export function readManifest(root: string, key: SnapshotKey): SnapshotManifest | undefined {
  const file = join(snapshotDirectory(root, key), MANIFEST)
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SnapshotManifest
  } catch {
    return undefined
  }
}

/** Of instances that are one process alone: the copies of several would not be of one moment. */
export function snapshotRoleOf({ roles }: Component): RoleSnapshot | undefined {
  return roles.length === 1 ? roles[0]?.snapshot : undefined
}

export function snapshots(driver: Driver): Snapshots {
  const { root, withLock } = driver
  const locked: Locked = ({ cluster }, work) => withLock(`snapshot-${cluster}`, work)
  return {
    observe: (key) => observe(driver, key),
    take: (key) => take(driver, key, locked),
    discard: (key) => locked(key, () => discard(driver, key)),
    list: async () => [...kept(root), ...unmoved(driver)],
  }
}

async function observe(driver: Driver, key: SnapshotKey): Promise<SeenSnapshot> {
  const manifest = readManifest(driver.root, key)
  if (manifest) {
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
    return { phase: 'taken', bytes, tables: manifest.tables }
  }
  const own = ownOf(driver, key.cluster)
  const look = await own?.role.look(own.directory, key.snapshot)
  if (!look || look.phase === 'absent') return { phase: 'absent' }
  if (look.phase === 'failed') return look
  // One that lies in its process's directory still has to be moved.
  return { phase: 'taking', changesInMs: look.phase === 'taken' ? 0 : AGAIN_MS }
}

/**
 * Begins it, waits a while for the copy, and moves one that is whole. The wait is in the machine's time: whoever moves the service's
 * waits for steps like this one, so that no copy runs out of time because of that.
 */
async function take(driver: Driver, key: SnapshotKey, locked: Locked): Promise<void> {
  if (readManifest(driver.root, key)) return
  const { cluster, snapshot } = key
  const own = ownOf(driver, cluster)
  if (!own) throw new Error(`${cluster} is not there to be copied`)
  const { role, directory } = own
  await locked(key, async () => {
    const look = await role.look(directory, snapshot)
    if (look?.phase === 'absent') await role.begin(directory, snapshot)
  })
  const untilMs = driver.clock.wall() + WAIT_MS
  let look = await role.look(directory, snapshot)
  while (look?.phase === 'taking' && driver.clock.wall() < untilMs && !driver.closing.aborted) {
    await pause(LOOK_MS)
    look = await role.look(directory, snapshot)
  }
  if (look?.phase === 'taken')
    await locked(key, async () => move(driver.root, key, join(directory, role.folder, snapshot)))
}

/** In one step; nothing where it was discarded meanwhile. */
function move(root: string, key: SnapshotKey, made: string): void {
  if (!existsSync(made)) return
  const beside = join(snapshotRoot(root), key.cluster)
  mkdirSync(beside, { recursive: true, mode: 0o700 })
  renameSync(made, snapshotDirectory(root, key))
  for (const path of [beside, snapshotRoot(root), root]) flush(path)
}

async function discard(driver: Driver, key: SnapshotKey): Promise<void> {
  const { root } = driver
  const { cluster, snapshot } = key
  const own = ownOf(driver, cluster)
  if (own && !(await own.role.forget(own.directory, snapshot)))
    rmSync(join(own.directory, own.role.folder, snapshot), { recursive: true, force: true })
  const directory = snapshotDirectory(root, key)
  if (!existsSync(directory)) return
  // Out of the way first, in one step: what is left of a removal that is cut short is no copy.
  const gone = join(snapshotRoot(root), `${GONE}${cluster}-${snapshot}`)
  rmSync(gone, { recursive: true, force: true })
  renameSync(directory, gone)
  rmSync(gone, { recursive: true, force: true })
  const folder = join(snapshotRoot(root), cluster)
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}

/** Where the instance's process makes its copies; undefined when the instance is not there, or is on its way out. */
function ownOf(driver: Driver, id: string): { role: RoleSnapshot; directory: string } | undefined {
  const folder = instanceFolder(driver.root, id)
  const note = folder.read()
  const [process] = note?.processes ?? []
  if (!note || !process || note.endingMs !== undefined) return undefined
  const role = snapshotRoleOf(driver.component(note.family))
  return role && { role, directory: folder.files(process.name).directory }
}

function kept(root: string): readonly SnapshotKey[] {
  return directoriesIn(snapshotRoot(root)).flatMap((cluster) =>
    directoriesIn(join(snapshotRoot(root), cluster)).map((snapshot) => ({ cluster, snapshot })),
  )
}

/** Those that lie in their process's directory. */
function unmoved(driver: Driver): readonly SnapshotKey[] {
  return directoriesIn(driver.root).flatMap((cluster) => {
    const own = ownOf(driver, cluster)
    if (!own) return []
    const folder = join(own.directory, own.role.folder)
    return directoriesIn(folder).map((snapshot) => ({ cluster, snapshot }))
  })
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
