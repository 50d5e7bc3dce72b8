/**
 * An engine without SQL: every statement is answered by a function of the test. Texts are split at `;`, parameters
 * are the `?` of a text, KILL and SHOW PROCESSLIST are known, and everything that a protocol did to it is recorded.
 */
import { createHash } from 'node:crypto'
import { SqlError } from '../../src/session.ts'
import type {
  Column,
  Engine,
  OpenSession,
  Parameter,
  PreparedStatement,
  Result,
  Session,
  WireValue,
} from '../../src/session.ts'

export interface Call {
  readonly text: string
  readonly parameters: readonly Parameter[]
  readonly session: ScriptedSession
  /** Aborts when the statement is interrupted. */
  readonly signal: AbortSignal
}

export interface ScriptedSession extends Session {
  database: string | undefined
  readonly calls: string[]
  interrupts: number
  resets: number
  closes: number
}

export interface ScriptedEngine extends Engine {
  /** Every session ever opened, in order. */
  readonly sessions: ScriptedSession[]
  open(): ScriptedSession[]
}

export interface Script {
  readonly users?: Readonly<Record<string, string>>
  readonly databases?: readonly string[]
  readonly answer?: (call: Call) => Result | Promise<Result>
  /** What a prepared text announces; the columns of its answer are given by `answer`. */
  readonly prepareColumns?: (text: string) => readonly Column[]
}

export function scriptedEngine(script: Script = {}): ScriptedEngine {
  const users = new Map(Object.entries(script.users ?? { admin: 'secret-of-admin' }))
  const databases = new Set(script.databases ?? ['shop'])
  const answer = script.answer ?? (() => done())
  const sessions: ScriptedSession[] = []
  const killed: ((id: number) => void)[] = []
  const open = () => sessions.filter((session) => session.closes === 0)

  const kill = (id: number, what: 'connection' | 'query'): boolean => {
    const session = open().find((candidate) => candidate.id === id)
    if (!session) return false
    session.interrupt()
    if (what === 'connection') for (const listener of killed) listener(id)
    return true
  }
  const builtIn = (text: string): Result | undefined => {
    const kills = /^KILL (?:(CONNECTION|QUERY) )?(\d+)$/i.exec(text)
    if (kills) {
      const what = kills[1]?.toUpperCase() === 'QUERY' ? 'query' : 'connection'
      if (!kill(Number(kills[2]), what))
        throw new SqlError(`Unknown thread id: ${kills[2]}`, 1094, 'HY000')
      return done()
    }
    if (text !== 'SHOW PROCESSLIST') return undefined
    return rows(
      [column('Id', 'longlong'), column('User')],
      open().map(({ id, user }) => [id, user]),
    )
  }

  return {
    serverVersion: '5.1.0',
    sessions,
    open,
    kill,
    async findUser(user) {
      const password = users.get(user)
      if (password === undefined) return undefined
      const verifier = password === '' ? new Uint8Array() : sha1(sha1(Buffer.from(password)))
      return { identity: { user, host: '%' }, verifier }
    },
    async checkPassword(user, _remoteHost, password) {
      return users.get(user) === password ? { user, host: '%' } : undefined
    },
    onKilled(listener) {
      killed.push(listener)
    },
    async openSession(options) {
      if (options.database !== undefined && !databases.has(options.database)) {
        throw unknownDatabase(options.database)
      }
      const session = scriptedSession(
        options,
        databases,
        (call) => builtIn(call.text) ?? answer(call),
      )
      session.prepareColumns = script.prepareColumns ?? (() => [])
      sessions.push(session)
      return session
    },
    async close() {},
  }
}

type AnswerFunction = (call: Call) => Result | Promise<Result>

function scriptedSession(
  options: Pick<OpenSession, 'id' | 'identity' | 'database'>,
  databases: ReadonlySet<string>,
  answer: AnswerFunction,
): ScriptedSession & { prepareColumns: (text: string) => readonly Column[] } {
  let running: AbortController | undefined
  const run = async (text: string, parameters: readonly Parameter[]): Promise<Result> => {
    session.calls.push(text)
    const controller = new AbortController()
    running = controller
    const result = await answer({ text, parameters, session, signal: controller.signal })
    return result
  }
  const session: ScriptedSession & { prepareColumns: (text: string) => readonly Column[] } = {
    id: options.id,
    user: options.identity.user,
    database: options.database,
    idleSeconds: 28_800,
    calls: [],
    interrupts: 0,
    resets: 0,
    closes: 0,
    prepareColumns: () => [],
    async use(database) {
      if (!databases.has(database)) throw unknownDatabase(database)
      session.database = database
    },
    async *execute(text: string, how?: { readonly single: boolean }) {
      const statements = text.split(';').flatMap((part) => part.trim() || [])
      if (how?.single && statements.length > 1) throw new SqlError('only one statement is allowed')
      for (const statement of statements) yield await run(statement, [])
    },
    classify: async () => [],
    async prepare(text): Promise<PreparedStatement> {
      if (text.includes('unpreparable')) throw new SqlError('cannot be prepared')
      return {
        parameterCount: text.split('?').length - 1,
        columns: session.prepareColumns(text),
        execute: (parameters) => run(text, parameters),
      }
    },
    interrupt() {
      session.interrupts++
      running?.abort()
    },
    async reset() {
      session.resets++
    },
    async close() {
      session.closes++
    },
  }
  return session
}

export function column(
  name: string,
  type: Column['type'] = 'var_string',
  more: Partial<Column> = {},
): Column {
  return {
    name,
    type,
    typeText: 'varchar',
    table: 't',
    database: 'shop',
    length: 1024,
    decimals: 0,
    nullable: true,
    ...more,
  }
}

export function done(affectedRows = 0, info = '', warnings = 0): Result {
  return { kind: 'done', affectedRows, warnings, info }
}

export function rows(
  columns: readonly Column[],
  values: readonly (readonly WireValue[])[],
): Result {
  return { kind: 'rows', columns, chunks: chunked([values]) }
}

/** Rows from a (possibly endless) source of chunks. */
export function streamed(
  columns: readonly Column[],
  source:
    | Iterable<readonly (readonly WireValue[])[]>
    | AsyncIterable<readonly (readonly WireValue[])[]>,
): Result {
  return { kind: 'rows', columns, chunks: chunked(source) }
}

/** Never answers until it is interrupted. */
export function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const interrupted = () => reject(new SqlError('Query execution was interrupted', 1317, '70100'))
    if (signal.aborted) interrupted()
    else signal.addEventListener('abort', interrupted, { once: true })
  })
}

async function* chunked(
  source:
    | Iterable<readonly (readonly WireValue[])[]>
    | AsyncIterable<readonly (readonly WireValue[])[]>,
): AsyncGenerator<readonly (readonly WireValue[])[]> {
  yield* source
}

function unknownDatabase(name: string): SqlError {
  return new SqlError(`Unknown database '${name}'`, 1049, '42000')
}

function sha1(bytes: Uint8Array): Buffer {
  return createHash('sha1').update(bytes).digest()
}
