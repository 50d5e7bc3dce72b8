/** Statements that make and change storage volumes. The instance's own is where its control plane says, and stays as it is. */
import { demand, systemTarget, volumeTarget } from '../../catalog/authority.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { ownVolume } from '../../catalog/volume.ts'
import type { VolumeEntry } from '../../catalog/volume.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { demandVolume, findVolume, isSharedData } from '../../execution/storage-volume.ts'
import { checkType, volumeProperties } from '../../execution/volume-property.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { AlterVolume, CreateVolume } from '../../sql/ast-session.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'

interface Named {
  readonly name: string
}

/** reference: StarRocks 3.3.7, FeNameFormat, COMMON_NAME_REGEX */
const VOLUME_NAME = /^[a-zA-Z]\w{0,63}$|^_[a-zA-Z0-9]\w{0,62}$/

/** Each is a database that is open, and shipped. */
const VOLUMES_MAX = 20

export async function createVolume(execution: Execution, statement: CreateVolume): Promise<Result> {
  const { engine, state, link, guard } = execution
  const { store, volumes, clock, random } = engine
  const { name, ifNotExists, type, comment } = statement
  demand(store.current, state.authority, ['CREATE STORAGE VOLUME'], systemTarget)
  if (!VOLUME_NAME.test(name))
    throw new SqlError(`Incorrect storage volume name '${name}'`, 5063, '42000')
  if (ifNotExists && findVolume(engine, name)) return done()
  refuseTaken(execution, store.current, name)
  const [location = '', ...others] = statement.locations
  if (location === '') throw new SqlError("'location in storage volume' can not be empty")
  if (!isSharedData(engine.identity) || !engine.volume || !engine.duck.objects.options)
    throw unsupportedByEngine('CREATE STORAGE VOLUME (the instance has no object storage)')
  const { enabled = true, params } = volumeProperties(engine, statement.properties)
  checkType(type, params)
  if (others.length > 0) throw unsupportedByEngine('A storage volume with several LOCATIONS')
  volumes.checkPlace({ location })
  const id = await store.change(link, async (draft) => draft.newId())
  const entry: VolumeEntry = {
    kind: 'storage volume',
    id,
    name,
    type: type.toUpperCase(),
    location,
    folder: random.uuid(),
    params,
    enabled,
    comment,
    isDefault: false,
    createdMs: clock.now(),
  }
  await volumes.make(entry, guard)
  try {
    return await store.change(link, async (draft) => {
      refuseTaken(execution, draft.catalog, name)
      draft.put(entry)
      return done()
    })
  } catch (error) {
    await volumes.changed(id)
    throw error
  }
}

function refuseTaken({ engine }: Execution, catalog: Catalog, name: string): void {
  const isTaken = catalog.volumes().some((volume) => volume.name === name)
  if (isTaken || findVolume(engine, name))
    throw new SqlError(`Storage volume '${name}' already exists`)
  if (catalog.volumes().length >= VOLUMES_MAX)
    throw new SqlError(`An instance has at most ${VOLUMES_MAX} storage volumes of its own`)
}

export async function alterVolume(execution: Execution, statement: AlterVolume): Promise<Result> {
  const { engine, state, link } = execution
  const { name, ifExists, comment } = statement
  if (ifExists && !findVolume(engine, name)) return done()
  const { id, isDefault } = demandVolume(engine, name)
  demand(engine.store.current, state.authority, ['ALTER'], volumeTarget({ id, name }))
  const { enabled, params } = volumeProperties(engine, statement.properties)
  if (enabled === false && isDefault) throw new SqlError('Default volume can not be disabled')
  if (id === ownVolume.id)
    throw unsupportedByEngine(`ALTER STORAGE VOLUME ${name} (its control plane says where it is)`)
  await engine.store.change(link, async (draft) => {
    const entry = entryOf(draft, name)
    const next = { ...entry.params, ...params }
    checkType(entry.type, next)
    draft.put({
      ...entry,
      params: next,
      enabled: enabled ?? entry.enabled,
      // An empty one says nothing, as in StarRocks.
      comment: comment || entry.comment,
    })
  })
  await engine.volumes.changed(id)
  return done()
}

function entryOf({ catalog }: Pick<Draft, 'catalog'>, name: string): VolumeEntry {
  const found = catalog.volumes().find((volume) => volume.name === name)
  if (!found) throw new SqlError(`Storage volume '${name}' does not exist`)
  return found
}

export async function dropVolume(
  { engine, state, link }: Execution,
  { name, ifExists }: Named & { readonly ifExists: boolean },
): Promise<Result> {
  if (ifExists && !findVolume(engine, name)) return done()
  const volume = demandVolume(engine, name)
  demand(engine.store.current, state.authority, ['DROP'], volumeTarget(volume))
  await engine.store.change(link, async (draft) => {
    if (demandVolume(engine, name).isDefault)
      throw new SqlError('default storage volume can not be removed')
    refuseUsed(draft.catalog, volume)
    if (volume.id === ownVolume.id)
      throw unsupportedByEngine(`DROP STORAGE VOLUME ${name} (the instance is kept there)`)
    draft.remove(entryOf(draft, name).id)
  })
  await engine.volumes.changed(volume.id)
  return done()
}

/** reference: fe, StorageVolumeMgr.removeStorageVolume */
function refuseUsed(catalog: Catalog, { id, name }: Pick<VolumeEntry, 'id' | 'name'>): void {
  const used = [...catalog.entries.values()].filter((entry) => {
    const isPlaced =
      entry.kind === 'database' || entry.kind === 'table' || entry.kind === 'materialized view'
    return isPlaced && (entry.volume ?? ownVolume.id) === id
  })
  if (used.length === 0) return
  const ids = (isDatabase: boolean) =>
    used.filter(({ kind }) => (kind === 'database') === isDatabase).map((entry) => entry.id)
  throw new SqlError(
    `Storage volume '${name}' is referenced by dbs or tables, dbs: [${ids(true).join(', ')}], tables: [${ids(false).join(', ')}]`,
  )
}

export async function setDefaultVolume(
  { engine, state, link }: Execution,
  { name }: Named,
): Promise<Result> {
  const volume = demandVolume(engine, name)
  demand(engine.store.current, state.authority, ['USAGE'], volumeTarget(volume))
  if (!volume.enabled) throw new SqlError(`Storage volume '${name}' is disabled`)
  return engine.store.change(link, async (draft) => {
    for (const entry of draft.catalog.volumes()) {
      const isDefault = entry.id === volume.id
      if (entry.isDefault !== isDefault) draft.put({ ...entry, isDefault })
    }
    return done()
  })
}
