/** information_schema.loads. reference: StarRocks 3.3.7, LoadsSystemTable. */
import { timeZoneOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { long, moment, momentText, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'
import { visibleTables } from './starrocks-table.ts'

const json = { kind: 'json' } as const

const states = {
  PREPARE: 'LOADING',
  PREPARED: 'PREPARED',
  VISIBLE: 'FINISHED',
  ABORTED: 'CANCELLED',
}

const shape = virtualColumns({
  ID: long,
  LABEL: text,
  PROFILE_ID: text,
  DB_NAME: text,
  TABLE_NAME: text,
  USER: text,
  WAREHOUSE: text,
  STATE: text,
  PROGRESS: text,
  TYPE: text,
  PRIORITY: text,
  SCAN_ROWS: long,
  SCAN_BYTES: long,
  FILTERED_ROWS: long,
  UNSELECTED_ROWS: long,
  SINK_ROWS: long,
  RUNTIME_DETAILS: json,
  CREATE_TIME: moment,
  LOAD_START_TIME: moment,
  LOAD_COMMIT_TIME: moment,
  LOAD_FINISH_TIME: moment,
  PROPERTIES: json,
  ERROR_MSG: text,
  TRACKING_SQL: text,
  REJECTED_RECORD_PATH: text,
  JOB_ID: long,
})

export function loads(context: StatementContext): VirtualTable {
  const zone = timeZoneOf(context)
  const visible = new Map(
    visibleTables(context).map(([schema, table]) => [table.id, { schema, table }]),
  )
  const rows = context.engine.labels.list().flatMap((record): Cell[][] => {
    const target = visible.get(record.tableId)
    if (!target) return []
    const { finishedMs } = record
    const created = momentText(record.createdMs, zone)
    const finished = finishedMs === undefined ? null : momentText(finishedMs, zone)
    return [
      [
        record.id,
        record.label,
        null,
        target.schema.name,
        target.table.name,
        record.user,
        '',
        states[record.state],
        record.state === 'VISIBLE' ? '100%' : '0%',
        record.kind,
        'NORMAL',
        record.total,
        record.bytes,
        record.filtered,
        record.unselected,
        record.loaded,
        null,
        created,
        created,
        finished,
        finished,
        null,
        record.message,
        null,
        null,
        record.id,
      ],
    ]
  })
  return { database: 'information_schema', name: 'loads', columns: shape, rows }
}
