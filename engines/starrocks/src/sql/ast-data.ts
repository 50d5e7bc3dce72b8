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

export type DataStatement =
  | Insert
  | Update
  | Delete
  | Truncate
  | { readonly kind: 'begin'; readonly label: string | undefined }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
