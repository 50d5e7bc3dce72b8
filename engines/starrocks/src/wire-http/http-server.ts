/**
 * One HTTP port of the engine. Bodies are streams, `Expect: 100-continue` is left to the handler, and nothing a client
 * does ends the server. `close` stops listening, lets running requests end within `drainMs`, then cuts them.
 */
import { createServer } from '../../../../src/kernel/http.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { EntryPolicy } from '../entry-policy.ts'
import { answer } from './exchange.ts'
import type { Answer, Exchange } from './exchange.ts'
import type { HttpLimits } from './http-limits.ts'

/** Answers by itself, or says what to answer. */
export type Handler = (exchange: Exchange) => Promise<Answer | undefined>

export interface HttpServerOptions {
  /** Which entry it is; '' is the engine's own address. */
  readonly entry?: string
  /** Who may come in; without it, everyone. */
  readonly entryPolicy?: Pick<EntryPolicy, 'admits'>
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly handle: Handler
  readonly clock: Clock
  readonly log: Logger
  readonly limits: HttpLimits
}

export interface HttpServer {
  readonly address: string
  readonly port: number
  /** Cuts clients that may not stay. */
  review(): void
  close(): Promise<void>
}

export const notFound: Answer = { status: 404, type: 'text/html', text: '' }

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { limits, clock } = options
  const running = new Set<Promise<void>>()
  const serve =
    (expectsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
      const done = exchangeOf(options, { request, response, expectsContinue })
      running.add(done)
      void done.finally(() => running.delete(done))
    }
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    // A load may take days; it has deadlines of its own.
    requestTimeout: 0,
    keepAliveTimeout: limits.headersMs,
    noDelay: true,
  })
  server.maxConnections = limits.connections
  const sockets = new Set<Socket>()
  server.prependListener('connection', (socket: Socket) => {
    if (!isAdmitted(options, socket)) return void socket.resetAndDestroy()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', serve(false))
  server.on('checkContinue', serve(true))
  // Any other expectation is no expectation to StarRocks.
  server.on('checkExpectation', serve(false))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', (error) => options.log.error({ err: error }, 'accepting a client failed'))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('not a TCP address')
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    let stopWaiting: (() => void) | undefined
    const tooLong = new Promise<void>((resolve) => {
      stopWaiting = clock.at(clock.now() + limits.drainMs, resolve)
    })
    await Promise.race([Promise.all(running), tooLong])
    stopWaiting?.()
    server.closeAllConnections()
    await closed
  }
  return {
    address: bound.address,
    port: bound.port,
    review() {
      for (const socket of sockets) if (!isAdmitted(options, socket)) socket.resetAndDestroy()
    },
    close: () => (closing ??= close()),
  }
}

function isAdmitted({ entryPolicy, entry = '' }: HttpServerOptions, socket: Socket): boolean {
  const { remoteAddress: remote, localAddress: local } = socket
  return entryPolicy?.admits({ entry, remote, local }) ?? true
}

async function exchangeOf(
  { handle, clock, log, limits }: HttpServerOptions,
  parts: Pick<Exchange, 'request' | 'response' | 'expectsContinue'>,
): Promise<void> {
  const { request, response } = parts
  // A client that leaves is noticed by the next read or write; without a listener it would be the process's end.
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  const target = URL.parse(request.url ?? '', 'http://engine')
  const exchange: Exchange = {
    ...parts,
    path: target?.pathname ?? '',
    query: target?.searchParams ?? new URLSearchParams(),
    clock,
  }
  try {
    const what = target ? await handle(exchange) : notFound
    if (what) await answer(exchange, what, limits)
  } catch (error) {
    log.error({ err: error, path: exchange.path }, 'a request failed')
    const failure = { status: 500, type: 'text/plain', text: 'internal error', close: true }
    await answer(exchange, failure, limits)
  }
}
