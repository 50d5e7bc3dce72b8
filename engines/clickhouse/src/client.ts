/** Asks a server by HTTP, as its peers do. Every answer is waited for some seconds, and is bounded. */
import { readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:http'
import { join } from 'node:path'
import { request, type IncomingMessage } from '../../../src/kernel/http.ts'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { PEER } from './configuration.ts'

/** Where in its directory stands what its peers are known by. */
export const PEER_KEY = 'peer.key'

const ANSWER_MS = 3_000
const ANSWER_BYTES = 1024 ** 2
const REASON_LENGTH = 300

/** Rejects with what it says, or when it says nothing. */
export async function ask(
  { directory, host, ports: [port] }: DaemonPlan,
  query: string,
): Promise<string> {
  const response = await answered(query, {
    host,
    port,
    localAddress: host,
    method: 'POST',
    path: '/',
    // In headers: addresses are logged.
    headers: {
      'X-ClickHouse-User': PEER,
      'X-ClickHouse-Key': readFileSync(join(directory, PEER_KEY), 'utf8'),
      'Content-Length': Buffer.byteLength(query),
    },
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of response) {
    pieces.push(piece as Buffer)
    length += (piece as Buffer).length
    if (length > ANSWER_BYTES) throw new Error('its answer is too long')
  }
  const text = Buffer.concat(pieces).toString('utf8')
  if (response.statusCode !== 200) throw new Error(text.slice(0, REASON_LENGTH).trim())
  return text
}

function answered(query: string, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(options, resolve).once('error', reject).end(query)
  })
}
