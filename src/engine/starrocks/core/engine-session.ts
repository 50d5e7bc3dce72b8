/**
 * A session: one connection to DuckDB and what the client set. Statements run one after the other; the rows of one are to be
 * read or abandoned before the next begins, which closes what is left of them.
 */
import { SqlError } from '../session.ts'
import type { Column, Parameter, Prepared, Result, Session, WireValue } from '../session.ts'
import type { ParsedStatement, Query } from '../sql/ast.ts'
import { parseStatements } from '../sql/parse.ts'
import type { TypedSql } from '../sql/scope.ts'
import { translateQuery } from '../sql/translate.ts'
import type { Core, RunningSession } from './core.ts'
import type { Link } from './duck.ts'
import { executeStatement } from './execute.ts'
import { nameMap } from './name-map.ts'
import { placeholder, parameterSql } from './parameter.ts'
import type { Run, TransactionSlot } from './run.ts'
import { variableOf } from './run.ts'
import type { SessionState } from './session-state.ts'
import { use } from './set.ts'
import { guardedLink, guardOf } from './statement-run.ts'
import type { Guard } from './statement-run.ts'
import { scopeOf } from './statement-scope.ts'
import { dropPending } from './transaction.ts'
import { readVariable, variableNamed } from './variable.ts'
import { columnOf } from './wire.ts'

/** Statement texts over this are refused by StarRocks' parser as well (parse_tokens_limit stands for it there). */
const TEXT_CHARACTERS_MAX = 256 * 1024 * 1024

interface Running {
  readonly guard: Guard
  readonly text: string
  readonly startMs: number
  readonly queryId: string
}

export interface EngineSession extends Session, RunningSession {}

export function engineSession(core: Core, link: Link, state: SessionState): EngineSession {
  const transaction: TransactionSlot = { open: undefined }
  let running: Running | undefined
  let unread: (() => Promise<void>) | undefined
  let closed = false

  const start = (parsed: ParsedStatement, parameters: readonly TypedSql[]): Run => {
    const overrides = hintsOf(parsed)
    const view = { core, state, overrides }
    const isInsert = parsed.statement.kind === 'insert'
    const timeout = Number(variableOf(view, isInsert ? 'insert_timeout' : 'query_timeout'))
    const guard = guardOf(core, link, timeout)
    const text = shownText(parsed)
    running = { guard, text, startMs: core.clock.now(), queryId: core.random.uuid() }
    if (parsed.statement.kind !== 'show') state.warnings = []
    return {
      ...view,
      link: guardedLink(link, guard),
      guard,
      text,
      startMs: running.startMs,
      queryId: running.queryId,
      parameters,
      transaction,
    }
  }
  const finish = (run: Run) => {
    run.guard.end()
    state.lastQueryId = run.queryId
    if (running?.guard === run.guard) running = undefined
  }
  const runOne = async (
    parsed: ParsedStatement,
    parameters: readonly TypedSql[] = [],
  ): Promise<Result> => {
    if (closed) throw new SqlError('The session is closed', 1317, '70100')
    await unread?.()
    const run = start(parsed, parameters)
    try {
      const result = await executeStatement(run, parsed.statement)
      if (result.kind === 'done') {
        finish(run)
        return result
      }
      return { ...result, chunks: watched(run, result.chunks) }
    } catch (error) {
      finish(run)
      throw explained(run, error)
    }
  }
  const explained = (run: Run, error: unknown): SqlError => {
    const known = run.guard.explain(error)
    if (!(error instanceof SqlError)) core.log.error({ reason: String(error) }, 'statement failed')
    const named = nameMap(core.store.current)(known.message)
    const shown = named === known.message ? known : new SqlError(named, known.errno, known.sqlState)
    state.warnings = [{ level: 'Error', code: shown.errno, message: shown.message }]
    return shown
  }
  /** Ends the statement when its rows were read, and DuckDB's query when they were not. */
  const watched = (run: Run, chunks: AsyncIterable<readonly (readonly WireValue[])[]>) => {
    let ended = false
    const abandon = async () => {
      if (ended) return
      ended = true
      finish(run)
      unread = undefined
      // The next statement on a connection closes the open result of the one before.
      if (!closed) await link.run('SELECT 1').catch(() => 0)
    }
    async function* read() {
      try {
        for await (const chunk of chunks) {
          if (ended) throw new SqlError('The result was closed by a later statement', 1317, '70100')
          yield chunk
        }
        ended = true
        finish(run)
        unread = undefined
      } catch (error) {
        await abandon()
        throw explained(run, error)
      } finally {
        await abandon()
      }
    }
    unread = abandon
    return read()
  }
  const parse = (text: string) => {
    if (text.length > TEXT_CHARACTERS_MAX) throw new SqlError('The statement text is too long')
    const modes = variableOf({ core, state, overrides: new Map() }, 'sql_mode').split(',')
    return parseStatements(text, {
      pipesAsConcat: modes.includes('PIPES_AS_CONCAT'),
      ansiQuotes: modes.includes('ANSI_QUOTES'),
    })
  }

  return {
    id: state.id,
    user: state.user,
    state,
    get database() {
      return state.database
    },
    get running() {
      return running
    },
    cancel: () => running?.guard.cancel('interrupt'),
    interrupt: () => running?.guard.cancel('interrupt'),
    async use(database) {
      use({ core, state } as Run, undefined, database)
    },
    async *execute(text) {
      for (const parsed of parse(text)) {
        if (parsed.parameters > 0) {
          throw new SqlError('A `?` may stand in prepared statements only', 1064, '42000')
        }
        yield await runOne(parsed)
      }
    },
    async prepare(text) {
      const [parsed, more] = parse(text)
      if (!parsed || more) throw new SqlError('A prepared statement is one statement')
      return preparedOf(parsed, {
        columns: () => preparedColumns({ core, state, link, transaction }, parsed),
        run: (parameters) => runOne(parsed, parameters.map(parameterSql)),
      })
    },
    async reset() {
      await unread?.()
      state.variables = new Map()
      state.userVariables = new Map()
      state.warnings = []
      if (transaction.open) await dropPending(transaction.open)
      transaction.open = undefined
    },
    async close() {
      if (closed) return
      closed = true
      running?.guard.cancel('interrupt')
      running?.guard.end()
      core.sessions.delete(state.id)
      link.close()
    },
  }
}

