/** One connection to a MySQL-compatible server, for a person: statements one by one, results as texts, cancelled by a second connection. */
import { createConnection, type Connection, type FieldPacket } from 'mysql2'
import { CommandProblem } from '../problem.ts'
import type { Cell, Field } from './cell.ts'
import type { ResultWriter } from './result.ts'

export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

export interface Done {
  /** Undefined for statements without a result. */
  readonly rows: number | undefined
  readonly affected: number
}

export interface SqlSession {
  /** What the server says it is. */
  readonly version: string
  /** Throws SqlProblem when the server refuses, CommandProblem when the connection is lost. */
  run(sql: string, writer: ResultWriter): Promise<Done>
  /** Ends the statement under way, if there is one; its `run` then throws. */
  cancel(): Promise<void>
  close(): void
}

/** The server's refusal of a statement, in its own words. */
export class SqlProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SqlProblem'
  }
}

/** An engine on this machine greets in milliseconds; one elsewhere within this. */
const CONNECT_MS = 10_000

export async function openSession(target: Target): Promise<SqlSession> {
  const connection = await connected(target)
  let running = false
  const version = await scalar(connection, 'select @@version_comment').catch(() => '')
  return {
    version,
    async run(sql, writer) {
      running = true
      try {
        return await run(connection, sql, writer)
      } finally {
        running = false
      }
    },
    async cancel() {
      if (!running) return
      const other = await connected(target)
      try {
        await scalar(other, `kill query ${connection.threadId}`)
      } finally {
        other.destroy()
      }
    },
    close: () => connection.destroy(),
  }
}

function connected(target: Target): Promise<Connection> {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>()
  const connection = createConnection({
    ...target,
    connectTimeout: CONNECT_MS,
    charset: 'utf8mb4',
    rowsAsArray: true,
    // The server's own text of every value: nothing is rounded, moved to another time zone or parsed.
    typeCast: (field) => field.string('utf8'),
  })
  connection.on('error', () => {}) // The statement under way fails with it as well.
  connection.connect((problem) => {
    if (!problem) return resolve(connection)
    connection.destroy()
    reject(refusedBy(problem, target))
  })
  return promise
}

function refusedBy(problem: Error, { host, port, user }: Target): CommandProblem {
  const { code, errno } = problem as NodeJS.ErrnoException
  const cause = { cause: problem }
  if (isServerError(problem))
    return new CommandProblem(
      `${user} cannot log in at ${host}:${port}: ${describe(problem)}`,
      cause,
    )
  return new CommandProblem(
    `nothing answers at ${host}:${port} (${code ?? errno ?? problem.message})`,
    cause,
  )
}

function run(connection: Connection, sql: string, writer: ResultWriter): Promise<Done> {
  const { promise, resolve, reject } = Promise.withResolvers<Done>()
  let rows: number | undefined
  let affected = 0
  const query = connection.query(sql)
  // mysql2 emits undefined fields, and then a header as the row, for statements without a result.
  query.on('fields', (fields: readonly FieldPacket[] | undefined) => {
    if (!fields) return
    rows ??= 0
    writer.fields(fields.map(fieldOf))
  })
  // Writers write at once, to files, pipes and terminals alike: a slow reader holds the rows up and they are never piled up here.
  query.on('result', (row: readonly Cell[] | { affectedRows?: number }) => {
    if (!Array.isArray(row)) {
      affected += (row as { affectedRows?: number }).affectedRows ?? 0
      return
    }
    rows = (rows ?? 0) + 1
    writer.row(row as readonly Cell[])
  })
  query.on('error', (problem: Error) => {
    writer.end()
    reject(
      isServerError(problem)
        ? new SqlProblem(describe(problem), { cause: problem })
        : new CommandProblem(`the connection is lost: ${problem.message}`, { cause: problem }),
    )
  })
  query.on('end', () => {
    writer.end()
    resolve({ rows, affected })
  })
  return promise
}

async function scalar(connection: Connection, sql: string): Promise<string> {
  let found = ''
  await run(connection, sql, {
    fields() {},
    row: ([first = '']) => void (found = first ?? ''),
    end() {},
  })
  return found
}

/** Column types of the protocol that are numbers: DECIMAL, TINY to DOUBLE, LONGLONG, INT24, YEAR, NEWDECIMAL. */
const NUMERIC_TYPES = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246])

function fieldOf({ name, columnType }: FieldPacket): Field {
  return { name, numeric: NUMERIC_TYPES.has(columnType ?? -1) }
}

interface ServerError extends Error {
  readonly errno: number
  readonly sqlState: string
  readonly sqlMessage: string
}

function isServerError(problem: Error): problem is ServerError {
  return 'sqlState' in problem && typeof problem.sqlState === 'string'
}

/** As every MySQL client says it. */
function describe({ errno, sqlState, sqlMessage }: ServerError): string {
  return `ERROR ${errno} (${sqlState.replace('#', '')}): ${sqlMessage}`
}
