/**
 * The HTTP host: one port for every dialect and for the admin pages. It hands requests on exactly as they were received,
 * because signatures are made over what was sent; it bounds their size and their time, and knows nothing else about them.
 */
import { Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Fault } from '../domain/fault.ts'
import { limits } from '../limits.ts'
import type { Dialect, WireRequest, WireResponse } from './dialect.ts'
import type { Gateway } from './gateway.ts'

/** Answers whatever lies under `/_emrys/`. */
export type AdminPages = (request: WireRequest) => Promise<WireResponse>

export interface HostOptions {
  readonly gateway: Gateway
  readonly dialects: readonly Dialect[]
  readonly admin: AdminPages
  readonly tls?: { readonly cert: string; readonly key: string }
}

export interface Host {
  /** Port 0 takes a free one. Resolves with the port once requests are answered. */
  listen(host: string, port: number): Promise<number>
  /** Answers what is under way, for a bounded time, then closes. */
  close(): Promise<void>
  /** New connections meet this certificate; those that are open keep theirs. No effect without TLS. */
  useCertificate(tls: { readonly cert: string; readonly key: string }): void
}

const NOTHING = new Uint8Array(0)

export function httpHost(options: HostOptions): Host {
  const { gateway, dialects } = options
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    frameworkErrors: (_problem, request, reply) =>
      void answer(request, reply, { detail: 'the path is not readable' }),
    ...(options.tls
      ? { https: { ...options.tls, maxHeaderSize: limits.headerBytes } }
      : { http: { maxHeaderSize: limits.headerBytes } }),
  }) as FastifyInstance
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.all('*', (request, reply) => answer(request, reply))
  app.setNotFoundHandler((request, reply) => answer(request, reply))
  app.setErrorHandler((problem: { code?: string }, request, reply) =>
    answer(
      request,
      reply,
      problem.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
        ? { tooLarge: true }
        : { detail: 'the request is not readable' },
    ),
  )

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    problem?: Unreadable,
  ): Promise<FastifyReply> => {
    const wire = wireRequest(request, options.tls !== undefined)
    const response = await respond(wire, problem)
    // As bytes: to a text the framework would add a charset, and clients compare content types as texts.
    const body = Buffer.from(response.body, 'utf8')
    return reply.code(response.status).headers(response.headers).send(body)
  }

  const respond = async (
    wire: WireRequest,
    problem: Unreadable | undefined,
  ): Promise<WireResponse> => {
    if (wire.path === '/_emrys' || wire.path.startsWith('/_emrys/')) return options.admin(wire)
    const dialect = dialects.find((each) => each.recognises(wire))
    if (!dialect) return noSuchPage(wire)
    if (!problem) return gateway.handle(dialect, wire)
    const fault = problem.tooLarge
      ? new Fault('RequestTooLarge', { limitBytes: limits.bodyBytes })
      : new Fault('RequestMalformed', { detail: problem.detail ?? '' })
    return gateway.refuse(dialect, wire, fault)
  }

  return {
    async listen(host, port) {
      await app.listen({ host, port })
      return (app.server.address() as AddressInfo).port
    },
    async close() {
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

interface Unreadable {
  readonly tooLarge?: boolean
  readonly detail?: string
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
  const body = {
    error: 'not found',
    path: wire.path,
    hint: 'This is Emrys. Point an Alibaba Cloud or Tencent Cloud client at this address; /_emrys/health shows whether it is healthy.',
  }
  return {
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  }
}
