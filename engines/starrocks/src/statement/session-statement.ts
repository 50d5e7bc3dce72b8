/**
 * Statements of one session, one after the other: started under a guard, ended when their rows were read or given up.
 * What the next statement finds open of the one before, it closes.
 */
import { SqlError, areComplete } from '../session.ts'
import type { Result, WireValue } from '../session.ts'
import type { ParsedStatement } from '../sql/ast.ts'
import type { Point } from '../sql/point-form.ts'
import type { TypedSql } from '../sql/scope.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import type { Link } from '../storage/link.ts'
import { executeStatement } from './execute-statement.ts'
import { nameMap } from '../catalog/name-map.ts'
import { variableOf } from '../execution/statement-context.ts'
import type { Execution } from '../execution/execution.ts'
import type { TransactionSlot } from '../execution/open-transaction.ts'
import type { SessionState } from '../execution/session-state.ts'
import { guardedLink, guardOf } from '../execution/guard.ts'
import type { Guard } from '../execution/guard.ts'
import { stagedTable } from '../transaction/staged-rows.ts'
import { hasCredential } from '../file/object-property.ts'
import { setUserHints, systemHints } from './statement-hint.ts'

/** A session's parts that change while it lives. */
export interface LiveSession {
  readonly engine: EngineContext
  link: Link
  readonly state: SessionState
  readonly transaction: TransactionSlot
  running: RunningStatement | undefined
  /** Gives up the rows that are not read yet. */
  unread: (() => Promise<void>) | undefined
  /** Of a statement that is being read by the thread for long ones. */
  cancelReading: ((reason: SqlError) => void) | undefined
  closed: boolean
}

export interface RunningStatement {
  readonly guard: Guard
  readonly text: string
  readonly startMs: number
  readonly queryId: string
}

/** What a statement comes with. */
interface Given {
  readonly parameters?: readonly TypedSql[]
  readonly point?: Point | undefined
}

export async function runStatement(
  live: LiveSession,
  parsed: ParsedStatement,
  { parameters = [], point }: Given = {},
): Promise<Result> {
  if (live.closed) throw new SqlError('The session is closed', 1317, '70100')
  await live.unread?.()
  const execution = { ...start(live, parsed, parameters), point }
  try {
    await setUserHints(execution, parsed.hints)
    const result = await executeStatement(execution, parsed.statement)
    if (result.kind === 'rows' && !areComplete(result.chunks))
      return { ...result, chunks: watched(live, execution, result.chunks) }
    if (execution.guard.hasCommitted) await live.engine.durability.settle(execution.guard)
    finish(live, execution)
    return result
  } catch (error) {
    finish(live, execution)
    if (execution.guard.abandoned) await replaceLink(live)
    else if (execution.guard.cancelled) await dropStaged(live)
    throw explained(live, execution, error)
  }
}

/** What runs on the old one ends by itself, without an effect. */
export async function replaceLink(live: LiveSession): Promise<void> {
  const { open } = live.transaction
  if (open && open.pending.length > 0) open.isLost = true
  void live.link.close()
  if (!live.closed) live.link = await live.engine.duck.connect()
}

/** What a cancelled statement had staged: it could drop nothing any more. */
async function dropStaged({ link, transaction }: LiveSession): Promise<void> {
  const kept = new Set(transaction.open?.pending.map(({ staged }) => staged.table))
  try {
    const tables = await link.rows('SELECT table_name FROM duckdb_tables() WHERE temporary')
    for (const [name] of tables) {
      const table = stagedTable(String(name))
      if (!kept.has(table)) await link.run(`DROP TABLE IF EXISTS ${table}`)
    }
  } catch {
    // They go with the connection.
  }
}

function start(
  live: LiveSession,
  parsed: ParsedStatement,
  parameters: readonly TypedSql[],
): Execution {
  const { engine, state, link, transaction } = live
  const { length } = parsed.text
  const view = { engine, state, length, overrides: systemHints(parsed), hintVariables: new Map() }
  const isInsert = parsed.statement.kind === 'insert'
  const queryTimeout = Number(variableOf(view, 'query_timeout'))
  const timeout = isInsert ? Number(variableOf(view, 'insert_timeout')) : queryTimeout
  const guard = guardOf(engine, link, timeout, queryTimeout)
  const startMs = engine.clock.now()
  const facts = { guard, text: shownText(parsed), startMs, queryId: engine.random.uuid() }
  const fileLists = parsed.files
  live.running = facts
  if (parsed.statement.kind !== 'show') state.warnings = []
  return { ...view, ...facts, fileLists, link: guardedLink(link, guard), parameters, transaction }
}

function finish(live: LiveSession, execution: Execution): void {
  execution.guard.end()
  const { engine } = live
  engine.work.statement(execution.text, engine.clock.now() - execution.startMs)
  live.state.lastQueryId = execution.queryId
  if (live.running?.guard === execution.guard) live.running = undefined
}

function explained(live: LiveSession, execution: Execution, error: unknown): SqlError {
  const { engine, state } = live
  const known = execution.guard.explain(error)
  if (!(error instanceof SqlError)) engine.log.error({ reason: String(error) }, 'statement failed')
  const named = nameMap(engine.store.current)(known.message)
  const shown = named === known.message ? known : new SqlError(named, known.errno, known.sqlState)
  state.warnings = [{ level: 'Error', code: shown.errno, message: shown.message }]
  return shown
}

type Chunks = AsyncIterable<readonly (readonly WireValue[])[]>

/** Ends the statement when its rows were read, and DuckDB's query when they were not. */
function watched(live: LiveSession, execution: Execution, chunks: Chunks): Chunks {
  let ended = false
  const end = () => {
    ended = true
    finish(live, execution)
    live.unread = undefined
  }
  const abandon = async () => {
    if (ended) return
    end()
    if (execution.guard.abandoned) await replaceLink(live)
    // The next statement on a connection closes the open result of the one before.
    else if (!live.closed) await live.link.run('SELECT 1').catch(() => 0)
  }
  async function* read() {
    try {
      for await (const chunk of chunks) {
        if (ended) throw new SqlError('The result was closed by a later statement', 1317, '70100')
        yield chunk
      }
      end()
    } catch (error) {
      await abandon()
      throw explained(live, execution, error)
    } finally {
      await abandon()
    }
  }
  live.unread = abandon
  return read()
}

/** What SHOW PROCESSLIST may print: never a text that can hold a password. */
function shownText({ statement, text, files }: ParsedStatement): string {
  const withKeys = statement.kind === 'insert' && statement.files ? [statement.files] : files
  const secret =
    [
      'createUser',
      'alterUser',
      'setPassword',
      'createCatalog',
      'createVolume',
      'alterVolume',
    ].includes(statement.kind) ||
    [...withKeys, ...files].some(hasCredential) ||
    ((statement.kind === 'load' || statement.kind === 'export') &&
      hasCredential(statement.broker)) ||
    (statement.kind === 'describeFiles' && hasCredential(statement.properties))
  return secret ? `(${statement.kind}: the text is withheld)` : text
}
