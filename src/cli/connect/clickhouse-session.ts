/**
 * SQL of ClickHouse by its HTTP: a session of the server's, in which USE and SET last, and results in its tab-separated form, with names and
 * types. The server sends nothing of a statement before it is through, so that one that fails shows no half of a result.
 */
import { randomUUID } from 'node:crypto'
import { answerText, type IncomingMessage } from '../../kernel/http.ts'
import { CommandProblem } from '../problem.ts'
import type { Cell } from './cell.ts'
import { answerOf, linesOf } from './http.ts'
import type { ResultWriter } from './result.ts'
import { SqlProblem, type Done, type SqlSession, type Target } from './session.ts'

const FORM = 'TabSeparatedWithNamesAndTypes'
/** The most that a server allows unless configured otherwise. */
const SESSION_SECONDS = 3_600
const REASON_LENGTH_MAX = 1_048_576

export async function openClickHouse(target: Target): Promise<SqlSession> {
  const session = randomUUID()
  let running: string | undefined
  const ask = (sql: string, more: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams({
      default_format: FORM,
      wait_end_of_query: '1',
      ...more,
    })
    return answerOf({
      host: target.host,
      port: target.port,
      path: `/?${query.toString()}`,
      method: 'POST',
      // In headers: addresses are logged.
      headers: { 'X-ClickHouse-User': target.user, 'X-ClickHouse-Key': target.password },
      body: sql,
    })
  }
  const version = await scalar(await ask('select version()'), target)
  return {
    version: `ClickHouse ${version}`,
    async run(sql, writer) {
      running = randomUUID()
      const within = { session_id: session, session_timeout: String(SESSION_SECONDS) }
      try {
        const answer = await ask(sql, { ...within, query_id: running })
        return await written(await refused(answer), { form: formOf(sql), writer })
      } finally {
        running = undefined
        writer.end()
      }
    },
    async cancel() {
      if (running === undefined) return
      const answer = await ask(`kill query where query_id = '${running}' sync`)
      answer.resume()
    },
    close() {},
  }
}

async function scalar(answer: IncomingMessage, { host, port, user }: Target): Promise<string> {
  try {
    const rows: string[] = []
    for await (const line of linesOf(await refused(answer))) rows.push(line)
    return rows[2] ?? ''
  } catch (problem) {
    if (!(problem instanceof SqlProblem)) throw problem
    const why = `${user} cannot log in at ${host}:${port}: ${problem.message}`
    throw new CommandProblem(why, { cause: problem })
  }
}

/** Throws SqlProblem for a refusal. */
async function refused(answer: IncomingMessage): Promise<IncomingMessage> {
  if (answer.statusCode === 200) return answer
  const text = await answerText(answer, { most: REASON_LENGTH_MAX, from: 'the server' })
  throw new SqlProblem(text.trim())
}

const NUMERIC = /^(?:Nullable\()?(?:U?Int|Float|Decimal)/

/** A statement that says its own form gets it, line by line. */
function formOf(sql: string): string {
  return /\bformat\s+([a-z]\w*)\s*$/i.exec(sql)?.[1] ?? FORM
}

async function written(
  answer: IncomingMessage,
  { form, writer }: { readonly form: string; readonly writer: ResultWriter },
): Promise<Done> {
  let names: readonly string[] | undefined
  let rows: number | undefined
  if (form !== FORM) writer.fields([{ name: form, numeric: false }])
  for await (const line of linesOf(answer)) {
    if (form !== FORM) {
      rows = (rows ?? 0) + 1
      writer.row([line])
    } else if (!names) names = line.split('\t')
    else if (rows === undefined) {
      const types = line.split('\t')
      const numeric = (at: number) => NUMERIC.test(types[at] ?? '')
      writer.fields(names.map((name, at) => ({ name: cellOf(name) ?? '', numeric: numeric(at) })))
      rows = 0
    } else {
      rows++
      writer.row(line.split('\t').map(cellOf))
    }
  }
  return { rows, affected: 0 }
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  r: '\r',
  n: '\n',
  t: '\t',
  '0': '\0',
}

function cellOf(text: string): Cell {
  if (text === String.raw`\N`) return null
  return text.replaceAll(/\\(.)/g, (_, sign: string) => ESCAPES[sign] ?? sign)
}
