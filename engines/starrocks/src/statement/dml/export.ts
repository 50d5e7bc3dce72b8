/**
 * EXPORT TABLE: a table's rows as text files of an object storage, by itself after the statement was answered, or WITH SYNC MODE before it.
 * Exports are listed while the process lives. reference: StarRocks fe, ExportStmt.java, ExportStmtAnalyzer.java, ExportJob.java (3.3.7)
 */
import { demand, relationTarget } from '../../catalog/authority.ts'
import { nameMap } from '../../catalog/name-map.ts'
import { databaseNamed, existingColumn, tableNamed } from '../../catalog/lookup.ts'
import type { Execution } from '../../execution/execution.ts'
import { internalExecution } from '../../execution/internal-execution.ts'
import { done } from '../../execution/result.ts'
import type { Task } from '../../execution/task.ts'
import { delimiter } from '../../file/csv-option.ts'
import { writeFiles } from '../../file/file-target.ts'
import type { FileTarget } from '../../file/file-target.ts'
import { readProperties } from '../../file/object-property.ts'
import { qualifyTable } from '../../resolution/object-name.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { DataStatement } from '../../sql/ast-data.ts'
import type { Query } from '../../sql/ast.ts'
import { plainItem, selectQuery } from '../../sql/ast-build.ts'
import { literal } from '../../sql/quote.ts'
import { noDatabase } from '../../sql/sql-error.ts'
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
    await refuseTaken(own, target)
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
    definition: JSON.stringify(jobOf(execution, statement, { name, target, timeoutSeconds })),
  }
  engine.exports.submit(facts, {
    async run() {
      const { execution: bare, end } = await internalExecution(engine, {
        user: state.user,
        userId: state.authority.userId,
        timeoutSeconds,
      })
      stop = () => bare.guard.cancel('interrupt')
      if (cancelled) stop()
      try {
        await work({ ...bare, queryId: execution.queryId })
      } catch (error) {
        const { message } = bare.guard.explain(error)
        throw new SqlError(`type:RUN_FAIL; msg:${nameMap(engine.store.current)(message)}`)
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

interface ExportTarget {
  readonly target: FileTarget
  readonly timeoutSeconds: number
}

function targetOf(execution: Execution, statement: Export): ExportTarget {
  const values = readProperties(execution, statement.properties, { of: 'EXPORT', known: KNOWN })
  const timeoutSeconds = Number(values.get('timeout') ?? TIMEOUT_SECONDS)
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= TIMEOUT_MAX_SECONDS))
    throw new SqlError(`Invalid timeout value: ${String(values.get('timeout')).slice(0, 50)}`)
  const withId = values.get('include_query_id')?.toLowerCase() ?? 'true'
  if (withId !== 'true' && withId !== 'false')
    throw new SqlError(`Invalid include query id value: ${withId.slice(0, 50)}`)
  const folderEnd = statement.path.lastIndexOf('/') + 1
  const prefix = statement.path.slice(folderEnd)
  const target: FileTarget = {
    path: statement.path.slice(0, folderEnd),
    format: 'csv',
    compression: 'uncompressed',
    single: true,
    partitionBy: [],
    maxBytes: 0,
    columnSeparator: delimiter(values, 'column_separator', '\t'),
    rowDelimiter: delimiter(
      values,
      values.has('row_delimiter') ? 'row_delimiter' : 'line_delimiter',
      '\n',
    ),
    name: [
      prefix === '' ? 'data' : prefix,
      ...(withId === 'true' ? [execution.queryId] : []),
      '0',
    ].join('_'),
  }
  return { target, timeoutSeconds }
}

/** A name without the query's id may stand for what another export wrote: nothing is written over. */
async function refuseTaken(execution: Execution, target: FileTarget): Promise<void> {
  if (target.name.includes(execution.queryId)) return
  const { objects } = execution.engine.duck
  const path = `${target.path}${target.name}.csv`
  const address = objects.address(parseObjectPath(path), 'read')
  const isThere = await execution.link.rows(`SELECT size FROM read_blob(${literal(address)})`).then(
    () => true,
    (error: unknown) => {
      if (/404/.test(String(error))) return false
      throw error
    },
  )
  if (isThere) throw new SqlError(`${path} already exists`)
}

/** What SHOW EXPORT tells of it. */
const jobOf = (
  { engine }: Execution,
  { partitions, columns }: Export,
  { name, target, timeoutSeconds }: ExportTarget & { readonly name: { readonly name: string } },
): ExportJob => ({
  id: engine.labels.newId(),
  table: name.name,
  partitions: partitions.length > 0 ? partitions : ['*'],
  columns: columns.length > 0 ? columns : ['*'],
  path: target.path,
  columnSeparator: target.columnSeparator,
  rowDelimiter: target.rowDelimiter,
  timeoutSeconds,
})

/** As text, what the list of exports keeps of one. */
export interface ExportJob {
  readonly id: number
  readonly table: string
  readonly partitions: readonly string[]
  readonly columns: readonly string[]
  readonly path: string
  readonly columnSeparator: string
  readonly rowDelimiter: string
  readonly timeoutSeconds: number
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

export async function cancelExport(
  { engine, state, guard }: Execution,
  { database, queryId }: Extract<DataStatement, { kind: 'cancelExport' }>,
): Promise<Result> {
  const name = database ?? state.database
  if (name === undefined) throw noDatabase()
  databaseNamed(engine.store.current, name)
  if (!UUID.test(queryId))
    throw new SqlError(`Invalid UUID string as queryid: ${queryId.slice(0, 100)}`)
  const isIt = (task: Task) =>
    task.name === queryId.toLowerCase() &&
    task.database === name &&
    task.userId === state.authority.userId
  if (!engine.exports.list().some(isIt)) throw new SqlError(`Export job [${queryId}] is not found`)
  const why = new SqlError('type:USER_CANCEL; msg:user cancel')
  const isCancelled = await guard.waitFor(engine.exports.cancel(queryId.toLowerCase(), why))
  if (!isCancelled) throw new SqlError(`Export job [${queryId}] is already finished or cancelled`)
  return done()
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
