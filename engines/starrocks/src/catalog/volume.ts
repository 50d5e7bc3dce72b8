/**
 * Storage volumes that clients make: a folder of an object store, and the rows of the tables that lie in it. Each has a database of DuckDB's
 * of its own, which is shipped to that folder (docs/adr/0031). The instance's own volume is none of them: it is what the database is in.
 */

export interface VolumeEntry {
  readonly kind: 'storage volume'
  readonly id: number
  readonly name: string
  readonly type: string
  /** As it was written. */
  readonly location: string
  /** Below the location and the instance's own folder there: no later volume of the same name has the same. */
  readonly folder: string
  readonly params: Readonly<Record<string, string>>
  readonly enabled: boolean
  readonly comment: string
  /** The one of new databases, in place of the instance's own. */
  readonly isDefault: boolean
  readonly createdMs: number
}

/** Where the instance keeps all else. No entry has this id. */
export const ownVolume = { id: 0, name: 'builtin_storage_volume' } as const

/** The name of DuckDB's catalog of a volume. */
export const databaseOf = (volume: number): string => `vol${volume}`

/** What stands before the name of a schema; nothing for the instance's own. */
export const placeOf = (volume: number | undefined): string =>
  volume === undefined ? '' : `${databaseOf(volume)}.`
