/** Statements that define things: databases, tables, views, materialized views, indexes, catalogs. */
import type { Expression, ObjectName, Property, Query } from './ast.ts'
import type { SqlType, StructField } from './type.ts'

export type AggregateKind =
  | 'sum'
  | 'max'
  | 'min'
  | 'replace'
  | 'replace_if_not_null'
  | 'hll_union'
  | 'bitmap_union'
  | 'percentile_union'

export interface ColumnDefinition {
  readonly name: string
  readonly type: SqlType
  /** The type as written, where the stored one has more room. */
  readonly declared?: SqlType
  /** The old column-level KEY word. */
  readonly key: boolean
  readonly aggregate: AggregateKind | undefined
  /** As written; undefined when neither NULL nor NOT NULL stands there (StarRocks: nullable, key of PRIMARY KEY not). */
  readonly nullable: boolean | undefined
  readonly default: ColumnDefault | undefined
  readonly autoIncrement: boolean
  readonly comment: string | undefined
  /** `AS (expression)`: a generated column. */
  readonly generated: Expression | undefined
}

export type ColumnDefault =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'current_timestamp'; readonly precision: number | undefined }
  /** DEFAULT (uuid()), DEFAULT (uuid_numeric()). */
  | { readonly kind: 'expression'; readonly expression: Expression }

export interface KeyDefinition {
  readonly model: 'duplicate' | 'aggregate' | 'unique' | 'primary'
  readonly columns: readonly string[]
}

export interface IndexDefinition {
  readonly name: string
  readonly columns: readonly string[]
  /** `bitmap` unless USING says otherwise (gin, ngrambf, vector). */
  readonly type: string
  readonly properties: readonly Property[]
  readonly comment: string | undefined
}

/** A range bound: values per partition column, or MAXVALUE. */
export type PartitionValue =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'max' }

export type PartitionItem =
  | {
      readonly kind: 'lessThan'
      readonly name: string
      readonly ifNotExists: boolean
      /** Undefined is `VALUES LESS THAN MAXVALUE`. */
      readonly upper: readonly PartitionValue[]
      readonly properties: readonly Property[]
    }
  /** `VALUES [("a"), ("b"))`. */
  | {
      readonly kind: 'fixed'
      readonly name: string
      readonly ifNotExists: boolean
      readonly lower: readonly PartitionValue[]
      readonly upper: readonly PartitionValue[]
      readonly properties: readonly Property[]
    }
  /** `VALUES IN (…)`: one inner list per key, one entry per partition column; null is NULL. */
  | {
      readonly kind: 'list'
      readonly name: string
      readonly ifNotExists: boolean
      readonly values: readonly (readonly (string | null)[])[]
      readonly properties: readonly Property[]
    }
  /** `START ("a") END ("b") EVERY (INTERVAL 1 DAY)` or `EVERY (1)`. */
  | {
      readonly kind: 'batch'
      readonly start: string
      readonly end: string
      readonly every: number
      readonly unit: string | undefined
    }

export interface PartitionDefinition {
  readonly method: 'range' | 'list' | 'expression'
  /** Plain columns for range and list; any expression otherwise. */
  readonly by: readonly Expression[]
  /** A column of an expression is written in backticks, and shown so. */
  readonly quoted?: true
  readonly items: readonly PartitionItem[]
}

export interface Distribution {
  readonly method: 'hash' | 'random'
  readonly columns: readonly string[]
  readonly buckets: number | undefined
}

export interface RollupDefinition {
  readonly name: string
  readonly columns: readonly string[]
  readonly from: string | undefined
  readonly properties: readonly Property[]
}

/** What follows the columns of CREATE TABLE; CTAS and materialized views share it. */
export interface TableOptions {
  readonly engine: string | undefined
  readonly key: KeyDefinition | undefined
  readonly comment: string | undefined
  readonly partition: PartitionDefinition | undefined
  readonly distribution: Distribution | undefined
  readonly orderBy: readonly string[]
  readonly rollups: readonly RollupDefinition[]
  readonly properties: readonly Property[]
}

export interface CreateTable {
  readonly kind: 'createTable'
  readonly name: ObjectName
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly external: boolean
  readonly columns: readonly ColumnDefinition[]
  readonly indexes: readonly IndexDefinition[]
  readonly options: TableOptions
}

