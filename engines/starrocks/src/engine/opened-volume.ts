/** One storage volume that is open: its place, its database, and what ships that there. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { objectFolder, type FolderKey } from '../../../../src/kernel/object-folder.ts'
import { random } from '../../../../src/kernel/random.ts'
import type { CatalogStore } from '../catalog/catalog-store.ts'
import { schemaSql } from '../catalog/catalog-store.ts'
import { databaseOf } from '../catalog/volume.ts'
import type { VolumeEntry } from '../catalog/volume.ts'
import type { EngineIdentity } from '../execution/engine-context.ts'
import { ownKey } from '../execution/volume-property.ts'
import { SqlError } from '../session.ts'
import type { AttachedDatabase } from '../storage/attached-database.ts'
import type { Duck } from '../storage/duck.ts'
import { volumeFolder } from '../storage/duck.ts'
import { inTransaction } from '../storage/link.ts'
import type { Link } from '../storage/link.ts'
import type { WriteMutex } from '../storage/write-mutex.ts'
import { openVolume } from '../volume/volume.ts'
import type { OpenVolume } from '../volume/volume.ts'
import { shipVolume } from './shipping.ts'
import type { Shipping, VolumeParts } from './shipping.ts'
import { checkPlace, fencedFolder, storeFolder } from './volume-place.ts'

export interface OpenedVolume {
  readonly database: AttachedDatabase
  readonly shipping: Shipping
}

export interface VolumeSetParts extends VolumeParts {
  readonly identity: Pick<EngineIdentity, 'instance'>
  readonly duck: Duck
  readonly link: Link
  readonly writing: WriteMutex
}

interface Opening {
  readonly key: FolderKey | undefined
  /** How long its store may be away. */
  readonly timeoutMs: number
  /** Nothing of it is anywhere yet. */
  readonly isNew?: boolean
}

export async function openOne(
  parts: VolumeSetParts,
  entry: VolumeEntry,
  opening: Opening,
): Promise<OpenedVolume> {
  const { duck, link, writing } = parts
  const volume = await openPlace(parts, entry, opening)
  const database = await duck.attach(volume.file)
  const withLock = (work: () => Promise<void>) => writing.withLock(work)
  try {
    await withLock(() =>
      inTransaction(link, async () => void (await link.run(schemaSql(entry.id)))),
    )
  } catch (error) {
    await database.detach()
    throw error
  }
  const { shipped } = database
  const named = `'${entry.name}'`
  const shipping = shipVolume(parts, { volume, database: shipped, withLock, named })
  shipping.durability.written()
  return { database, shipping }
}

export const fileName = (volume: number): string => `${databaseOf(volume)}.duckdb`

export const directoryOf = (directory: string, volume: number): string =>
  join(volumeFolder(directory), databaseOf(volume))

async function openPlace(
  parts: VolumeSetParts,
  entry: VolumeEntry,
  { key, timeoutMs, isNew = false }: Opening,
): Promise<OpenVolume> {
  const { duck, clock, log } = parts
  const at = { instance: parts.identity.instance, place: entry }
  const check = () => checkPlace(duck.objects.options, entry)
  check()
  const { options } = duck.objects
  if (!options || !key) throw new SqlError('the instance has no object storage')
  const directory = directoryOf(parts.directory, entry.id)
  const file = join(directory, fileName(entry.id))
  await mkdir(directory, { recursive: true, mode: 0o700 })
  // What a snapshot brought.
  const brought = join(parts.directory, fileName(entry.id))
  if (existsSync(brought)) await rename(brought, file)
  const place = storeFolder(options, at)
  const folder = fencedFolder(objectFolder(place, { wall: () => clock.wall() }), check)
  const writer = (parts.random ?? random()).uuid()
  const wasThere = existsSync(file)
  const asking = { folder, key: keyOf(entry, key), writer, log, timeoutMs }
  const volume = await openVolume({ directory, file }, asking)
  // It came into the catalog when its store had it.
  if (!isNew && !wasThere && !volume.copied)
    throw new SqlError('nothing of it is in its store any more')
  return volume
}

export const keyOf = ({ params }: Pick<VolumeEntry, 'params'>, key: FolderKey): FolderKey =>
  ownKey(params) ?? key

/** Of volumes that were dropped, or never came into the catalog, when a process was killed. */
export async function forgetOthers(directory: string, store: CatalogStore): Promise<void> {
  const folder = volumeFolder(directory)
  const known = new Set(store.current.volumes().map(({ id }) => databaseOf(id)))
  const found = existsSync(folder) ? readdirSync(folder) : []
  for (const name of found)
    if (!known.has(name)) await rm(join(folder, name), { recursive: true, force: true })
}
