/** Asks the console of a test's server as a browser does: with its cookie, and with what browsers say of who asks. */
import { request, type IncomingHttpHeaders } from 'node:http'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../../src/gateway/development.ts'

export interface ConsoleAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member
  readonly body: any
}

export interface ConsoleAsk {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ConsoleBrowser {
  readonly cookie: () => string
  readonly requestToken: () => string
  /** `path` is what follows `/console`. */
  ask(path: string, ask?: ConsoleAsk): Promise<ConsoleAnswer>
  /** An address of its API, written to as its own page does. */
  send(path: string, body: unknown, method?: string): Promise<ConsoleAnswer>
  signIn(body?: unknown): Promise<ConsoleAnswer>
}

export const rootOf = (cloud: string) => ({
  cloud,
  keyId: DEVELOPMENT_KEY_ID,
  secret: DEVELOPMENT_SECRET,
})

export function consoleBrowser(port: number, cookie = ''): ConsoleBrowser {
  let jar = cookie
  let token = ''
  const ask = async (path: string, it: ConsoleAsk = {}) => {
    const answer = await askConsole(port, path, {
      ...it,
      headers: { ...(jar === '' ? {} : { cookie: jar }), ...it.headers },
    })
    const [set] = answer.headers['set-cookie'] ?? []
    if (set !== undefined) jar = set.split(';')[0] ?? ''
    return answer
  }
  const send = (path: string, body: unknown, method = 'POST') =>
    ask(`/api/${path}`, {
      method,
      body,
      headers: { 'sec-fetch-site': 'same-origin', 'x-emrys-request-token': token },
    })
  return {
    cookie: () => jar,
    requestToken: () => token,
    ask,
    send,
    async signIn(body = rootOf('alibaba')) {
      const answer = await send('session', body)
      token = answer.body?.requestToken ?? ''
      return answer
    },
  }
}

function askConsole(port: number, path: string, ask: ConsoleAsk): Promise<ConsoleAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ConsoleAnswer>()
  const body: string | undefined =
    typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body)
  const type = ask.body === undefined ? {} : { 'content-type': 'application/json' }
  // Node sends none by itself with a DELETE.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const sent = request(
    {
      host: '127.0.0.1',
      port,
      path: `/console${path}`,
      method: ask.method ?? 'GET',
      agent: false,
      headers: { ...type, ...length, ...ask.headers },
    },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
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
