/** SHOW PARTITIONS, DATA, LOAD, TRANSACTION, ALTER: what is stored and what was loaded. */
import type { Show } from '../../sql/ast-session.ts'
import { SqlError } from '../../session.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { loads as loadInfo } from '../../information/load-table.ts'
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

/** SHOW LOAD and SHOW STREAM LOAD: the label goes first, for LIKE. */
export function showLoads(context: StatementContext, show: Show): VirtualTable {
  const all = loadInfo(context)
  const database = show.database ?? context.state.database
  const wanted = show.what === 'stream load' ? 'STREAM LOAD' : undefined
  const at = (name: string) => all.columns.findIndex((column) => column.name === name)
  const [labelAt, kindAt, databaseAt] = [at('LABEL'), at('TYPE'), at('DB_NAME')]
  const order = [labelAt, ...[...all.columns.keys()].filter((index) => index !== labelAt)]
  const pick = <T>(items: readonly T[]): T[] => order.map((index) => items[index] as T)
  const rows = all.rows.filter(
    (row) =>
      (wanted === undefined || row[kindAt] === wanted) &&
      (database === undefined || row[databaseAt] === database),
  )
  return { ...all, columns: pick(all.columns), rows: rows.map(pick) }
}

const sourceTypes = {
  INSERT: 'INSERT_STREAMING',
  'STREAM LOAD': 'BACKEND_STREAMING',
  BROKER: 'BATCH_LOAD_JOB',
}

export function showTransaction(context: StatementContext, show: Show): VirtualTable {
  const columns = virtualColumns({
    TransactionId: long,
    Label: text,
    Coordinator: text,
    TransactionStatus: text,
    LoadJobSourceType: text,
    PrepareTime: text,
    CommitTime: text,
    PublishTime: text,
    FinishTime: text,
    Reason: text,
    ErrorReplicasCount: long,
    ListenerId: long,
    TimeoutMs: long,
    ErrMsg: text,
  })
  const visible = new Set(showLoads(context, { ...show, what: 'load' }).rows.map((row) => row[1]))
  const zone = timeZoneOf(context)
  const rows = context.engine.labels
    .list()
    .filter((record) => visible.has(record.id))
    .map((record): Cell[] => {
      // Commit and publication are one moment here.
      const end = record.finishedMs === undefined ? null : momentText(record.finishedMs, zone)
      const committed = record.state === 'VISIBLE' ? end : null
      return [
        record.id,
        record.label,
        `FE: ${context.engine.identity.nodes[0]?.host ?? ''}`,
        record.state,
        sourceTypes[record.kind],
        momentText(record.createdMs, zone),
        committed,
        committed,
        end,
        '',
        0,
        -1,
        record.plan?.timeoutMs ?? null,
        record.message,
      ]
    })
  return { database: '', name: 'transaction', columns, rows }
}
