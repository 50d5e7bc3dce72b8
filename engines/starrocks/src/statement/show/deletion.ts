/** SHOW DELETE: deletions are finished when their statement answers. */
import type { Show } from '../../sql/ast-session.ts'
import { sees } from '../../catalog/authority.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { shown, shownDatabase } from './object.ts'

export function deletions(context: StatementContext, show: Show): VirtualTable {
  const { current } = context.engine.store
  const database = current.database(shownDatabase(context, show))
  const columns = virtualColumns({
    TableName: text,
    PartitionName: text,
    CreateTime: text,
    DeleteCondition: text,
    State: text,
  })
  const zone = timeZoneOf(context)
  const rows = current.records('deletion').flatMap((entry): Cell[][] => {
    const table = current.entries.get(entry.tableId)
    if (table?.kind !== 'table' || table.databaseId !== database?.id) return []
    if (!sees(current, context.state.authority, table)) return []
    const partitions = entry.partitions.length === 0 ? '*' : entry.partitions.join(', ')
    const created = momentText(entry.createdMs, zone)
    return [[table.name, partitions, created, entry.conditions.join(', '), 'FINISHED']]
  })
  return shown('delete', columns, rows)
}
