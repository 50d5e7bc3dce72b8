/** SHOW PARTITIONS and DATA: what is stored. */
import { hasNoRows } from '../../execution/storage-volume.ts'
import type { Show } from '../../sql/ast-session.ts'
import { SqlError } from '../../session.ts'
import { sees } from '../../catalog/authority.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { partitionCounts } from '../../information/partition-count.ts'
import { momentsIn, partitionsOf, shadowPartition } from '../../information/partition-table.ts'
import { partitionValueTexts } from '../../catalog/partition-definition.ts'
import { settingOf } from '../../execution/configuration-item.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { long, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { literal as quote } from '../../sql/quote.ts'
import { BLOCK_BYTES } from '../../storage/database-file.ts'
import { sizeText } from './node.ts'
import { shownDatabase, shownRelation } from './object.ts'

const SHADOWS = 'enable_display_shadow_partitions'

export async function partitions(execution: Execution, show: Show): Promise<VirtualTable> {
  const table = shownTable(execution, show)
  const isList = table.partitions.some((entry) => entry.values)
  const columns = virtualColumns({
    PartitionId: long,
    PartitionName: text,
    VisibleVersion: long,
    VisibleVersionTime: text,
    State: text,
    PartitionKey: text,
    [isList ? 'List' : 'Range']: text,
    DistributionKey: text,
    Buckets: long,
    ReplicationNum: long,
    RowCount: long,
  })
  const rows: Cell[][] = []
  const which = show.what === 'partitions' ? 'standing' : 'temporary'
  const standing = partitionsOf(table, which)
  const { settings } = execution.engine.identity
  const isShown = which === 'standing' && settingOf(settings, 'frontend', SHADOWS) === 'true'
  const entries = isShown ? [...shadowPartition(table), ...standing] : standing
  const made = momentsIn(timeZoneOf(execution))
  const values = partitionValueTexts(table)
  const count = await partitionCounts(execution.link, table, standing)
  for (const entry of entries)
    rows.push([
      entry.id,
      entry.name,
      1,
      made(entry.createdMs),
      'NORMAL',
      (table.partition?.columns ?? []).join(', '),
      values(entry),
      table.distribution.columns.join(', ') || 'RANDOM',
      entry.buckets ?? table.distribution.buckets ?? 1,
      Number(entry.properties.replication_num ?? table.properties.replication_num ?? 1),
      count(entry),
    ])
  return { database: '', name: 'partitions', columns, rows }
}

function shownTable(context: StatementContext, show: Show): TableEntry {
  const relation = shownRelation(context, show)
  if (relation.kind === 'view')
    throw new SqlError(`Table '${relation.name}' is not a OLAP table`, 5000, 'HY000')
  return relation
}

/** Of each table, or of one with its rows. The quota is the instance's, and what is left of it, too. */
export async function data(execution: Execution, show: Show): Promise<VirtualTable> {
  if (show.name) return tableData(execution, shownTable(execution, show))
  const { current } = execution.engine.store
  const database = current.database(shownDatabase(execution, show))
  const tables = current
    .relations(database?.id ?? -1)
    .filter((relation) => relation.kind !== 'view')
    .filter((relation) => sees(current, execution.state.authority, relation))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const rows: Cell[][] = []
  const total = { bytes: 0, replicas: 0 }
  for (const table of tables) {
    const { bytes } = await storedData(execution, table)
    const replicas = replicasOf(table)
    rows.push([table.name, sizeText(bytes), String(replicas)])
    total.bytes += bytes
    total.replicas += replicas
  }
  const quota = execution.engine.limits.storageBytes
  const left = Math.max(0, quota - (await execution.engine.duck.usedBytes()))
  rows.push(
    ['Total', sizeText(total.bytes), String(total.replicas)],
    ['Quota', sizeText(quota), String(REPLICA_QUOTA)],
    ['Left', sizeText(left), String(Math.max(0, REPLICA_QUOTA - total.replicas))],
  )
  const columns = virtualColumns({ TableName: text, Size: text, ReplicaCount: text })
  return { database: '', name: 'data', columns, rows }
}

/** StarRocks' own default. */
const REPLICA_QUOTA = 1_073_741_824

async function tableData(execution: Execution, table: TableEntry): Promise<VirtualTable> {
  const { bytes, rows: count } = await storedData(execution, table)
  const [size, replicas] = [sizeText(bytes), String(replicasOf(table))]
  const names = 'TableName IndexName Size ReplicaCount RowCount'
  const columns = names.split(' ').map((name) => ({ name, type: text }))
  const rows: Cell[][] = [
    [table.name, table.name, size, replicas, String(count)],
    ['', 'Total', size, replicas, ''],
  ]
  return { database: '', name: 'data', columns, rows }
}

const replicasOf = (table: TableEntry): number => {
  const buckets = partitionsOf(table, 'standing').map(
    (entry) => entry.buckets ?? table.distribution.buckets ?? 1,
  )
  const all = buckets.reduce((sum, count) => sum + count, 0)
  return all * Number(table.properties.replication_num ?? 1)
}

/** The blocks that DuckDB keeps of it on disk, which share none; of what is in its log only, about what the values take. */
async function storedData(
  execution: Execution,
  table: TableEntry,
): Promise<{ readonly bytes: number; readonly rows: number }> {
  if (hasNoRows(execution, table)) return { bytes: 0, rows: 0 }
  const name = physicalName(table)
  const [row] = await execution.link.rows(
    `SELECT (SELECT count(DISTINCT block_id) FILTER (WHERE block_id >= 0) * ${BLOCK_BYTES} +
        coalesce(sum(CASE WHEN block_id >= 0 THEN 0 WHEN segment_type = 'VALIDITY' THEN count // 8
          WHEN segment_type IN ('BOOLEAN', 'TINYINT') THEN count WHEN segment_type = 'SMALLINT' THEN count * 2
          WHEN segment_type IN ('INTEGER', 'DATE', 'FLOAT') THEN count * 4 ELSE count * 8 END), 0)
        FROM pragma_storage_info(${quote(name)})),
      (SELECT count(*) FROM ${name})`,
  )
  return { bytes: Number(row?.[0] ?? 0), rows: Number(row?.[1] ?? 0) }
}
