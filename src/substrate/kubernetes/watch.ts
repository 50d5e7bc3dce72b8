/**
 * What changes of one type, as the API server reports it: a hint to look earlier, and nothing that anybody relies on. It begins with
 * everything that is there, continues from the last version that it learned of (bookmarks keep that young), and starts over when the server
 * has forgotten that version, so that what happened in between is reported too. It ends by its signal and by nothing else.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs } from '../../kernel/backoff.ts'
import { recordOf } from '../../kernel/json.ts'
import type { Random } from '../../kernel/random.ts'
import { apiProblem, statusOf } from './api-problem.ts'
import { listPath, type KubernetesObject, type ResourceType } from './resource.ts'
import type { Transport } from './transport.ts'

export interface Watch {
  readonly type: ResourceType
  /** Without it, in all. */
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** An object that is new, different or gone. */
  changed(object: KubernetesObject): void
  /** What interrupted it; it continues after a while. */
  failed(problem: unknown): void
}

interface Connected {
  readonly connection: Transport
  readonly random: Pick<Random, 'fraction'>
  readonly silenceMs: number
}

/** The server ends a watch by itself after a time within these: not all at once, when many were begun at once. */
const WATCHED_S = { least: 240, most: 360 }
/** etcd keeps no object that is larger, and events carry one with few words around it. */
const EVENT_BYTES = 4 * 1024 * 1024
const FORGOTTEN = 410

export function watch(connected: Connected, it: Watch): void {
  void followed(connected, it)
}

async function followed(connected: Connected, it: Watch): Promise<void> {
  const place = { version: '' }
  for (let failures = 0; !it.signal.aborted;) {
    let heardOf = false
    try {
      for await (const version of events(connected, it, place.version)) {
        place.version = version
        heardOf = true
        failures = 0
      }
      // A server that ends every watch at once is asked less and less often.
      failures = heardOf ? 1 : failures + 1
    } catch (problem) {
      if (it.signal.aborted) return
      if (isForgotten(problem)) place.version = ''
      failures++
      it.failed(problem)
    }
    const waitMs = backoffMs(failures, connected.random.fraction())
    await pause(waitMs, undefined, { signal: it.signal, ref: false }).catch(() => {})
  }
}

/** Of one connection: the version that is known after each event. */
async function* events(
  { connection, random, silenceMs }: Connected,
  it: Watch,
  version: string,
): AsyncGenerator<string> {
  const spread = Math.floor(random.fraction() * (WATCHED_S.most - WATCHED_S.least))
  const selector = Object.entries(it.labels ?? {}).map(([name, value]) => `${name}=${value}`)
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(WATCHED_S.least + spread),
    ...(version !== '' && { resourceVersion: version }),
    ...(selector.length > 0 && { labelSelector: selector.join(',') }),
  })
  const path = listPath(it.type, it.namespace)
  const request = { method: 'GET', path: `${path}?${query.toString()}`, signal: it.signal } as const
  const response = await connection.open(request, silenceMs)
  try {
    const { statusCode: status = 0 } = response
    if (status !== 200) {
      const about = { body: Buffer.alloc(0), retryAfter: undefined, secret: false }
      throw apiProblem({ ...about, status, what: `GET ${path}` })
    }
    for await (const line of bounded(response)) yield heard(line, it, version)
  } finally {
    response.destroy()
  }
}

function heard(line: string, it: Watch, version: string): string {
  const event = recordOf(JSON.parse(line))
  const { type } = event
  if (type === 'ERROR') throw new WatchProblem(statusOf(event['object']))
  const object = event['object'] as KubernetesObject
  if (type !== 'BOOKMARK') it.changed(object)
  return object.metadata.resourceVersion ?? version
}

class WatchProblem extends Error {
  readonly status: number

  constructor({ code, message }: { readonly code: number; readonly message: string }) {
    super(`the watch ends: ${message || code}`)
    this.status = code
  }
}

/** Lines, none of which is larger than an event can be. */
async function* bounded(response: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer[] = []
  let length = 0
  for await (const piece of response) {
    let from = 0
    for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, from)) {
      yield Buffer.concat([...rest, piece.subarray(from, end)]).toString('utf8')
      rest = []
      length = 0
      from = end + 1
    }
    rest.push(piece.subarray(from))
    length += piece.length - from
    if (length > EVENT_BYTES) throw new Error('an event is larger than any object can be')
  }
}

function isForgotten(problem: unknown): boolean {
  return problem instanceof Error && 'status' in problem && problem.status === FORGOTTEN
}
