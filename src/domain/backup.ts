/** Backups: copies of a cluster's data at one moment. */

/** A table that is inside. A part of the storage that tables share counts for each of them. */
export interface BackupTable {
  readonly database: string
  readonly table: string
  readonly rows: number
  readonly bytes: number
}
