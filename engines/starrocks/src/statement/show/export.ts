/** SHOW EXPORT: a user's own exports of a database. reference: StarRocks fe, ExportProcNode.java, ExportMgr.java, ExportStmtAnalyzer.java (3.3.7) */
import { databaseNamed } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { Task } from '../../execution/task.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { SqlError } from '../../session.ts'
import type { Show } from '../../sql/ast-session.ts'
import type { Expression } from '../../sql/ast.ts'
import { noDatabase } from '../../sql/sql-error.ts'
import type { ExportJob } from '../dml/export.ts'

const STATES = {
  PENDING: 'PENDING',
  RUNNING: 'EXPORTING',
  SUCCESS: 'FINISHED',
  FAILED: 'CANCELLED',
}

export function showExports(execution: Execution, show: Show): VirtualTable {
  const columns = virtualColumns({
    JobId: long,
    QueryId: text,
    State: text,
    Progress: text,
    TaskInfo: text,
    Path: text,
    CreateTime: text,
    StartTime: text,
    FinishTime: text,
    Timeout: long,
    ErrorMsg: text,
  })
  const { engine, state } = execution
  const name = show.database ?? state.database
  if (name === undefined) throw noDatabase()
  databaseNamed(engine.store.current, name)
  if (show.where) checkWhere(show.where)
  const zone = timeZoneOf(execution)
  const isShown = ({ database, userId }: Task) =>
    database === name && userId === state.authority.userId
  const rows = engine.exports
    .list()
    .filter(isShown)
    .map((task): Cell[] => {
      const job = JSON.parse(task.definition) as ExportJob
      const info = {
        db: task.database,
        tbl: job.table,
        partitions: job.partitions,
        columns: job.columns,
        broker: '',
        'column separator': job.columnSeparator,
        'row delimiter': job.rowDelimiter,
      }
      return [
        job.id,
        task.queryId,
        STATES[task.state],
        task.state === 'SUCCESS' ? '100%' : '0%',
        JSON.stringify(info),
        job.path,
        momentText(task.createdMs, zone),
        momentText(task.createdMs, zone),
        task.finishedMs === undefined ? null : momentText(task.finishedMs, zone),
        job.timeoutSeconds,
        task.error?.message ?? null,
      ]
    })
  return { database: '', name: 'export', columns, rows }
}

function checkWhere(where: Expression): void {
  if (!isFilter(where))
    throw new SqlError(
      'Getting analyzing error. Detail message: Where clause should look like : queryid = "your_query_id" or STATE = "PENDING|EXPORTING|FINISHED|CANCELLED".',
    )
}

function isFilter(where: Expression): boolean {
  if (where.kind !== 'binary' || where.operator !== '=' || where.left.kind !== 'column')
    return false
  const { right } = where
  const name = where.left.path.at(-1)?.toLowerCase()
  if (name === 'jobid') return right.kind === 'integer'
  if (right.kind !== 'string') return false
  return name === 'queryid' || (name === 'state' && Object.values(STATES).includes(right.value))
}
