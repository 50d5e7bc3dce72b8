/** Asks the admin pages of a test's server, as an operator on the same machine does. */
import { request } from 'node:http'

export interface AdminAnswer {
  readonly status: number
  readonly type: string
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member
  readonly body: any
}

export interface AdminAsk {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** `page` is what follows `/_emrys/`. */
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
      headers: { ...type, ...ask.headers },
    },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
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
