/** Trino over HTTP: what its nodes say of themselves, and statements of SQL. Whoever asks has to say who he is, and is believed. */
import { once } from 'node:events'
import type { ServerAddress } from '../../../src/kernel/exchange.ts'
import { answerText, request, type IncomingMessage } from '../../../src/kernel/http.ts'

/** Also the source of its statements, which sets them apart from those of clients. */
export const USER = 'emrys'

const ANSWER_MS = 3_000
/** Far above what a node says of one thing. */
const ANSWER_LENGTH = 8_388_608

export interface Asked {
  readonly method?: 'POST' | 'PUT' | 'DELETE'
  readonly body?: string
  readonly signal?: AbortSignal
}

/** What it answers, as text, from its own address, which may always come in; undefined where it knows nothing of that. */
export async function findText(
  { host, port }: ServerAddress,
  path: string,
  { method, body, signal = AbortSignal.timeout(ANSWER_MS) }: Asked = {},
): Promise<string | undefined> {
  const headers = {
    accept: '*/*',
    'content-type': 'application/json',
    'x-trino-user': USER,
    'x-trino-source': USER,
  }
  const sent = request({
    host,
    port,
    localAddress: host,
    path,
    method: method ?? 'GET',
    headers,
    agent: false,
    signal,
  })
  sent.end(body)
  const [answer] = (await once(sent, 'response', { signal })) as [IncomingMessage]
  const text = await answerText(answer, { most: ANSWER_LENGTH, from: `${host}:${port}` })
  const { statusCode = 0 } = answer
  // 410: it has forgotten it.
  if (statusCode === 404 || statusCode === 410) return undefined
  if (statusCode < 200 || statusCode > 299) throw new Error(`${host}:${port} answers ${statusCode}`)
  return text
}

export async function getJson(
  address: ServerAddress,
  path: string,
  asked?: Asked,
): Promise<unknown> {
  const text = await findText(address, path, asked)
  if (text === undefined) throw new Error(`${address.host}:${address.port} answers 404`)
  return JSON.parse(text)
}

interface Page {
  readonly nextUri?: string
  readonly data?: readonly (readonly unknown[])[]
  readonly error?: { readonly message?: string }
}

/** All rows of its result. Rejects with what it fails with, and when that takes too long: then it is ended. */
export async function rowsOf(
  address: ServerAddress,
  statement: string,
  answerMs: number,
): Promise<readonly (readonly unknown[])[]> {
  const signal = AbortSignal.timeout(answerMs)
  const rows: (readonly unknown[])[] = []
  let page = await ask(address, '/v1/statement', { method: 'POST', body: statement, signal })
  for (;;) {
    if (page.error) throw new Error(page.error.message ?? 'it failed')
    rows.push(...(page.data ?? []))
    if (page.nextUri === undefined) return rows
    const { pathname, search } = new URL(page.nextUri)
    const next = pathname + search
    try {
      page = await ask(address, next, { signal })
    } catch (problem) {
      await findText(address, next, { method: 'DELETE' }).catch(() => undefined)
      throw problem
    }
  }
}

async function ask(address: ServerAddress, path: string, asked: Asked): Promise<Page> {
  return (await getJson(address, path, asked)) as Page
}
