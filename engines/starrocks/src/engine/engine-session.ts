/** A session: one connection to DuckDB and what the client set. */
import { SqlError } from '../session.ts'
import type {
  Column,
  Parameter,
  PreparedStatement,
  Result,
  Session,
  StatementClass,
} from '../session.ts'
import type { ParsedStatement } from '../sql/ast.ts'
import { keptStatements } from '../sql/kept-statement.ts'
import type { ParseOptions } from '../sql/parse.ts'
import { LONG_TEXT } from '../sql/thread/statement-thread.ts'
import { pointKey, pointStatement, preparedForm } from '../sql/point-form.ts'
import { userOf } from '../catalog/authority.ts'
import type { EngineContext, RunningSession } from '../execution/engine-context.ts'
import { interruptedError } from '../storage/duck-error.ts'
import type { Link } from '../storage/link.ts'
import { parameterSql } from '../storage/parameter-literal.ts'
import { variableOf } from '../execution/statement-context.ts'
import { replaceLink, runStatement } from '../statement/session-statement.ts'
import type { LiveSession } from '../statement/session-statement.ts'
import type { SessionState } from '../execution/session-state.ts'
import { guardedLink, guardOf } from '../execution/guard.ts'
import { externalTables } from '../resolution/external-table.ts'
import { statementFiles } from '../statement/query/file-source.ts'
import { queryColumns } from '../statement/session/prepared.ts'
import { dropTemporaryTables } from '../statement/ddl/temporary-table.ts'
import { initialVariables } from '../statement/account/user-property.ts'
import { useNamed } from '../statement/session/set.ts'
import { dropPending } from '../transaction/transaction.ts'

export interface EngineSession extends Session, RunningSession {}

export function engineSession(
  engine: EngineContext,
  link: Link,
  state: SessionState,
): EngineSession {
  const live: LiveSession = {
    engine,
    link,
    state,
    transaction: { open: undefined },
    running: undefined,
    unread: undefined,
    cancelReading: undefined,
    closed: false,
  }
  const cancel = (because?: SqlError) => cancelAll(live, because)
  return {
    id: state.id,
    user: state.user,
    state,
    get database() {
      return state.database
    },
    get running() {
      return live.running
    },
    cancel,
    interrupt: () => cancel(),
    async use(database) {
      await useNamed({ engine, state, link: live.link }, database)
    },
    get idleSeconds() {
      return Number(variableOf({ engine, state }, 'wait_timeout'))
    },
    async *execute(text, options) {
      const asked = pointStatement(text)
      if (asked) {
        demandUser(engine, state)
        yield await runStatement(live, asked.parsed, asked)
        return
      }
      const statements = await parse(live, text)
      if (options?.single && statements.length > 1) {
        throw new SqlError(
          'A text of several statements is not allowed: the client did not ask for CLIENT_MULTI_STATEMENTS',
        )
      }
      for (const parsed of statements) {
        if (parsed.parameters > 0) throw new SqlError('A `?` may stand in prepared statements only')
        yield await runStatement(live, parsed)
      }
    },
    async prepare(text) {
      const [parsed, more] = await parse(live, text)
      if (!parsed || more) throw new SqlError('A prepared statement must be a single statement')
      return preparedOf(live, parsed, await preparedColumns(live, parsed))
    },
    classify: async (text) =>
      (await parse(live, text)).map(({ statement }) => classOf(statement.kind)),
    reset: () => reset(live),
    async close() {
      if (live.closed) return
      live.closed = true
      cancel()
      engine.sessions.delete(state.id)
      await live.link.close()
      await endTemporaryTables(engine, state)
    },
  }
}

/** What runs, and what is read. */
function cancelAll(live: LiveSession, because: SqlError | undefined): void {
  live.running?.guard.cancel('interrupt', because)
  live.cancelReading?.(because ?? interruptedError())
}

/** On a connection of its own: the session's may be busy or broken. What cannot be dropped now is when the engine opens. */
async function endTemporaryTables(engine: EngineContext, state: SessionState): Promise<void> {
  const session = state.temporarySession
  if (session === undefined) return
  const link = await engine.duck.connect()
  try {
    await dropTemporaryTables(engine.store, link, session)
  } catch (error) {
    engine.log.error({ reason: String(error) }, 'temporary tables of a session were not dropped')
  } finally {
    await link.close()
  }
}

function classOf(kind: ParsedStatement['statement']['kind']): StatementClass {
  if (kind === 'select') return 'query'
  if (kind === 'describe') return 'show'
  return kind === 'show' || kind === 'explain' || kind === 'kill' ? kind : 'other'
}

