/**
 * The HTTP host: one port for every dialect and for the admin pages. It hands requests on exactly as they were received,
 * because signatures are made over what was sent; it bounds their size and their time, and knows nothing else about them.
 */
import { Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'
import { readBody } from './body.ts'
import type { Dialect, WireRequest, WireResponse } from './dialect.ts'
import type { Gateway } from './gateway.ts'

/** Answers whatever lies under `/_emrys/`. */
export type AdminPages = (request: WireRequest) => Promise<WireResponse>

/** An answer to a browser: bytes as they are, or a stream that goes on. */
export interface BrowserResponse extends Omit<WireResponse, 'body'> {
  readonly body: string | Uint8Array | Readable
}

/** Answers whatever lies under `/console`. */
export interface ConsolePages {
  answer(request: WireRequest, problem: Fault | undefined): Promise<BrowserResponse>
  /** Ends what is open: streams go on for as long as a browser looks. */
  close(): void
}

export interface HostOptions {
  readonly gateway: Gateway
  readonly dialects: readonly Dialect[]
  readonly admin: AdminPages
  /** Undefined where it is switched off. */
  readonly console?: ConsolePages | undefined
  readonly tls?: { readonly cert: string; readonly key: string }
}

export interface Host {
  /** Port 0 takes a free one. Resolves with the port once requests are answered. */
  listen(host: string, port: number): Promise<number>
  /** From now on each answer ends its connection; new ones are still taken. For whoever balances over several, until `close`. */
  drain(): void
  /** Answers what is under way, for a bounded time, then closes. */
  close(): Promise<void>
  /** New connections meet this certificate; those that are open keep theirs. No effect without TLS. */
  useCertificate(tls: { readonly cert: string; readonly key: string }): void
}

const NOTHING = new Uint8Array(0)
const NO_QUERY = {}

export function httpHost(options: HostOptions): Host {
  const app = fastify({
    logger: false,
    requestTimeout: limits.requestMs,
    forceCloseConnections: 'idle',
    // What still comes on a connection that is busy is answered, not refused.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    // No route has a schema, and the compilers for them would be a hundred modules more to load.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    // Queries are read by the dialects, which bound them.
    routerOptions: { querystringParser: () => NO_QUERY },
    frameworkErrors: (_problem, request, reply) =>
      void answer(request, reply, unreadable('the path is not readable')),
    ...(options.tls
      ? { https: { ...options.tls, maxHeaderSize: limits.headerBytes } }
      : { http: { maxHeaderSize: limits.headerBytes } }),
  }) as FastifyInstance
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (request: FastifyRequest, stream: Readable) =>
    readBody(stream, announcedBytes(request)),
  )
  app.all('*', (request, reply) => answer(request, reply))
  app.setNotFoundHandler((request, reply) => answer(request, reply))
  app.setErrorHandler((problem, request, reply) =>
    answer(
      request,
      reply,
      problem instanceof Fault ? problem : unreadable('the request is not readable'),
    ),
  )

  let isDraining = false
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    problem?: Fault,
  ): Promise<FastifyReply> => {
    const wire = wireRequest(request, options.tls !== undefined)
    const response = hasTwoHosts(request) ? twoHosts() : await respond(options, wire, problem)
    // As bytes: to a text the framework would add a charset, and clients compare content types as texts.
    const body = typeof response.body === 'string' ? Buffer.from(response.body) : response.body
    if (isDraining) reply.header('connection', 'close')
    return reply.code(response.status).headers(response.headers).send(body)
  }

  return {
    async listen(host, port) {
      await app.listen({ host, port })
      return (app.server.address() as AddressInfo).port
    },
    drain() {
      isDraining = true
    },
    async close() {
      options.console?.close()
      const cut = setTimeout(() => app.server.closeAllConnections(), limits.drainMs)
      try {
        await app.close()
      } finally {
        clearTimeout(cut)
      }
    },
    useCertificate(tls) {
      if (app.server instanceof HttpsServer) app.server.setSecureContext(tls)
    },
  }
}

function noSchemas(): never {
  throw new Error('the routes of this host have no schemas')
}

async function respond(
  { gateway, dialects, admin, console: pages }: HostOptions,
  wire: WireRequest,
  problem: Fault | undefined,
): Promise<BrowserResponse> {
  if (pages && (wire.path === '/console' || wire.path.startsWith('/console/')))
    return pages.answer(wire, problem)
  if (wire.path === '/_emrys' || wire.path.startsWith('/_emrys/')) return admin(wire)
  const dialect = dialects.find((each) => each.recognises(wire))
  if (!dialect) return noSuchPage(wire)
  return problem ? gateway.refuse(dialect, wire, problem) : gateway.handle(dialect, wire)
}

function unreadable(detail: string): Fault {
  return new Fault('RequestMalformed', { detail })
}

/** Undefined where the length shows only in the end. HTTP's parser lets nothing but digits through. */
function announcedBytes(request: FastifyRequest): number | undefined {
  const length = request.headers['content-length']
  return length === undefined ? undefined : Number(length)
}

/** RFC 9112, 3.2: whoever stands in between may have gone by the other one. The platform keeps the first and drops the rest. */
function hasTwoHosts({ raw }: FastifyRequest): boolean {
  const names = raw.rawHeaders.filter((_, at) => at % 2 === 0)
  return names.filter((name) => name.toLowerCase() === 'host').length > 1
}

function twoHosts(): WireResponse {
  return refusedByHttp(400, { error: 'bad request', hint: 'A request has one Host header.' })
}

function wireRequest(request: FastifyRequest, secure: boolean): WireRequest {
  const url = request.raw.url ?? '/'
  const mark = url.indexOf('?')
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers as Readonly<Record<string, string>>,
    body: request.body instanceof Uint8Array ? request.body : NOTHING,
    remoteAddress: request.socket.remoteAddress ?? '',
    httpVersion: request.raw.httpVersion,
    secure,
  }
}

/** For requests that are no vendor's: the address opened in a browser, or mistyped. */
function noSuchPage(wire: WireRequest): WireResponse {
  return refusedByHttp(404, {
    error: 'not found',
    path: wire.path,
    hint: 'This is Emrys. Point an Alibaba Cloud or Tencent Cloud client at this address; /_emrys/health shows whether it is healthy.',
  })
}

/** What is said to nobody's client in particular. */
function refusedByHttp(status: number, body: Readonly<Record<string, string>>): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  }
}
