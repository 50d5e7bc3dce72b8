/** Sends a request as it is, without a client that would know better. */
import { request } from 'node:http'
import type { WireRequest } from '../support/http/sign.ts'

export interface RawAnswer {
  readonly status: number
  readonly text: string
}

/** Status 0 when the server hung up, which it may while it is sent more than it takes. */
export function sendRaw(port: number, wire: WireRequest): Promise<RawAnswer> {
  const { method, path, query, headers, body } = wire
  const { promise, resolve } = Promise.withResolvers<RawAnswer>()
  const sent = request({
    host: '127.0.0.1',
    port,
    method,
    path: query === '' ? path : `${path}?${query}`,
    headers: { ...headers, 'content-length': String(body.length) },
    agent: false,
  })
  sent.on('response', (got) => {
    let text = ''
    got.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    got.on('close', () => resolve({ status: got.statusCode ?? 0, text: text.slice(0, 1000) }))
  })
  sent.on('error', () => resolve({ status: 0, text: '' }))
  sent.end(body)
  return promise
}