async function parse(live: LiveSession, text: string): Promise<readonly ParsedStatement[]> {
  const { engine, state } = live
  demandUser(engine, state)
  const modes = variableOf({ engine, state }, 'sql_mode').split(',')
  try {
    const options = {
      pipesAsConcat: modes.includes('PIPES_AS_CONCAT'),
      ansiQuotes: modes.includes('ANSI_QUOTES'),
      doubleLiterals: modes.includes('MODE_DOUBLE_LITERAL'),
    }
    return text.length < LONG_TEXT
      ? keptStatements(text, options)
      : await readLong(live, text, options)
  } catch (error) {
    throw withoutSecret(error, text)
  }
}

/** A statement that is still being read is none that runs yet; KILL and the end of its connection end it all the same. */
async function readLong(
  live: LiveSession,
  text: string,
  options: ParseOptions,
): Promise<readonly ParsedStatement[]> {
  const listeners: ((reason: SqlError) => void)[] = []
  live.cancelReading = (reason) => {
    for (const listener of listeners) listener(reason)
  }
  try {
    return await live.engine.longStatements.parse(text, options, {
      user: live.state.user,
      onCancel: (listener) => listeners.push(listener),
    })
  } finally {
    live.cancelReading = undefined
  }
}

/** A session that outlived its user does nothing more, whoever has the name now. */
function demandUser(engine: EngineContext, state: SessionState): void {
  if (userOf(engine.store.current, state.authority)) return
  throw new SqlError(`Access denied for user '${state.user}'@'${state.host}'`, 1045, '28000')
}

/** A syntax error quotes the word it stumbled over; where passwords are written, that word may be one. */
function withoutSecret(error: unknown, text: string): unknown {
  if (!(error instanceof SqlError) || !/\b(identified|password)\b/i.test(text)) return error
  const message = error.message.replace(
    /Unexpected input '[\s\S]*'(?=, the most)/,
    'Unexpected input',
  )
  return new SqlError(message, error.errno, error.sqlState)
}

async function reset(live: LiveSession): Promise<void> {
  await live.unread?.()
  live.state.variables = initialVariables(userOf(live.engine.store.current, live.state.authority))
  live.state.userVariables = new Map()
  live.state.prepared = new Map()
  live.state.warnings = []
  const { open } = live.transaction
  live.transaction.open = undefined
  if (open) await dropPending(open)
}

function preparedOf(
  live: LiveSession,
  parsed: ParsedStatement,
  columns: readonly Column[],
): PreparedStatement {
  const form = preparedForm(parsed)
  return {
    parameterCount: parsed.parameters,
    columns,
    async execute(parameters: readonly Parameter[]): Promise<Result> {
      demandUser(live.engine, live.state)
      if (parameters.length !== parsed.parameters) {
        throw new SqlError(
          `Incorrect arguments to EXECUTE: ${parameters.length} given, ${parsed.parameters} needed`,
          1210,
          'HY000',
        )
      }
      const key = form && pointKey(parameters[0])
      const point = key === undefined ? undefined : form && { form, key }
      return runStatement(live, parsed, { parameters: parameters.map(parameterSql), point })
    },
  }
}

/** What is looked up outside of a statement ends as a query does. */
async function withGuard<T>(live: LiveSession, work: (link: Link) => Promise<T>): Promise<T> {
  const { engine, state, link } = live
  const guard = guardOf(engine, link, Number(variableOf({ engine, state }, 'query_timeout')))
  try {
    return await work(guardedLink(link, guard))
  } catch (error) {
    throw guard.explain(error)
  } finally {
    guard.end()
    if (guard.abandoned) await replaceLink(live)
  }
}

/** Statements that answer rows and change nothing: running one shows its columns. */
const shown: readonly string[] = ['show', 'describe', 'explain']

async function preparedColumns(
  live: LiveSession,
  parsed: ParsedStatement,
): Promise<readonly Column[]> {
  const { statement } = parsed
  if (statement.kind === 'select') {
    const { engine, state } = live
    return withGuard(live, async (link) => {
      const lakes = await externalTables({ engine, state, link }, statement)
      const files = await statementFiles({ engine, state, link }, statement, parsed.files)
      const found = { lakes, ...(files && { files }) }
      return queryColumns(
        { engine, state, ...found, length: parsed.text.length },
        parsed,
        statement.query,
      )
    })
  }
  if (!shown.includes(statement.kind) || parsed.parameters > 0) return []
  const result = await runStatement(live, parsed)
  await live.unread?.()
  return result.kind === 'rows' ? result.columns : []
}