function preparedOf(
  parsed: ParsedStatement,
  how: {
    columns(): readonly Column[]
    run(parameters: readonly Parameter[]): Promise<Result>
  },
): Prepared {
  return {
    parameterCount: parsed.parameters,
    columns: how.columns(),
    async execute(parameters) {
      if (parameters.length !== parsed.parameters) {
        throw new SqlError(
          `Incorrect arguments to EXECUTE: ${parameters.length} given, ${parsed.parameters} needed`,
          1210,
          'HY000',
        )
      }
      return how.run(parameters)
    },
  }
}

/** What a prepared query will answer, found with stand-ins for the parameters: no value is known yet. */
function preparedColumns(
  session: Pick<Run, 'core' | 'state' | 'link' | 'transaction'>,
  parsed: ParsedStatement,
): readonly Column[] {
  if (parsed.statement.kind !== 'select') return []
  const { query } = parsed.statement
  const attempt = (kind: 'text' | 'number') => {
    const parameters = Array.from({ length: parsed.parameters }, () => placeholder(kind))
    const run = {
      ...session,
      parameters,
      overrides: new Map(),
      startMs: session.core.clock.now(),
    } as unknown as Run
    return translateQuery(query, scopeOf(run)).columns.map(columnOf)
  }
  try {
    return attempt('text')
  } catch (error) {
    if (parsed.parameters === 0) throw error
    return attempt('number')
  }
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
  if (statement.kind === 'select' || statement.kind === 'insert') return statement.query
  return undefined
}

/** What SHOW PROCESSLIST may print: never a text that can hold a password. */
function shownText({ statement, text }: ParsedStatement): string {
  const secret = ['createUser', 'alterUser', 'setPassword'].includes(statement.kind)
  return secret ? `(${statement.kind}: the text is withheld)` : text
}
