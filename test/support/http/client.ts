/** Signed calls without an SDK, for tests that care about what happens around them rather than about the wire. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { DEVELOPMENT_KEY_ID, DEVELOPMENT_SECRET } from '../../../src/gateway/development.ts'
import { signAcs3, signTc3 } from './sign.ts'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface Client {
  /** Tencent's envelope taken off; `Error` is a member when the call was refused. Rejects when the connection broke. */
  tencent(action: string, parameters: object): Promise<Readonly<Record<string, unknown>>>
  alibaba(
    path: string,
    parameters: { query?: Record<string, string>; body?: object; method?: string },
  ): Promise<Answer>
  close(): void
}

const key = { keyId: DEVELOPMENT_KEY_ID, secret: DEVELOPMENT_SECRET }

export function client(port: number): Client {
  const host = `127.0.0.1:${port}`
  const agent = new Agent({ keepAlive: true })
  return {
    async tencent(action, parameters) {
      const timestamp = Math.floor(Date.now() / 1000)
      const signed = signTc3({
        ...key,
        host,
        timestamp,
        action,
        region: 'ap-guangzhou',
        body: JSON.stringify(parameters),
      })
      const { body } = await sendSigned(port, signed, agent)
      return body['Response'] as Readonly<Record<string, unknown>>
    },
    alibaba(path, { query, body, method }) {
      const nonce = randomUUID()
      const date = `${new Date().toISOString().slice(0, 19)}Z`
      const content = body === undefined ? {} : { body: JSON.stringify(body) }
      const signed = signAcs3({
        ...key,
        host,
        path,
        method: method ?? 'POST',
        parameters: query ?? {},
        date,
        nonce,
        ...content,
      })
      return sendSigned(port, signed, agent)
    },
    close: () => agent.destroy(),
  }
}

interface Signed {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Sends a request as it was signed; on a connection of its own unless an agent is given. */
export async function sendSigned(port: number, signed: Signed, agent?: Agent): Promise<Answer> {
  const { status, text } = await exchange(port, signed, agent)
  return { status, body: JSON.parse(text) as Answer['body'] }
}

function exchange(
  port: number,
  signed: Signed,
  agent: Agent | undefined,
): Promise<{ status: number; text: string }> {
  const path = signed.query === '' ? signed.path : `${signed.path}?${signed.query}`
  const headers = { ...signed.headers, 'content-length': String(signed.body.length) }
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method: signed.method,
        path,
        headers,
        ...(agent ? { agent } : {}),
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(signed.body)
  })
}