export interface CreateTableAs {
  readonly kind: 'createTableAs'
  readonly name: ObjectName
  readonly ifNotExists: boolean
  readonly temporary: boolean
  /** Empty: named after the query's columns. */
  readonly columns: readonly string[]
  readonly indexes: readonly IndexDefinition[]
  readonly options: TableOptions
  readonly query: Query
}

export interface CreateTableLike {
  readonly kind: 'createTableLike'
  readonly name: ObjectName
  readonly like: ObjectName
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly options: TableOptions
}

export interface ViewColumn {
  readonly name: string
  readonly comment: string | undefined
}

export interface CreateView {
  readonly kind: 'createView'
  readonly name: ObjectName
  readonly ifNotExists: boolean
  readonly orReplace: boolean
  readonly columns: readonly ViewColumn[]
  readonly comment: string | undefined
  readonly security: 'none' | 'invoker' | undefined
  readonly query: Query
  /** The query as written. */
  readonly queryText: string
}

export interface Refresh {
  /** IMMEDIATE or DEFERRED; undefined when not written (StarRocks: immediate). */
  readonly moment: 'immediate' | 'deferred' | undefined
  readonly scheme: 'async' | 'manual' | 'sync' | 'incremental' | undefined
  readonly start: string | undefined
  readonly every: { readonly count: number; readonly unit: string } | undefined
}

export interface CreateMaterializedView {
  readonly kind: 'createMaterializedView'
  readonly name: ObjectName
  readonly ifNotExists: boolean
  readonly columns: readonly ViewColumn[]
  readonly indexes: readonly IndexDefinition[]
  readonly comment: string | undefined
  readonly partitionBy: readonly Expression[]
  readonly distribution: Distribution | undefined
  readonly orderBy: readonly string[]
  readonly refresh: Refresh | undefined
  readonly properties: readonly Property[]
  readonly query: Query
  readonly queryText: string
}

/** `PARTITION START ("a") END ("b")`, or `PARTITION ("a", "b")` of a view with partitions by list. */
export type RefreshPart =
  | { readonly start: string; readonly end: string }
  | { readonly values: readonly string[] }

export type ColumnPosition =
  | { readonly kind: 'first' }
  | { readonly kind: 'after'; readonly column: string }

export type AlterTableClause =
  | {
      readonly kind: 'addColumns'
      readonly columns: readonly ColumnDefinition[]
      readonly position: ColumnPosition | undefined
      readonly rollup: string | undefined
      readonly properties: readonly Property[]
    }
  | { readonly kind: 'dropColumn'; readonly name: string; readonly rollup: string | undefined }
  | {
      readonly kind: 'modifyColumn'
      readonly column: ColumnDefinition
      readonly position: ColumnPosition | undefined
      readonly rollup: string | undefined
    }
  | {
      readonly kind: 'addField'
      readonly column: string
      /** From the column down to the struct; `[*]` is the items of an array. */
      readonly path: readonly string[]
      readonly field: StructField
      readonly position: ColumnPosition | undefined
    }
  | {
      readonly kind: 'dropField'
      readonly column: string
      readonly path: readonly string[]
      readonly field: string
    }
  | { readonly kind: 'modifyColumnComment'; readonly name: string; readonly comment: string }
  | { readonly kind: 'renameColumn'; readonly from: string; readonly to: string }
  | { readonly kind: 'orderBy'; readonly columns: readonly string[] }
  | { readonly kind: 'rename'; readonly name: string }
  | { readonly kind: 'renamePartition'; readonly from: string; readonly to: string }
  | { readonly kind: 'renameRollup'; readonly from: string; readonly to: string }
  | { readonly kind: 'swap'; readonly name: string }
  | { readonly kind: 'comment'; readonly comment: string }
  | {
      readonly kind: 'addPartition'
      readonly items: readonly PartitionItem[]
      readonly temporary: boolean
      readonly distribution: Distribution | undefined
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'dropPartition'
      readonly names: readonly string[]
      readonly ifExists: boolean
      readonly temporary: boolean
      readonly force: boolean
    }
  | {
      readonly kind: 'replacePartition'
      readonly names: readonly string[]
      readonly by: readonly string[]
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'modifyPartition'
      /** Empty is `(*)`. */
      readonly names: readonly string[]
      readonly properties: readonly Property[]
    }
  | { readonly kind: 'truncatePartition'; readonly names: readonly string[] }
  | { readonly kind: 'setProperties'; readonly properties: readonly Property[] }
  | {
      readonly kind: 'distribution'
      readonly distribution: Distribution
      /** Empty: of the whole table. */
      readonly partitions: readonly string[]
    }
  /** StarRocks 3.3 reads it, answers success and leaves the partitions as they are. */
  | { readonly kind: 'partitionBy' }
  | { readonly kind: 'addRollup'; readonly rollups: readonly RollupDefinition[] }
  | { readonly kind: 'dropRollup'; readonly names: readonly string[] }
  | { readonly kind: 'addIndex'; readonly index: IndexDefinition }
  | { readonly kind: 'dropIndex'; readonly name: string }
  | { readonly kind: 'compact'; readonly names: readonly string[] }

