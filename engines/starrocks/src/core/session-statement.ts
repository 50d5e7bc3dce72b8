/**
 * Statements of one session, one after the other: started under a guard, ended when their rows were read or given up.
 * What the next statement finds open of the one before, it closes.
 */
import { SqlError } from '../session.ts'
import type { Result, WireValue } from '../session.ts'
import type { ParsedStatement, Query } from '../sql/ast.ts'
import type { TypedSql } from '../sql/scope.ts'
import type { Core } from './core.ts'
import type { Link } from './link.ts'
import { executeStatement } from './execute.ts'
import { nameMap } from './name-map.ts'
import { variableOf } from './run.ts'
import type { Run, TransactionSlot } from './run.ts'
import type { SessionState } from './session-state.ts'
import { guardedLink, guardOf } from './statement-run.ts'
import type { Guard } from './statement-run.ts'
import { readVariable, variableNamed } from './variable.ts'

/** A session's parts that change while it lives. */
export interface Live {
  readonly core: Core
  readonly link: Link
  readonly state: SessionState
  readonly transaction: TransactionSlot
  running: Running | undefined
  /** Gives up the rows that are not read yet. */
  unread: (() => Promise<void>) | undefined
  closed: boolean
}

export interface Running {
  readonly guard: Guard
  readonly text: string
  readonly startMs: number
  readonly queryId: string
}

export async function runStatement(
  live: Live,
  parsed: ParsedStatement,
  parameters: readonly TypedSql[] = [],
): Promise<Result> {
  if (live.closed) throw new SqlError('The session is closed', 1317, '70100')
  await live.unread?.()
  const run = start(live, parsed, parameters)
  try {
    const result = await executeStatement(run, parsed.statement)
    if (result.kind === 'done') {
      finish(live, run)
      return result
    }
    return { ...result, chunks: watched(live, run, result.chunks) }
  } catch (error) {
    finish(live, run)
    throw explained(live, run, error)
  }
}

function start(live: Live, parsed: ParsedStatement, parameters: readonly TypedSql[]): Run {
  const { core, state, link, transaction } = live
  const view = { core, state, overrides: hintsOf(parsed) }
  const isInsert = parsed.statement.kind === 'insert'
  const timeout = Number(variableOf(view, isInsert ? 'insert_timeout' : 'query_timeout'))
  const guard = guardOf(core, link, timeout)
  const startMs = core.clock.now()
  const facts = { guard, text: shownText(parsed), startMs, queryId: core.random.uuid() }
  live.running = facts
  if (parsed.statement.kind !== 'show') state.warnings = []
  return { ...view, ...facts, link: guardedLink(link, guard), parameters, transaction }
}

function finish(live: Live, run: Run): void {
  run.guard.end()
  live.state.lastQueryId = run.queryId
  if (live.running?.guard === run.guard) live.running = undefined
}

function explained(live: Live, run: Run, error: unknown): SqlError {
  const { core, state } = live
  const known = run.guard.explain(error)
  if (!(error instanceof SqlError)) core.log.error({ reason: String(error) }, 'statement failed')
  const named = nameMap(core.store.current)(known.message)
  const shown = named === known.message ? known : new SqlError(named, known.errno, known.sqlState)
  state.warnings = [{ level: 'Error', code: shown.errno, message: shown.message }]
  return shown
}

type Chunks = AsyncIterable<readonly (readonly WireValue[])[]>

/** Ends the statement when its rows were read, and DuckDB's query when they were not. */
function watched(live: Live, run: Run, chunks: Chunks): Chunks {
  let ended = false
  const end = () => {
    ended = true
    finish(live, run)
    live.unread = undefined
  }
  const abandon = async () => {
    if (ended) return
    end()
    // The next statement on a connection closes the open result of the one before.
    if (!live.closed) await live.link.run('SELECT 1').catch(() => 0)
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
      throw explained(live, run, error)
    } finally {
      await abandon()
    }
  }
  live.unread = abandon
  return read()
}

/** SET_VAR hints of the outermost query. */
function hintsOf(parsed: ParsedStatement): ReadonlyMap<string, string> {
  const query = queryOf(parsed)
  const hints = query?.body.kind === 'select' ? query.body.setVariables : []
  return new Map(
    hints.map(({ name, value }) => {
      const definition = variableNamed(name)
      if (value.kind === 'string') return [definition.name, readVariable(definition, value.value)]
      if (value.kind === 'boolean') return [definition.name, String(value.value)]
      if (value.kind === 'integer') return [definition.name, readVariable(definition, value.text)]
      throw new SqlError(`SET_VAR(${name}) needs a plain value`)
    }),
  )
}

function queryOf({ statement }: ParsedStatement): Query | undefined {
  return statement.kind === 'select' || statement.kind === 'insert' ? statement.query : undefined
}

/** What SHOW PROCESSLIST may print: never a text that can hold a password. */
function shownText({ statement, text }: ParsedStatement): string {
  const secret = ['createUser', 'alterUser', 'setPassword'].includes(statement.kind)
  return secret ? `(${statement.kind}: the text is withheld)` : text
}
