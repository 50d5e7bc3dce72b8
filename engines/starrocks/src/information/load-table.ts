/** information_schema.loads and load_tracking_logs. reference: StarRocks 3.3.7, LoadsSystemTable; fe, LoadJob.java and StreamLoadTask.java */
import type { LoadRecord } from '../catalog/label-registry.ts'
import type { TableEntry } from '../catalog/catalog.ts'
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

export const loadState = ({ state }: LoadRecord): string => states[state]

/** A Stream Load has one phase, the others have two. */
export function loadProgress({ state, kind }: LoadRecord): string {
  if (kind === 'STREAM LOAD') return state === 'VISIBLE' ? '100%' : '0%'
  if (state === 'ABORTED') return 'ETL:N/A; LOAD:N/A'
  return `ETL:100%; LOAD:${state === 'VISIBLE' ? 100 : 0}%`
}

/** A query for what was wrong with rows of a load; undefined when there was nothing. */
export const trackingSql = ({ engine }: StatementContext, { id }: LoadRecord): string | undefined =>
  engine.loads.reasonsOf(id).length > 0
    ? `select tracking_log from information_schema.load_tracking_logs where job_id=${id}`
    : undefined

export interface VisibleLoad {
  readonly record: LoadRecord
  readonly database: string
  readonly table: TableEntry
}

/** Of tables that the user may see, oldest first. */
export function visibleLoads(context: StatementContext): readonly VisibleLoad[] {
  const visible = new Map(
    visibleTables(context).map(([schema, table]) => [table.id, { database: schema.name, table }]),
  )
  return [...context.engine.labels.list(), ...context.engine.loads.list()]
    .sort((one, other) => one.id - other.id)
    .flatMap((record) => {
      const target = visible.get(record.tableId)
      return target ? [{ record, ...target }] : []
    })
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
  const rows = visibleLoads(context).map(({ record, database, table }): Cell[] => {
    const { finishedMs, job } = record
    const created = momentText(record.createdMs, zone)
    const finished = finishedMs === undefined ? null : momentText(finishedMs, zone)
    return [
      record.id,
      record.label,
      null,
      database,
      table.name,
      record.user,
      '',
      loadState(record),
      loadProgress(record),
      record.kind,
      job?.priority ?? 'NORMAL',
      record.total,
      record.bytes,
      record.filtered,
      record.unselected,
      record.loaded,
      JSON.stringify({
        ...(job?.files !== undefined && { file_num: job.files }),
        txn_id: record.id,
      }),
      created,
      created,
      record.state === 'VISIBLE' ? finished : null,
      finished,
      job
        ? JSON.stringify({ max_filter_ratio: job.maxFilterRatio, timeout: job.timeoutSeconds })
        : null,
      record.message,
      trackingSql(context, record) ?? null,
      null,
      record.id,
    ]
  })
  return { database: 'information_schema', name: 'loads', columns: shape, rows }
}

export function loadTrackingLogs(context: StatementContext): VirtualTable {
  const columns = virtualColumns({
    ID: long,
    JOB_ID: long,
    LABEL: text,
    DATABASE_NAME: text,
    TRACKING_LOG: text,
    TYPE: text,
  })
  const rows = visibleLoads(context).flatMap(({ record, database }): Cell[][] => {
    const reasons = context.engine.loads.reasonsOf(record.id)
    if (reasons.length === 0) return []
    const log = reasons.map((reason) => `${reason}\n`).join('')
    return [[record.id, record.id, record.label, database, log, record.kind]]
  })
  return { database: 'information_schema', name: 'load_tracking_logs', columns, rows }
}
