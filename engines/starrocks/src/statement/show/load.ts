/** SHOW LOAD, SHOW STREAM LOAD and SHOW TRANSACTION: what was loaded. reference: StarRocks 3.3.7, LoadProcDir, ShowStreamLoadStmt, ShowLoadStmtAnalyzer */
import type { LoadRecord } from '../../catalog/label-registry.ts'
import { databaseNamed } from '../../catalog/lookup.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { loadProgress, loadState, trackingSql, visibleLoads } from '../../information/load-table.ts'
import type { VisibleLoad } from '../../information/load-table.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { SqlError } from '../../session.ts'
import type { Show } from '../../sql/ast-session.ts'
import type { Expression } from '../../sql/ast.ts'
import { noDatabase } from '../../sql/sql-error.ts'

const texts = (names: string) =>
  virtualColumns(Object.fromEntries(names.split(' ').map((name) => [name, text])))

/** Of the database that the statement names, or of the session's. */
function loadsOf(context: StatementContext, show: Show): readonly VisibleLoad[] {
  const name = show.database ?? context.state.database
  if (name === undefined && show.modifier !== 'all') throw noDatabase()
  const database =
    name === undefined ? undefined : databaseNamed(context.engine.store.current, name)
  return visibleLoads(context).filter(
    ({ record }) => database === undefined || record.databaseId === database.id,
  )
}

const momentsOf = (context: StatementContext, { createdMs, finishedMs }: LoadRecord) => {
  const zone = timeZoneOf(context)
  return {
    created: momentText(createdMs, zone),
    finished: finishedMs === undefined ? null : momentText(finishedMs, zone),
  }
}

const loadColumns = virtualColumns({
  JobId: long,
  Label: text,
  State: text,
  Progress: text,
  Type: text,
  Priority: text,
  ScanRows: long,
  FilteredRows: long,
  UnselectedRows: long,
  SinkRows: long,
  EtlInfo: text,
  TaskInfo: text,
  ErrorMsg: text,
  CreateTime: text,
  EtlStartTime: text,
  EtlFinishTime: text,
  LoadStartTime: text,
  LoadFinishTime: text,
  TrackingSQL: text,
  JobDetails: text,
})

export function showLoads(context: StatementContext, show: Show): VirtualTable {
  if (show.where) checkWhere(show.where)
  const rows = loadsOf(context, show)
    .filter(({ record }) => record.kind !== 'STREAM LOAD')
    .map(({ record }): Cell[] => {
      const { job } = record
      const { created, finished } = momentsOf(context, record)
      const details = {
        FileNumber: job?.files ?? 0,
        FileSize: record.bytes,
        InternalTableLoadRows: record.loaded,
        ScanBytes: record.bytes,
        ScanRows: record.total,
      }
      return [
        record.id,
        record.label,
        loadState(record),
        loadProgress(record),
        record.kind,
        job?.priority ?? 'NORMAL',
        record.total,
        record.filtered,
        record.unselected,
        record.loaded,
        null,
        `resource:N/A; timeout(s):${job?.timeoutSeconds ?? INSERT_SECONDS}; max_filter_ratio:${(job?.maxFilterRatio ?? 0).toFixed(1)}`,
        record.message === '' ? null : record.message,
        created,
        created,
        created,
        created,
        finished,
        trackingSql(context, record) ?? '',
        JSON.stringify(details),
      ]
    })
  return { database: '', name: 'load', columns: loadColumns, rows }
}

/** StarRocks: insert_load_default_timeout_second. */
const INSERT_SECONDS = 3600

const STATES: readonly string[] = [
  'UNKNOWN',
  'PENDING',
  'ETL',
  'LOADING',
  'COMMITTED',
  'FINISHED',
  'CANCELLED',
]

/** More would be easy here, but clients learn by it what StarRocks will not take. */
function checkWhere(where: Expression): void {
  if (where.kind === 'binary' && where.operator === 'and') {
    checkWhere(where.left)
    checkWhere(where.right)
    return
  }
  if (!isFilter(where))
    throw new SqlError(
      'Getting analyzing error. Detail message: Where clause should looks like: LABEL = "your_load_label", or LABEL LIKE "matcher",  or STATE = "PENDING|ETL|LOADING|FINISHED|CANCELLED|QUEUEING",  or compound predicate with operator AND.',
    )
}

function isFilter(where: Expression): boolean {
  const isEqual = where.kind === 'binary' && where.operator === '='
  const isLike = where.kind === 'like' && where.operator === 'like' && !where.negated
  if (!isEqual && !isLike) return false
  const { left, right } =
    where.kind === 'binary' ? where : { left: where.operand, right: where.pattern }
  if (left.kind !== 'column' || right.kind !== 'string' || right.value === '') return false
  const name = left.path.at(-1)?.toLowerCase()
  const isState = isEqual && STATES.includes(right.value.toUpperCase())
  return name === 'label' || (name === 'state' && isState)
}

export function showStreamLoads(context: StatementContext, show: Show): VirtualTable {
  const rows = loadsOf(context, show)
    .filter(({ record }) => record.kind === 'STREAM LOAD')
    .map(({ record, database, table }): Cell[] => {
      const { created, finished } = momentsOf(context, record)
      const counts = [record.loaded, record.filtered, record.unselected, record.bytes]
      const timeout = record.plan ? String(record.plan.timeoutMs / 1000) : null
      return [
        record.label,
        String(record.id),
        String(record.id),
        String(record.id),
        database,
        table.name,
        loadState(record),
        record.message,
        '',
        '1',
        '1',
        ...counts.map(String),
        timeout,
        created,
        created,
        created,
        null,
        finished,
        finished,
        '',
        'STREAM LOAD',
        trackingSql(context, record) ?? '',
      ]
    })
  return {
    database: '',
    name: 'stream load',
    columns: texts(
      'Label Id LoadId TxnId DbName TableName State ErrorMsg TrackingURL ChannelNum PreparedChannelNum NumRowsNormal NumRowsAbNormal NumRowsUnselected NumLoadBytes TimeoutSecond CreateTimeMs BeforeLoadTimeMs StartLoadingTimeMs StartPreparingTimeMs FinishPreparingTimeMs EndTimeMs ChannelState Type TrackingSQL',
    ),
    rows,
  }
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
  const rows = loadsOf(context, show).map(({ record }): Cell[] => {
    // Commit and publication are one moment here.
    const { created, finished } = momentsOf(context, record)
    const committed = record.state === 'VISIBLE' ? finished : null
    return [
      record.id,
      record.label,
      `FE: ${context.engine.identity.nodes[0]?.host ?? ''}`,
      record.state,
      sourceTypes[record.kind],
      created,
      committed,
      committed,
      finished,
      '',
      0,
      -1,
      record.plan?.timeoutMs ?? null,
      record.message,
    ]
  })
  return { database: '', name: 'transaction', columns, rows }
}
