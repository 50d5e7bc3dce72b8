/**
 * Storage volumes: an instance of run mode shared_data has one, where its own data are kept, and those that clients made. A table lies in the
 * one that it names, or in that of its database; a database has the one that it names, or the default one of when it was made.
 * reference: StarRocks documentation, "CREATE STORAGE VOLUME" and what stands beside it; fe, SharedDataStorageVolumeMgr.java.
 */
import { demand, volumeTarget } from '../catalog/authority.ts'
import type { Catalog, DatabaseEntry, TableEntry } from '../catalog/catalog.ts'
import { ownVolume } from '../catalog/volume.ts'
import type { VolumeEntry } from '../catalog/volume.ts'
import { SqlError } from '../session.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'
import type { EngineContext, EngineIdentity } from './engine-context.ts'
import type { SessionContext } from './statement-context.ts'

/** As DESC shows it. */
export type StorageVolume = Pick<
  VolumeEntry,
  'id' | 'name' | 'type' | 'location' | 'params' | 'enabled' | 'comment' | 'isDefault'
>

export const VOLUME_PROPERTY = 'storage_volume'

/** What tables and databases may write for the default one. */
const DEFAULT = 'default'

/** Compute nodes keep nothing themselves: what they work on is shared. */
export const isSharedData = ({ nodes }: Pick<EngineIdentity, 'nodes'>): boolean =>
  nodes.some(({ role }) => role === 'cn')

/** The instance's own first; none in run mode shared_nothing. */
export function storageVolumes(engine: EngineContext): readonly StorageVolume[] {
  if (!isSharedData(engine.identity)) return []
  const made = engine.store.current.volumes()
  const isDefault = !made.some((volume) => volume.isDefault)
  return [{ ...ownVolume, ...ownPlace(engine), enabled: true, isDefault }, ...made]
}

function ownPlace({
  volume,
}: EngineContext): Pick<StorageVolume, 'type' | 'location' | 'params' | 'comment'> {
  if (!volume) {
    const comment = 'the local disk: the instance has no object storage'
    return { type: 'LOCAL', location: 'file:///', params: {}, comment }
  }
  const { endpoint, region, bucket, prefix } = volume
  const location = `oss://${bucket}/${prefix}`.replace(/\/$/, '')
  const params = { 'aws.s3.region': region, 'aws.s3.endpoint': endpoint }
  return { type: 'S3', location, params, comment: '' }
}

export const findVolume = (engine: EngineContext, name: string): StorageVolume | undefined =>
  storageVolumes(engine).find((volume) => volume.name === name)

export function volumeNamed(engine: EngineContext, name: string): StorageVolume {
  const found = findVolume(engine, name)
  if (found) return found
  throw analyzingError(`Unknown storage volume: ${name}.`)
}

/** As commands say it that change one. */
export function demandVolume(engine: EngineContext, name: string): StorageVolume {
  const found = findVolume(engine, name)
  if (found) return found
  throw new SqlError(`Storage volume '${name}' does not exist`)
}

export const volumeName = (catalog: Catalog, volume: number | undefined): string =>
  catalog.volumes().find(({ id }) => id === volume)?.name ?? ownVolume.name

interface Placed {
  readonly catalog: Catalog
  readonly properties: readonly { readonly name: string; readonly value: string }[]
  /** Of a table. */
  readonly database?: DatabaseEntry
}

/** Where a new table or database is to lie: undefined is the instance's own, the only one in run mode shared_nothing. */
export function chosenVolume(
  { engine, state }: SessionContext,
  { catalog, properties, database }: Placed,
): number | undefined {
  if (!isSharedData(engine.identity)) return undefined
  const written = properties.find(({ name }) => name.toLowerCase() === VOLUME_PROPERTY)?.value
  const entry = entryOf(catalog, { written, database })
  if (!entry) return undefined
  if (written === entry.name) demand(catalog, state.authority, ['USAGE'], volumeTarget(entry))
  if (!entry.enabled) throw new SqlError(`Storage volume ${entry.name} is disabled`)
  engine.volumes.demand(entry.id)
  return entry.id
}

function entryOf(
  catalog: Catalog,
  it: { readonly written: string | undefined; readonly database: DatabaseEntry | undefined },
): VolumeEntry | undefined {
  const { written, database } = it
  const all = catalog.volumes()
  if (written === undefined && database) return all.find(({ id }) => id === database.volume)
  if (written === undefined || written === DEFAULT) return all.find(({ isDefault }) => isDefault)
  const found = all.find(({ name }) => name === written)
  if (!found && written !== ownVolume.name)
    throw new SqlError(`Unknown storage volume "${written}"`)
  return found
}

type InVolume = Pick<TableEntry, 'volume'>

/** Two that change places at once: one transaction has to do it. */
export function refuseOtherVolume(table: InVolume, other: InVolume): void {
  if (table.volume !== other.volume) throw unsupportedByEngine('SWAP of two storage volumes')
}

/** Whether the rows of a table cannot be had now. */
export const hasNoRows = (
  { engine }: Pick<SessionContext, 'engine'>,
  { volume }: InVolume,
): boolean => volume !== undefined && engine.volumes.unmet(volume) !== undefined

/** Throws SqlError when the rows of a table cannot be had now. */
export function demandRows(context: Pick<SessionContext, 'engine'>, table: InVolume): void {
  if (table.volume !== undefined && hasNoRows(context, table))
    context.engine.volumes.demand(table.volume)
}
