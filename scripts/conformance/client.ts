/** The client of a case: one connection, each statement with a bound, answers in the texts of the suite. */
import { createConnection } from 'mysql2/promise'
import type { Connection } from 'mysql2/promise'
import { clientText, errorText } from './client-text.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly httpPort: number
  readonly user: string
  readonly password: string
}

export interface Answer {
  /** Rows, or an error that begins with `E: `. */
  readonly text: string
  readonly code?: number
  readonly timedOut?: boolean
  /** The connection is gone. */
  readonly lost?: boolean
}

export interface Client {
  ask(sql: string, timeoutMs: number): Promise<Answer>
  close(): void
}

const connect = (endpoint: Endpoint): Promise<Connection> =>
  createConnection({
    host: endpoint.host,
    port: endpoint.port,
    user: endpoint.user,
    password: endpoint.password,
    multipleStatements: true,
    rowsAsArray: true,
    typeCast: (field) => clientText(field.type, field.buffer()),
  })

export async function openClient(endpoint: Endpoint): Promise<Client> {
  const connection = await connect(endpoint)
  // What it says late, after a time-out, helps nobody.
  connection.on('error', () => undefined)
  return {
    ask: (sql, timeoutMs) => bounded(endpoint, connection, sql, timeoutMs),
    close: () => connection.destroy(),
  }
}

async function bounded(
  endpoint: Endpoint,
  connection: Connection,
  sql: string,
  timeoutMs: number,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ text: 'E: no answer in time', timedOut: true }), timeoutMs)
  })
  const answer = await Promise.race([answerOf(connection, sql), late])
  clearTimeout(timer)
  if (answer.timedOut) await kill(endpoint, connection)
  return answer
}

async function answerOf(connection: Connection, sql: string): Promise<Answer> {
  try {
    const [rows, fields] = await connection.query(sql)
    // Of several statements in one text, the suite reads the first result.
    const several =
      Array.isArray(fields) && fields.some((each) => each === undefined || Array.isArray(each))
    const first: unknown = several ? (rows as unknown[])[0] : rows
    if (!Array.isArray(first)) return { text: '' }
    return { text: (first as string[][]).map((row) => row.join('\t')).join('\n') }
  } catch (error) {
    const { errno, sqlMessage, code, message } = error as Error & Record<string, unknown>
    if (typeof errno === 'number' && typeof sqlMessage === 'string')
      return { text: errorText(errno, sqlMessage), code: errno }
    return { text: `E: the connection is lost (${String(code)} ${message})`, lost: true }
  }
}

/** A statement without an answer must not slow down those of later cases. */
async function kill(endpoint: Endpoint, connection: Connection): Promise<void> {
  const id = connection.threadId
  connection.destroy()
  try {
    const other = await connect(endpoint)
    await other.query(`KILL ${String(id)}`)
    other.destroy()
  } catch {
    // It has ended by itself.
  }
}
