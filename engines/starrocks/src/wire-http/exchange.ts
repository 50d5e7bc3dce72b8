/** One request and its answer, and how an answer reaches a client that is still sending. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../../../src/kernel/clock.ts'

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly query: URLSearchParams
  /** The client waits for `100 Continue` before it sends its body. */
  readonly expectsContinue: boolean
  readonly clock: Clock
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
  /** Ends the connection even if the request was read to its end. */
  readonly close?: boolean
}

/** How much of a body that is not wanted is read; see `HttpLimits.lingerMs`. */
export interface Linger {
  readonly lingerMs: number
  readonly lingerBytes: number
  /** The longest pause of the sender; `lingerMs` unless given. */
  readonly idleMs?: number
}

/**
 * Writes the whole answer. When the body was not read to its end, the connection is closed after it, but not at once: a
 * socket closed over unread bytes is reset, and the reset can overtake the answer.
 */
export async function answer(exchange: Exchange, what: Answer, linger: Linger): Promise<void> {
  const { request, response } = exchange
  if (response.destroyed || response.headersSent) return
  // Waiting for a go-ahead that never came, the client has sent nothing.
  const waiting = exchange.expectsContinue && !continued.has(response)
  const unread = !request.complete && !waiting
  response.writeHead(what.status, {
    'Content-Type': what.type,
    'Content-Length': Buffer.byteLength(what.text),
    ...what.headers,
    ...((unread || waiting || what.close === true) && { Connection: 'close' }),
  })
  if (!unread) {
    response.end(what.text)
    return
  }
  response.write(what.text)
  await discardBody(exchange, linger)
  response.end()
}

/** Aborted when the client leaves before it was answered. */
export function departure({ response }: Exchange): AbortSignal {
  const left = new AbortController()
  const leave = () => {
    if (!response.writableFinished) left.abort()
  }
  if (response.destroyed) leave()
  else response.once('close', leave)
  return left.signal
}

const continued = new WeakSet<ServerResponse>()

/** Lets a client that waits for `100 Continue` send its body. */
export function send100Continue({ response, expectsContinue }: Exchange): void {
  if (!expectsContinue || continued.has(response)) return
  continued.add(response)
  response.writeContinue()
}

/** Reads what still comes of the body and drops it, within bounds. */
export function discardBody({ request, clock }: Exchange, linger: Linger): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const endMs = clock.now() + linger.lingerMs
    let bytes = 0
    let cancel = () => {}
    const over = () => {
      cancel()
      request.off('data', count)
      request.pause()
      resolve()
    }
    const wait = () => {
      cancel()
      cancel = clock.at(Math.min(endMs, clock.now() + (linger.idleMs ?? linger.lingerMs)), over)
    }
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > linger.lingerBytes) over()
      else wait()
    }
    wait()
    request.once('end', over)
    request.once('error', over)
    request.once('close', over)
    request.on('data', count)
    request.resume()
  })
}
