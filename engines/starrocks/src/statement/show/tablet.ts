/**
 * SHOW TABLET and SHOW TABLETS FROM: a partition is one tablet here, on the first back end, as in information_schema.be_tablets.
 * reference: StarRocks 3.3.7, ShowTabletStmt, LocalTabletsProcDir.
 */
import type { Show } from '../../sql/ast-session.ts'
import { SqlError } from '../../session.ts'
import { sees } from '../../catalog/authority.ts'
import type { PartitionEntry } from '../../catalog/catalog.ts'
import { namedPartitions } from '../../catalog/partition.ts'
import type { Execution } from '../../execution/execution.ts'
import { partitionCounts } from '../../information/partition-count.ts'
import { partitionsOf } from '../../information/partition-table.ts'
import { text } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { shown, shownRelation } from './object.ts'

const columnsNamed = (names: string) => names.split(' ').map((name) => ({ name, type: text }))

const listColumns = columnsNamed(
  'TabletId ReplicaId BackendId SchemaHash Version VersionHash LstSuccessVersion LstSuccessVersionHash LstFailedVersion LstFailedVersionHash LstFailedTime DataSize RowCount State LstConsistencyCheckTime CheckVersion CheckVersionHash VersionCount PathHash MetaUrl CompactionStatus DiskRootPath',
)
const oneColumns = columnsNamed(
  'DbName TableName PartitionName IndexName DbId TableId PartitionId IndexId IsSync DetailCmd',
)

/** StarRocks writes NULL as this into a column of text. */
const nothing = String.raw`\N`

export async function showTablets(execution: Execution, show: Show): Promise<VirtualTable> {
  if (show.text !== undefined) return oneTablet(execution, Number(show.text))
  const table = shownRelation(execution, show)
  if (table.kind === 'view')
    throw new SqlError(`Table '${table.name}' is not a OLAP table`, 5000, 'HY000')
  const chosen =
    show.partitions.length > 0
      ? namedPartitions(table, show.partitions, show.temporary)
      : partitionsOf(table)
  const count = await partitionCounts(execution.link, table, chosen)
  const rows = chosen.map((entry) => tabletRow(entry, count(entry)))
  return shown('tablets', listColumns, rows)
}

function tabletRow(entry: PartitionEntry, count: number): Cell[] {
  const id = String(entry.id)
  const version = ['1', '0', '1', '0', '-1', '0', nothing]
  const rows = ['0', String(count), 'NORMAL', nothing, '-1', '0', '1', '-1']
  return [id, id, '10001', '-1', ...version, ...rows, '', '', '']
}

/** Of which table and partition a tablet is; one that nobody has, or that the session may not see, is of none. */
function oneTablet({ engine, state }: Execution, id: number): VirtualTable {
  const { current } = engine.store
  for (const { id: databaseId, name } of current.databases()) {
    for (const table of current.relations(databaseId)) {
      if (table.kind === 'view' || !sees(current, state.authority, table)) continue
      const entry = partitionsOf(table, 'all').find((one) => one.id === id)
      if (!entry) continue
      const ids = [databaseId, table.id, entry.id, table.id]
      return shown('tablet', oneColumns, [
        [name, table.name, entry.name, table.name, ...ids.map(String), 'true', detail(ids, id)],
      ])
    }
  }
  const none = [-1, -1, -1, -1]
  return shown('tablet', oneColumns, [
    [null, null, null, null, ...none.map(String), 'false', detail(none, id)],
  ])
}

const detail = ([database, table, partition, index]: readonly number[], id: number): string =>
  `SHOW PROC '/dbs/${String(database)}/${String(table)}/partitions/${String(partition)}/${String(index)}/${id}';`