export type AlterMaterializedViewClause =
  | { readonly kind: 'rename'; readonly name: string }
  | { readonly kind: 'refresh'; readonly refresh: Refresh }
  | { readonly kind: 'status'; readonly active: boolean }
  | { readonly kind: 'setProperties'; readonly properties: readonly Property[] }
  | { readonly kind: 'swap'; readonly name: string }

export type DefinitionStatement =
  | {
      readonly kind: 'createDatabase'
      readonly name: string
      readonly catalog: string | undefined
      readonly ifNotExists: boolean
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'dropDatabase'
      readonly name: string
      readonly catalog: string | undefined
      readonly ifExists: boolean
      readonly force: boolean
    }
  | { readonly kind: 'alterDatabaseRename'; readonly name: string; readonly to: string }
  | {
      readonly kind: 'alterDatabaseQuota'
      readonly name: string
      readonly what: 'data' | 'replica'
      /** As written: `10T`, `100`. */
      readonly quota: string
    }
  | CreateTable
  | CreateTableAs
  | CreateTableLike
  | CreateView
  | CreateMaterializedView
  | {
      readonly kind: 'dropTable'
      readonly name: ObjectName
      readonly ifExists: boolean
      readonly temporary: boolean
      readonly force: boolean
    }
  | { readonly kind: 'cleanTemporaryTable'; readonly session: string }
  | { readonly kind: 'dropView'; readonly name: ObjectName; readonly ifExists: boolean }
  | { readonly kind: 'dropMaterializedView'; readonly name: ObjectName; readonly ifExists: boolean }
  | {
      readonly kind: 'alterTable'
      readonly name: ObjectName
      readonly clauses: readonly AlterTableClause[]
    }
  | {
      readonly kind: 'cancelAlter'
      readonly what: 'column' | 'rollup' | 'optimize' | 'materialized view'
      readonly name: ObjectName
    }
  | {
      readonly kind: 'alterView'
      readonly name: ObjectName
      readonly columns: readonly ViewColumn[]
      readonly query: Query
      readonly queryText: string
    }
  | {
      readonly kind: 'alterMaterializedView'
      readonly name: ObjectName
      readonly clause: AlterMaterializedViewClause
    }
  | {
      readonly kind: 'refreshMaterializedView'
      readonly name: ObjectName
      readonly part: RefreshPart | undefined
      readonly force: boolean
      readonly mode: 'sync' | 'async' | undefined
    }
  | { readonly kind: 'refreshExternalTable'; readonly table: ObjectName }
  | {
      readonly kind: 'cancelRefreshMaterializedView'
      readonly name: ObjectName
      readonly force: boolean
    }
  | { readonly kind: 'createIndex'; readonly table: ObjectName; readonly index: IndexDefinition }
  | { readonly kind: 'dropIndex'; readonly name: string; readonly table: ObjectName }
  | {
      readonly kind: 'createCatalog'
      readonly name: string
      readonly ifNotExists: boolean
      readonly comment: string | undefined
      readonly properties: readonly Property[]
    }
  | { readonly kind: 'dropCatalog'; readonly name: string; readonly ifExists: boolean }
  | {
      readonly kind: 'alterCatalog'
      readonly name: string
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'recover'
      readonly what: 'database' | 'table' | 'partition'
      readonly name: ObjectName
      readonly from: ObjectName | undefined
    }
