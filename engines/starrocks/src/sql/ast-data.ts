/** Statements that change rows: INSERT, UPDATE, DELETE, TRUNCATE, and transactions around them. */
import type { Expression, ObjectName, Property, Query, FromItem } from './ast.ts'

export interface KeyValue {
  readonly column: string
  readonly value: Expression
}

export interface Insert {
  readonly kind: 'insert'
  readonly overwrite: boolean
  readonly table: ObjectName
  /** INSERT INTO FILES(…) instead of a table; parsed so that it can be refused by name. */
  readonly files: readonly Property[] | undefined
  /** INSERT INTO BLACKHOLE(): the query is computed and its rows go nowhere. */
  readonly discards?: boolean
  readonly label: string | undefined
  readonly partitions: readonly string[]
  /** `PARTITION (k = v)`. */
  readonly partitionKeys: readonly KeyValue[]
  readonly temporaryPartitions: boolean
  /** Empty: all columns of the table in order. */
  readonly columns: readonly string[]
  readonly byName: boolean
  /** VALUES rows are a query whose body is `values`; only there may `default` stand. */
  readonly query: Query
  readonly properties: readonly Property[]
}

export interface Assignment {
  readonly column: string
  readonly value: Expression
}

export interface Update {
  readonly kind: 'update'
  readonly with: Query['with']
  readonly table: ObjectName
  readonly assignments: readonly Assignment[]
  readonly from: FromItem | undefined
  readonly where: Expression | undefined
}

export interface Delete {
  readonly kind: 'delete'
  readonly with: Query['with']
  readonly table: ObjectName
  readonly partitions: readonly string[]
  readonly using: FromItem | undefined
  readonly where: Expression | undefined
}

export interface Truncate {
  readonly kind: 'truncate'
  readonly table: ObjectName
  readonly partitions: readonly string[]
}

/** One DATA INFILE of a LOAD. */
export interface LoadSource {
  readonly paths: readonly string[]
  readonly table: string
  readonly partitions: readonly string[]
  readonly columnSeparator: string | undefined
  readonly rowDelimiter: string | undefined
  /** By the name of the first file without it. */
  readonly format: string | undefined
  /** skip_header, trim_space, enclose, escape. */
  readonly options: readonly Property[]
  /** Names of the files' columns; empty: the table's. */
  readonly fields: readonly string[]
  readonly pathFields: readonly string[]
  readonly sets: readonly Assignment[]
  readonly where: Expression | undefined
}

export type DataStatement =
  | {
      readonly kind: 'load'
      readonly database: string | undefined
      readonly label: string
      readonly sources: readonly LoadSource[]
      readonly broker: readonly Property[]
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'export'
      readonly table: ObjectName
      readonly partitions: readonly string[]
      readonly columns: readonly string[]
      readonly path: string
      readonly sync: boolean
      readonly properties: readonly Property[]
      readonly broker: readonly Property[]
    }
  | { readonly kind: 'cancelLoad'; readonly database: string | undefined; readonly label: string }
  | {
      readonly kind: 'cancelExport'
      readonly database: string | undefined
      readonly queryId: string
    }
  | Insert
  | Update
  | Delete
  | Truncate
  | { readonly kind: 'begin'; readonly label: string | undefined }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
