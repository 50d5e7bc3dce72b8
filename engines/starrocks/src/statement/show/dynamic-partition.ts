/** SHOW DYNAMIC PARTITION TABLES. reference: StarRocks 3.3.7, ShowDynamicPartitionStmt. */
import type { Show } from '../../sql/ast-session.ts'
import { sees } from '../../catalog/authority.ts'
import { dynamicOf, NO_START } from '../../catalog/retention-property.ts'
import type { DynamicPartition } from '../../catalog/retention-property.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { momentText, text } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { shownDatabase } from './object.ts'

const NAMES =
  'TableName Enable TimeUnit Start End Prefix Buckets ReplicationNum StartOf LastUpdateTime LastSchedulerTime State LastCreatePartitionMsg LastDropPartitionMsg InScheduler'

export function dynamicPartitions(context: StatementContext, show: Show): VirtualTable {
  const name = shownDatabase(context, show)
  const { current } = context.engine.store
  const zone = timeZoneOf(context)
  const rows = current.relations(current.database(name)?.id ?? -1).flatMap((relation): Cell[][] => {
    if (relation.kind !== 'table' || !sees(current, context.state.authority, relation)) return []
    const { properties } = relation
    const dynamic = dynamicOf(properties)
    if (!dynamic) return []
    const copies = properties['dynamic_partition.replication_num'] ?? properties['replication_num']
    const enabled = String(dynamic.enable)
    const { unit, start, end, prefix, buckets } = dynamic
    const head = [
      relation.name,
      enabled,
      unit.toUpperCase(),
      String(start ?? NO_START),
      String(end),
    ]
    const made = momentText(relation.createdMs, zone)
    const layout = [prefix, String(buckets), copies ?? '1', startOf(dynamic), made]
    return [[...head, ...layout, null, 'NORMAL', null, null, enabled]]
  })
  const columns = NAMES.split(' ').map((column) => ({ name: column, type: text }))
  return { database: '', name: 'dynamic partition tables', columns, rows }
}

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

function startOf({ unit, startOfWeek, startOfMonth }: DynamicPartition): string | null {
  if (unit === 'week') return weekdays[startOfWeek - 1] ?? null
  return unit === 'month' ? `${startOfMonth}st` : null
}
