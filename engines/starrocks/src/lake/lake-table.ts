/** An external catalog that can be read, and one table of it, as its own metadata says at the moment that it is asked. */
import type { LakeColumn } from './lake-type.ts'

export interface LakeTable {
  readonly columns: readonly LakeColumn[]
  /** As SHOW CREATE TABLE writes them, transforms included. */
  readonly partitionBy: readonly string[]
  readonly location: string
  readonly comment: string
  /** Said of Hive's tables only. */
  readonly isExternal?: boolean
  /** DuckDB's FROM item, with the columns by their names: looks up and judges the files that it reads. */
  scan(): Promise<string>
}

export interface WantedTable {
  readonly database: string
  readonly table: string
  readonly version?: TableVersion | undefined
  /** What of its metadata is wanted instead of its rows: the word behind `$`. */
  readonly inspected?: string | undefined
}

/**
 * Of FOR VERSION AS OF, a snapshot by its id, or by the name of a branch or tag; of FOR TIMESTAMP AS OF, the one that was current then,
 * in milliseconds.
 */
export type TableVersion =
  | { readonly id: string }
  | { readonly name: string }
  | { readonly untilMs: number; readonly text: string }

export interface LakeCatalog {
  databases(): Promise<readonly string[]>
  /** Undefined: there is no such database. */
  tables(database: string): Promise<readonly string[] | undefined>
  table(wanted: WantedTable): Promise<LakeTable | undefined>
}
