/**
 * Where a storage volume may be: below its location, in a folder that no other instance and no other volume has, and only while the role
 * of the instance may read, write and list there. Its store is the instance's own: no statement names another address.
 */
import type { ObjectFolder, ObjectFolderOptions } from '../../../../src/kernel/object-folder.ts'
import { StoreError } from '../../../../src/kernel/object-folder.ts'
import type { VolumePlace } from '../execution/volume-set.ts'
import { SqlError } from '../session.ts'
import { demandRight, parseObjectPath } from '../storage/object-path.ts'
import type { ObjectPath } from '../storage/object-path.ts'
import type { ObjectStorageOptions } from '../storage/object-storage.ts'

/** The instance, and where a volume of it is to be. */
interface InstancePlace {
  readonly instance: string
  readonly place: VolumePlace
}

/** Throws SqlError unless the instance may keep data there. */
export function checkPlace(
  options: ObjectStorageOptions | undefined,
  { location }: Pick<VolumePlace, 'location'>,
): void {
  if (!options) throw new SqlError('the instance has no object storage')
  const path = parseObjectPath(location)
  const key = `${aboveOf(path)}*`
  for (const right of ['list', 'read', 'write'] as const)
    demandRight({ ...path, key }, right, options.prefixes)
}

export const storeFolder = (
  { endpoint, region }: ObjectStorageOptions,
  at: InstancePlace,
): ObjectFolderOptions => ({
  endpoint,
  region,
  bucket: parseObjectPath(at.place.location).bucket,
  prefix: prefixOf(at),
})

const prefixOf = ({ instance, place }: InstancePlace): string =>
  `${aboveOf(parseObjectPath(place.location))}${instance}/${place.folder}/`

const aboveOf = ({ key }: ObjectPath): string => (key === '' || key.endsWith('/') ? key : `${key}/`)

/** Asks before each use, for what the role may do changes. */
export function fencedFolder(folder: ObjectFolder, check: () => void): ObjectFolder {
  const fenced =
    <Given extends readonly unknown[], Found>(work: (...given: Given) => Promise<Found>) =>
    async (...given: Given): Promise<Found> => {
      try {
        check()
      } catch (error) {
        throw new StoreError((error as Error).message)
      }
      return work(...given)
    }
  return {
    setKey: folder.setKey,
    close: folder.close,
    put: fenced(folder.put),
    putNew: fenced(folder.putNew),
    get: fenced(folder.get),
    list: fenced(folder.list),
    remove: fenced(folder.remove),
  }
}
