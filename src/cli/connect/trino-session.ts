/**
 * SQL of Trino by its protocol (trino.io/docs, "Trino client REST API"): a statement is asked for page by page. Catalog, schema and properties of
 * the session are the client's to remember. Transactions are refused by the server, as this client offers none.
 */
import { answerText, type IncomingMessage } from '../../kernel/http.ts'
import { CommandProblem } from '../problem.ts'
import type { Cell, Field } from './cell.ts'
import { answerOf } from './http.ts'
import type { ResultWriter } from './result.ts'
import { SqlProblem, type Done, type SqlSession, type Target } from './session.ts'

interface Page {
  readonly nextUri?: string
  readonly columns?: readonly { readonly name: string; readonly type: string }[]
  readonly data?: readonly (readonly unknown[])[]
  /** Of a statement that changes something, whose columns are no result. */
  readonly updateType?: string
  readonly updateCount?: RawNumber
  readonly error?: { readonly message?: string; readonly errorName?: string }
}

/** A server cuts pages at 16 MB unless configured otherwise. */
const PAGE_LENGTH_MAX = 134_217_728

export async function openTrino(target: Omit<Target, 'password'>): Promise<SqlSession> {
  const { host, port, user } = target
  const memory = sessionMemory()
  let next: string | undefined
  const ask = async (path: string, method: 'GET' | 'POST' | 'DELETE' = 'GET', body?: string) => {
    const headers = { 'x-trino-user': user, 'x-trino-source': 'emrys connect', ...memory.headers() }
    return answerOf({ host, port, path, method, headers, ...(body === undefined ? {} : { body }) })
  }
  const pageOf = async (answer: IncomingMessage): Promise<Page> => {
    memory.note(answer.headers)
    const text = await answerText(answer, { most: PAGE_LENGTH_MAX, from: `${host}:${port}` })
    if (answer.statusCode !== 200) throw new SqlProblem(text.trim() || `HTTP ${answer.statusCode}`)
    const page = readExactly(text) as Page
    next = page.nextUri === undefined ? undefined : pathOf(page.nextUri)
    return page
  }
  const info = await answerText(await ask('/v1/info'), { most: PAGE_LENGTH_MAX, from: host })
  return {
    version: `Trino ${versionIn(info)}`,
    async run(sql, writer) {
      try {
        return await pages(await pageOf(await ask('/v1/statement', 'POST', sql)))
      } finally {
        next = undefined
        writer.end()
      }

      async function pages(first: Page): Promise<Done> {
        const done = { rows: undefined as number | undefined, affected: 0 }
        for (let page = first; ; page = await pageOf(await ask(next))) {
          write(page, writer, done)
          if (next === undefined) return done
        }
      }
    },
    async cancel() {
      if (next === undefined) return
      const answer = await ask(next, 'DELETE')
      answer.resume()
    },
    close() {},
  }
}

function pathOf(uri: string): string {
  const { pathname, search } = new URL(uri)
  return pathname + search
}

function versionIn(info: string): string {
  try {
    const { nodeVersion } = JSON.parse(info) as { readonly nodeVersion?: { version?: string } }
    if (nodeVersion?.version !== undefined) return nodeVersion.version
  } catch (problem) {
    throw new CommandProblem('what answers there is no Trino', { cause: problem })
  }
  throw new CommandProblem('what answers there is no Trino')
}

function write(
  { columns, data, error, updateType, updateCount }: Page,
  writer: ResultWriter,
  done: { rows: number | undefined; affected: number },
): void {
  if (error) throw new SqlProblem(`ERROR ${error.errorName ?? ''}: ${error.message ?? ''}`)
  if (updateCount) done.affected = Number(updateCount.rawJSON)
  if (columns && updateType === undefined && done.rows === undefined) {
    writer.fields(columns.map(fieldOf))
    done.rows = 0
  }
  if (done.rows === undefined) return
  for (const row of data ?? []) {
    done.rows++
    writer.row(row.map(cellOf))
  }
}

const NUMERIC = /^(?:tinyint|smallint|integer|bigint|real|double|decimal)\b/

function fieldOf({ name, type }: { readonly name: string; readonly type: string }): Field {
  return { name, numeric: NUMERIC.test(type) }
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}

/** A number with the digits that it was sent with. */
interface RawNumber {
  readonly rawJSON: string
}

/** Node has them, TypeScript does not know them yet. */
const exactJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (name: string, value: unknown, context: { readonly source: string }) => unknown,
  ): unknown
  rawJSON(source: string): RawNumber
}

function readExactly(text: string): unknown {
  return exactJson.parse(text, (_, value, { source }) =>
    typeof value === 'number' ? exactJson.rawJSON(source) : value,
  )
}

/** What a session remembers, as a server says it in headers and wants it back. */
function sessionMemory() {
  const kept = new Map<string, string>()
  const properties = new Map<string, string>()
  return {
    headers(): Readonly<Record<string, string>> {
      const all = [...properties].map(([name, value]) => `${name}=${value}`).join(',')
      return { ...Object.fromEntries(kept), ...(all === '' ? {} : { 'x-trino-session': all }) }
    },
    note(headers: IncomingMessage['headers']): void {
      for (const name of ['catalog', 'schema', 'path']) {
        const value = headers[`x-trino-set-${name}`]
        if (typeof value === 'string') kept.set(`x-trino-${name}`, value)
      }
      const set = headers['x-trino-set-session']
      const [property = '', ...value] = typeof set === 'string' ? set.split('=') : []
      if (property !== '') properties.set(property, value.join('='))
      const cleared = headers['x-trino-clear-session']
      if (typeof cleared === 'string') properties.delete(cleared)
    },
  }
}
