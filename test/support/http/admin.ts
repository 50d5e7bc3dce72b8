/** Asks the admin pages of a test's server, as an operator on the same machine does: with the token in its data directory. */
import { readFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'

export interface AdminAnswer {
  readonly status: number
  readonly type: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member
  readonly body: any
}

export interface AdminAsk {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** By the port of each server that a test started here. */
const dataDirectories = new Map<number, string>()

export function keepDataDirectory(port: number, dataDir: string): void {
  dataDirectories.set(port, dataDir)
}

export function dataDirectoryOf(port: number): string | undefined {
  return dataDirectories.get(port)
}

/** The header that administration needs; none for a server that no test started here. */
export function authorization(port: number): Readonly<Record<string, string>> {
  const dataDir = dataDirectories.get(port)
  if (dataDir === undefined) return {}
  return {
    authorization: `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`,
  }
}

/** `page` is what follows `/_emrys/`. An empty `authorization` among the headers asks without the token. */
export function askAdmin(port: number, page: string, ask: AdminAsk = {}): Promise<AdminAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<AdminAnswer>()
  const body = typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body)
  const type = ask.body === undefined ? {} : { 'content-type': 'application/json' }
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      path: `/_emrys/${page}`,
      method: ask.method ?? 'GET',
      agent: false,
      headers: { ...type, ...authorization(port), ...ask.headers },
    },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          headers: response.headers,
          text,
          body: text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined,
        }),
      )
    },
  )
  sent.on('error', reject)
  sent.end(body)
  return promise
}
