/** SHOW PARTITIONS and DATA: what is stored. */
import { hasNoRows } from '../../execution/storage-volume.ts'
import type { Show } from '../../sql/ast-session.ts'
import { SqlError } from '../../session.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { partitionsOf, partitionRows } from '../../information/partition-table.ts'
import { partitionText } from '../../catalog/partition-definition.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { shownDatabase, shownRelation } from './object.ts'

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
  for (const entry of partitionsOf(table, which)) {
    const [count] = await execution.link.rows(`SELECT count(*) FROM ${partitionRows(table, entry)}`)
    rows.push([
      entry.id,
      entry.name,
      1,
      momentText(entry.createdMs, timeZoneOf(execution)),
      'NORMAL',
      (table.partition?.columns ?? []).join(', '),
      partitionText(table, entry),
      table.distribution.columns.join(', ') || 'RANDOM',
      entry.buckets ?? table.distribution.buckets ?? 1,
      Number(entry.properties.replication_num ?? table.properties.replication_num ?? 1),
      Number(count?.[0] ?? 0),
    ])
  }
  return { database: '', name: 'partitions', columns, rows }
}

function shownTable(context: StatementContext, show: Show): TableEntry {
  const relation = shownRelation(context, show)
  if (relation.kind === 'view')
    throw new SqlError(`Table '${relation.name}' is not a OLAP table`, 5000, 'HY000')
  return relation
}

/** Row counts per table; bytes are shown for the whole instance, since one file holds all tables. */
export async function data(execution: Execution, show: Show): Promise<VirtualTable> {
  const columns = virtualColumns({
    TableName: text,
    RowCount: long,
    ReplicaCount: long,
    Size: text,
  })
  const { current } = execution.engine.store
  const tables = show.name
    ? [shownTable(execution, show)]
    : current
        .relations(current.database(shownDatabase(execution, show))?.id ?? -1)
        .filter((relation) => relation.kind !== 'view')
  const rows: Cell[][] = []
  for (const table of tables) {
    if (hasNoRows(execution, table)) {
      rows.push([table.name, null, 1, null])
      continue
    }
    const [count] = await execution.link.rows(`SELECT count(*) FROM ${physicalName(table)}`)
    rows.push([table.name, Number(count?.[0] ?? 0), 1, null])
  }
  const used = await execution.engine.duck.usedBytes()
  const quota = execution.engine.limits.storageBytes
  rows.push(['Instance', null, null, `${used} B`])
  rows.push(['Quota', null, null, `${quota} B`])
  rows.push(['Left', null, null, `${Math.max(0, quota - used)} B`])
  return { database: '', name: 'data', columns, rows }
}
