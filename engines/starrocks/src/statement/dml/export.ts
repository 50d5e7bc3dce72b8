/**
 * EXPORT TABLE: a table's rows as text files of an object storage, by itself after the statement was answered, or WITH SYNC MODE before it.
 * Exports are listed while the process lives. reference: StarRocks fe, ExportStmt.java, ExportProcNode.java (3.3.7)
 */
import { demand, relationTarget } from '../../catalog/authority.ts'
import { existingColumn, tableNamed } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { internalExecution } from '../../execution/internal-execution.ts'
import { done } from '../../execution/result.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { Task } from '../../execution/task.ts'
import { readSeparator } from '../../file/csv-option.ts'
import { writeFiles } from '../../file/file-target.ts'
import type { FileTarget } from '../../file/file-target.ts'
import { readProperties } from '../../file/object-property.ts'
import { momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'
import { qualifyTable } from '../../resolution/object-name.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { DataStatement } from '../../sql/ast-data.ts'
import type { Query } from '../../sql/ast.ts'
import { plainItem, selectQuery } from '../../sql/ast-build.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { translateQuery } from '../../sql/translate.ts'
import { refuseTwice } from '../../catalog/table-definition.ts'
import { parseObjectPath } from '../../storage/object-path.ts'

type Export = Extract<DataStatement, { kind: 'export' }>

const KNOWN: readonly string[] = [
  'column_separator',
  'line_delimiter',
  'row_delimiter',
  'timeout',
  'include_query_id',
]
/** StarRocks: export_task_default_timeout_second. */
const TIMEOUT_SECONDS = 7200
const TIMEOUT_MAX_SECONDS = 259_200

export async function exportTable(execution: Execution, statement: Export): Promise<Result> {
  const { engine, state } = execution
  const name = qualifyTable(execution, statement.table)
  const table = tableNamed(engine.store.current, name)
  demand(engine.store.current, state.authority, ['EXPORT'], relationTarget(table))
  refuseTwice(statement.columns)
  for (const column of statement.columns) existingColumn(table, column)
  readProperties(execution, statement.broker, { of: 'a broker', known: [] })
  const { target, timeoutSeconds } = targetOf(execution, statement)
  engine.duck.objects.address(parseObjectPath(target.path), 'write')
  const work = async (own: Execution): Promise<void> => {
    const scope = scopeOf(own, { trusted: true, database: name.database })
    await writeFiles(own, translateQuery(rowsOf(statement), scope), target)
  }
  if (statement.sync) {
    await work(execution)
    return done()
  }
  let stop = () => {}
  let cancelled = false
  const facts = {
    name: execution.queryId,
    queryId: execution.queryId,
    user: state.user,
    userId: state.authority.userId,
    database: name.database,
    definition: JSON.stringify({ table: name.name, path: target.path, timeoutSeconds }),
  }
  engine.exports.submit(facts, {
    async run() {
      const { execution: bare, end } = await internalExecution(engine, {
        user: state.user,
        timeoutSeconds,
      })
      stop = () => bare.guard.cancel('interrupt')
      if (cancelled) stop()
      try {
        await work({ ...bare, queryId: execution.queryId })
      } catch (error) {
        throw bare.guard.explain(error)
      } finally {
        end()
      }
    },
    cancel() {
      cancelled = true
      stop()
    },
  })
  return done()
}

function targetOf(
  execution: Execution,
  statement: Export,
): { target: FileTarget; timeoutSeconds: number } {
  const values = readProperties(execution, statement.properties, { of: 'EXPORT', known: KNOWN })
  const delimiter = values.get('row_delimiter') ?? values.get('line_delimiter') ?? '\n'
  if (readSeparator(delimiter) !== '\n')
    throw unsupportedByEngine('Writing files with a row delimiter other than a line break')
  if ((values.get('include_query_id') ?? 'true').toLowerCase() !== 'true')
    throw unsupportedByEngine('"include_query_id" = "false"')
  const timeoutSeconds = Number(values.get('timeout') ?? TIMEOUT_SECONDS)
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= TIMEOUT_MAX_SECONDS))
    throw new SqlError(`Invalid timeout value: ${String(values.get('timeout')).slice(0, 50)}`)
  const folderEnd = statement.path.lastIndexOf('/') + 1
  const prefix = statement.path.slice(folderEnd)
  const target: FileTarget = {
    path: statement.path.slice(0, folderEnd),
    format: 'csv',
    compression: 'uncompressed',
    single: true,
    partitionBy: [],
    maxBytes: 0,
    columnSeparator: readSeparator(values.get('column_separator') ?? '\t'),
    prefix: prefix === '' ? 'data_' : `${prefix}_`,
  }
  return { target, timeoutSeconds }
}

function rowsOf({ table, columns, partitions }: Export): Query {
  return selectQuery({
    items:
      columns.length === 0
        ? [{ kind: 'star', qualifier: [], except: [] }]
        : columns.map((name) => plainItem({ kind: 'column', path: [name], at: 0 })),
    from: { kind: 'table', name: table, alias: undefined, columns: [], partitions },
  })
}

const STATES = {
  PENDING: 'PENDING',
  RUNNING: 'EXPORTING',
  SUCCESS: 'FINISHED',
  FAILED: 'CANCELLED',
}

export function showExports(execution: Execution): VirtualTable {
  const columns = virtualColumns({
    JobId: text,
    QueryId: text,
    State: text,
    Progress: text,
    TaskInfo: text,
    Path: text,
    CreateTime: text,
    StartTime: text,
    FinishTime: text,
    Timeout: text,
    ErrorMsg: text,
  })
  const { engine, state } = execution
  const zone = timeZoneOf(execution)
  const isShown = ({ database, userId }: Task) =>
    database === (state.database ?? database) && userId === state.authority.userId
  const rows = engine.exports
    .list()
    .filter(isShown)
    .map((task, index) => {
      const { table, path, timeoutSeconds } = JSON.parse(task.definition) as Record<string, unknown>
      const isEnded = task.finishedMs !== undefined
      return [
        String(index + 1),
        task.queryId,
        STATES[task.state],
        isEnded ? '100%' : '0%',
        JSON.stringify({ db: task.database, tbl: table }),
        String(path),
        momentText(task.createdMs, zone),
        momentText(task.createdMs, zone),
        task.finishedMs === undefined ? null : momentText(task.finishedMs, zone),
        String(timeoutSeconds),
        task.error?.message ?? null,
      ]
    })
  return { database: '', name: 'export', columns, rows }
}
