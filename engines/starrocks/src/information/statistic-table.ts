/**
 * `_statistics_`: what ANALYZE has found out. It holds values of rows, so that only whoever may read a table sees what is known of it.
 * reference: StarRocks 3.3.7, StatisticUtils.buildStatsColumnDef
 */
import { allows, relationTarget } from '../catalog/authority.ts'
import { timeZoneOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { long, moment, momentText, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'

export function histogramStatistics(context: StatementContext): VirtualTable {
  const { current } = context.engine.store
  const rows = current.records('histogram').flatMap((entry): Cell[][] => {
    const table = current.entries.get(entry.tableId)
    if (table?.kind !== 'table' && table?.kind !== 'materialized view') return []
    if (!allows(current, context.state.authority, ['SELECT'], relationTarget(table))) return []
    const database = current.entries.get(table.databaseId)
    if (database?.kind !== 'database') return []
    const name = `${database.name}.${table.name}`
    const head = [table.id, entry.column, database.id, name, entry.buckets, entry.mostCommon]
    return [[...head, momentText(entry.updatedMs, timeZoneOf(context))]]
  })
  const columns = virtualColumns({
    table_id: long,
    column_name: text,
    db_id: long,
    table_name: text,
    buckets: text,
    mcv: text,
    update_time: moment,
  })
  return { database: '_statistics_', name: 'histogram_statistics', columns, rows }
}
