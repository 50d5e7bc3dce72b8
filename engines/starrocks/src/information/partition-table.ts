/**
 * information_schema.partitions_meta and be_tablets: a partition is one tablet here. Versions are those of rows that never change place:
 * StarRocks' first. reference: StarRocks 3.3.7, PartitionsMetaSystemTable, BeTabletsSystemTable.
 */
import { hasNoRows } from '../execution/storage-volume.ts'
import type { PartitionEntry, TableEntry } from '../catalog/catalog.ts'
import { autoRule, listedPartitions, partitionTypes } from '../catalog/partition.ts'
import { partitionValueTexts } from '../catalog/partition-definition.ts'
import { partitionCountsSql } from './partition-count.ts'
import { columnText } from './create-table-text.ts'
import { timeZoneOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { long, moment, momentText, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'
import { mapInSteps } from './step.ts'
import type { Steps } from './step.ts'
import { listedNames, visibleTables } from './starrocks-table.ts'

const database = 'information_schema'
const double = { kind: 'double' } as const
const flag = { kind: 'boolean' } as const

const metaShape = virtualColumns({
  DB_NAME: text,
  TABLE_NAME: text,
  PARTITION_NAME: text,
  PARTITION_ID: long,
  COMPACT_VERSION: long,
  VISIBLE_VERSION: long,
  VISIBLE_VERSION_TIME: moment,
  NEXT_VERSION: long,
  DATA_VERSION: long,
  VERSION_EPOCH: long,
  VERSION_TXN_TYPE: text,
  PARTITION_KEY: text,
  PARTITION_VALUE: text,
  DISTRIBUTION_KEY: text,
  BUCKETS: long,
  REPLICATION_NUM: long,
  STORAGE_MEDIUM: text,
  COOLDOWN_TIME: moment,
  LAST_CONSISTENCY_CHECK_TIME: moment,
  IS_IN_MEMORY: flag,
  IS_TEMP: flag,
  DATA_SIZE: text,
  ROW_COUNT: long,
  ENABLE_DATACACHE: flag,
  AVG_CS: double,
  P50_CS: double,
  MAX_CS: double,
  STORAGE_PATH: text,
})

export function* partitionsMeta(context: StatementContext): Steps<VirtualTable> {
  const zone = timeZoneOf(context)
  const rows: Cell[][][] = []
  for (const [schema, table] of visibleTables(context)) {
    const row = metaRow(schema.name, table, zone)
    rows.push(yield* mapInSteps([...shadowPartition(table), ...partitionsOf(table, 'all')], row))
    yield
  }
  return {
    database,
    name: 'partitions_meta',
    columns: metaShape,
    rows: rows.flat(),
    computed: Object.fromEntries(
      Object.entries(yield* rowCounts(context, 'ROW_COUNT')).map(([name, sql]) => [
        name,
        `CASE WHEN c2 = '${SHADOW_PARTITION}' THEN 0 ELSE ${sql} END`,
      ]),
    ),
  }
}

function metaRow(
  schema: string,
  table: TableEntry,
  zone: string,
): (entry: PartitionEntry) => Cell[] {
  const key = keyText(table)
  const distribution = listedNames(table.distribution.columns) || 'ALL KEY'
  const made = momentsIn(zone)
  const values = partitionValueTexts(table)
  return (entry) => [
    schema,
    table.name,
    entry.name,
    entry.id,
    0,
    1,
    made(entry.createdMs),
    2,
    1,
    entry.id,
    'TXN_NORMAL',
    key,
    values(entry),
    distribution,
    entry.buckets ?? table.distribution.buckets ?? 1,
    Number(entry.properties.replication_num ?? table.properties.replication_num ?? 1),
    'HDD',
    null,
    null,
    false,
    entry.temporary,
    null,
    null,
    false,
    0,
    0,
    0,
    '',
  ]
}

/** Texts of moments; partitions that were made together have one. */
export function momentsIn(zone: string): (ms: number) => string {
  let last: { readonly ms: number; readonly text: string } | undefined
  return (ms) => {
    if (last?.ms !== ms) last = { ms, text: momentText(ms, zone) }
    return last.text
  }
}

/** The partition columns as they are declared. */
function keyText(table: TableEntry): string {
  const names = table.partition?.columns ?? []
  return names
    .flatMap((name) =>
      table.columns.filter((column) => column.name.toLowerCase() === name.toLowerCase()),
    )
    .map((column) => columnText(column).trim())
    .join(', ')
}

export function* tablets(context: StatementContext): Steps<VirtualTable> {
  const columns = virtualColumns({
    BE_ID: long,
    TABLE_ID: long,
    PARTITION_ID: long,
    TABLET_ID: long,
    NUM_VERSION: long,
    MAX_VERSION: long,
    MIN_VERSION: long,
    NUM_ROWSET: long,
    NUM_ROW: long,
    DATA_SIZE: long,
    INDEX_MEM: long,
    CREATE_TIME: long,
    STATE: text,
    TYPE: text,
    DATA_DIR: text,
    SHARD_ID: long,
    SCHEMA_HASH: long,
    INDEX_DISK: long,
    MEDIUM_TYPE: text,
    NUM_SEGMENT: long,
  })
  const rows: Cell[][][] = []
  for (const [, table] of visibleTables(context)) {
    rows.push(yield* mapInSteps(partitionsOf(table, 'all'), tabletRow(table)))
    yield
  }
  return {
    database,
    name: 'be_tablets',
    columns,
    rows: rows.flat(),
    computed: yield* rowCounts(context, 'NUM_ROW', 'c2'),
  }
}

const tabletRow =
  (table: TableEntry) =>
  (entry: PartitionEntry): Cell[] => [
    10_001,
    table.id,
    entry.id,
    entry.id,
    1,
    1,
    0,
    1,
    null,
    null,
    0,
    Math.floor(entry.createdMs / 1000),
    'RUNNING',
    typeNames[table.model],
    '',
    0,
    0,
    0,
    'HDD',
    1,
  ]

const typeNames: Readonly<Record<TableEntry['model'], string>> = {
  duplicate: 'DUPLICATE',
  aggregate: 'AGGREGATE',
  unique: 'UNIQUE',
  primary: 'PRIMARY',
}

/** Of all tables whose rows can be had. */
function* rowCounts(
  context: StatementContext,
  name: string,
  id = 'c3',
): Steps<Record<string, string>> {
  const counts: string[] = []
  for (const [, table] of visibleTables(context)) {
    if (hasNoRows(context, table)) continue
    const sql = partitionCountsSql(table, table.partition ? table.partitions : partitionsOf(table))
    if (sql !== '') counts.push(sql)
    yield
  }
  if (counts.length === 0) return {}
  return {
    [name]: `(SELECT p.rows FROM (${counts.join(' UNION ALL ')}) AS p WHERE p.id = CAST(${id} AS BIGINT))`,
  }
}

/** That no row is in: StarRocks makes the partitions of a table that makes its own like this one. */
export function shadowPartition(table: TableEntry): readonly PartitionEntry[] {
  const rule = autoRule(table.partition)
  if (!rule || table.kind !== 'table') return []
  const isList = rule.kind === 'columns'
  const none = partitionTypes(table).map(({ kind }) => ({
    kind: 'value' as const,
    text: kind === 'datetime' ? '0000-00-00 00:00:00' : '0000-00-00',
  }))
  return [
    {
      id: table.id,
      name: SHADOW_PARTITION,
      temporary: false,
      range: isList ? undefined : { lower: none, upper: none },
      values: isList ? [] : undefined,
      properties: {},
      createdMs: table.createdMs,
    },
  ]
}

const SHADOW_PARTITION = '$shadow_automatic_partition'

/** A table without PARTITION BY is one partition of its own name. */
export function partitionsOf(
  table: TableEntry,
  which: 'standing' | 'temporary' | 'all' = 'standing',
): TableEntry['partitions'] {
  if (table.partition) {
    const chosen = table.partitions.filter(
      ({ temporary }) => which === 'all' || temporary === (which === 'temporary'),
    )
    return listedPartitions(table, chosen)
  }
  if (which === 'temporary') return []
  return [
    {
      id: table.id,
      name: table.name,
      temporary: false,
      range: undefined,
      values: undefined,
      properties: {},
      createdMs: table.createdMs,
    },
  ]
}
