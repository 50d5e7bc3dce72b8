/** Entries of the catalog that record what happened, and are no objects. */
import type { DatabaseEntry, Entry, PartitionEntry, Relation, TableColumn } from './catalog.ts'

/** A change of a table that StarRocks makes in the background, and SHOW ALTER lists long after it is finished. */
export interface AlterationEntry {
  readonly kind: 'alteration'
  readonly id: number
  readonly databaseId: number
  readonly what: 'column' | 'rollup' | 'optimize'
  /** Of the table. */
  readonly name: string
  /** The rollup, or what was optimized. */
  readonly detail: string
  readonly detailId: number
  readonly createdMs: number
  readonly finishedMs: number
}

/** A DELETE of a table without a primary key, which SHOW DELETE lists. */
export interface DeletionEntry {
  readonly kind: 'deletion'
  readonly id: number
  readonly tableId: number
  readonly partitions: readonly string[]
  readonly conditions: readonly string[]
  readonly createdMs: number
}

/** An analysis that has ended. */
export interface AnalysisEntry {
  readonly kind: 'analysis'
  readonly id: number
  readonly tableId: number
  /** Empty: all. */
  readonly columns: readonly string[]
  readonly type: AnalysisType
  readonly startMs: number
  readonly endMs: number
  readonly properties: Readonly<Record<string, string>>
  /** SCHEDULE: of an analyze job; ONCE without it. */
  readonly schedule?: AnalysisSchedule
  /** Why it failed; it has succeeded without it. */
  readonly reason?: string
}

export type AnalysisSchedule = 'ONCE' | 'SCHEDULE'

/** What can be known of all columns. */
export type CollectionType = 'FULL' | 'SAMPLE'

export type AnalysisType = CollectionType | 'HISTOGRAM'

/** What was analyzed of a table, last. */
export interface StatisticEntry {
  readonly kind: 'statistic'
  readonly id: number
  readonly tableId: number
  /** Of all columns; what was analyzed of some only stands in `columns`. */
  readonly type: CollectionType
  readonly updatedMs: number
  readonly rows: number
  readonly properties: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<string, CollectionType>>
}

/** Of one column; the texts are as StarRocks keeps them. */
export interface HistogramEntry {
  readonly kind: 'histogram'
  readonly id: number
  readonly tableId: number
  readonly column: string
  readonly updatedMs: number
  readonly rows: number
  readonly properties: Readonly<Record<string, string>>
  readonly buckets: string | null
  readonly mostCommon: string | null
}

/** An analysis that is repeated: CREATE ANALYZE. */
export interface AnalyzeJobEntry {
  readonly kind: 'analyze job'
  readonly id: number
  /** Without one, of all databases. */
  readonly databaseId: number | undefined
  /** Without one, of all tables. */
  readonly onlyTableId: number | undefined
  readonly columns: readonly string[]
  readonly type: AnalysisType
  readonly properties: Readonly<Record<string, string>>
  readonly status: 'PENDING' | 'FINISH' | 'FAILED'
  readonly workedMs: number | undefined
  readonly reason: string
}

/** A node that was added by ALTER SYSTEM. */
export interface NodeEntry {
  readonly kind: 'node'
  readonly id: number
  readonly role: 'fe' | 'observer' | 'be' | 'cn'
  readonly host: string
  /** Of its heartbeats, or of its edit log. */
  readonly port: number
  readonly decommissioned: boolean
}

/**
 * What was dropped without FORCE, under the id that it had and with its rows where they were, until it is recovered or expires
 * (recycle-bin.ts). Nothing in a storage volume is kept so: the volume's own database says what there is.
 */
export type DroppedEntry = {
  readonly kind: 'dropped'
  readonly id: number
  readonly droppedMs: number
} & (
  | {
      readonly what: 'database'
      readonly object: DatabaseEntry
      /** The names of all that was in it. */
      readonly relations: readonly string[]
    }
  | { readonly what: 'relation'; readonly object: Relation }
  | {
      readonly what: 'partition'
      /** Its rows are in a table of their own, as a temporary partition's are; there is none for a list of values. */
      readonly object: PartitionEntry
      readonly partitionOf: number
      /** Of its table, when it was dropped. */
      readonly columns: readonly TableColumn[]
    }
)

/** What only lists show: nothing else is made of it. */
export type RecordEntry =
  | DroppedEntry
  | NodeEntry
  | AlterationEntry
  | DeletionEntry
  | AnalysisEntry
  | StatisticEntry
  | HistogramEntry
  | AnalyzeJobEntry

const recordKinds: readonly Entry['kind'][] = [
  'dropped',
  'node',
  'alteration',
  'deletion',
  'analysis',
  'statistic',
  'histogram',
  'analyze job',
]

export const isRecord = (entry: Entry): entry is RecordEntry => recordKinds.includes(entry.kind)

/** Oldest first. */
export const recordsOf = <Kind extends RecordEntry['kind']>(
  records: readonly RecordEntry[],
  kind: Kind,
): Extract<RecordEntry, { kind: Kind }>[] =>
  records
    .filter((entry): entry is Extract<RecordEntry, { kind: Kind }> => entry.kind === kind)
    .sort((a, b) => a.id - b.id)
