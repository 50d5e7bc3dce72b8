/**
 * The HTTP host: one port for every dialect and for the admin pages. It hands requests on exactly as they were received,
 * because signatures are made over what was sent; it bounds their size and their time, and knows nothing else about them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { Fault } from '../domain/fault.ts'
import { ByteText } from '../kernel/byte-text.ts'
import { readBody } from './body.ts'
import type { Dialect, WireRequest, WireResponse } from './dialect.ts'
import type { Gateway } from './gateway.ts'
import { httpServer, type HttpServer, type Tls } from './http-server.ts'
import { inTurns } from './turn.ts'

/** Answers whatever lies under `/_emrys/`. */
export type AdminPages = (request: WireRequest) => Promise<WireResponse>

/** An answer to a browser: bytes as they are, or a stream that continues. */
export interface BrowserResponse extends Omit<WireResponse, 'body'> {
  readonly body: WireResponse['body'] | Readable
}

/** Answers whatever lies under `/console`. */
export interface ConsolePages {
  answer(request: WireRequest, problem: Fault | undefined): Promise<BrowserResponse>
  /** Ends what is open: streams continue for as long as a browser looks. */
  close(): void
}

export interface HostOptions {
  readonly gateway: Gateway
  readonly dialects: readonly Dialect[]
  readonly admin: AdminPages
  /** Undefined where it is switched off. */
  readonly console?: ConsolePages | undefined
  readonly tls?: Tls
}

export interface Host extends HttpServer {
  /** From now on each answer ends its connection; new ones are still taken. For whoever balances over several, until `close`. */
  drain(): void
}

/** So many requests are begun before the answers of the first are sent. */
const TURN_MAX = 64

interface Received {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

interface Answered extends Received {
  readonly answer: BrowserResponse
}

interface ReceivedBody {
  readonly body: Uint8Array
  readonly problem?: Fault
}

const EMPTY: ReceivedBody = { body: new Uint8Array(0) }

export function httpHost(options: HostOptions): Host {
  let isEnding = false
  const answer = inTurns<Answered>(process.nextTick, send)
  const handle = async (received: Received): Promise<void> => {
    const { request, response } = received
    const { body, problem } = hasBody(request)
      ? (presentBody(request) ?? (await bodyOf(request)))
      : EMPTY
    const wire = wireRequest(request, body, options.tls !== undefined)
    const answered = hasTwoHosts(request)
      ? twoHosts()
      : await respond(options, wire, problem ?? problemOf(wire.path))
    // What still comes of a body that was not read to its end must not be taken for another request.
    if (isEnding || problem) response.setHeader('connection', 'close')
    answer({ request, response, answer: answered })
  }
  const take = inTurns<Received>(
    setImmediate,
    (received) => void handle(received).catch(() => breakOff(received)),
    TURN_MAX,
  )
  const server = httpServer((request, response) => take({ request, response }), options.tls)
  return {
    ...server,
    drain() {
      isEnding = true
    },
    async close() {
      isEnding = true
      options.console?.close()
      await server.close()
    },
  }
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

/** A path is not readable where its percent signs are none of UTF-8. */
function problemOf(path: string): Fault | undefined {
  if (!path.includes('%')) return undefined
  try {
    decodeURI(path)
    return undefined
  } catch {
    return unreadable('the path is not readable')
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/** What came whole with its head, in one piece. */
function presentBody(request: IncomingMessage): ReceivedBody | undefined {
  const { complete, readableLength, headers } = request
  if (!complete || readableLength !== Number(headers['content-length'])) return undefined
  const body = request.read() as Buffer | null
  return body ? { body } : undefined
}

/** HTTP's parser lets nothing but digits through as a length; there is none where it shows only in the end. */
async function bodyOf(request: IncomingMessage): Promise<ReceivedBody> {
  const length = request.headers['content-length']
  try {
    return { body: await readBody(request, length === undefined ? undefined : Number(length)) }
  } catch (failed) {
    const problem = failed instanceof Fault ? failed : unreadable('the request is not readable')
    return { ...EMPTY, problem }
  }
}

/** RFC 9112, 3.2: whoever stands in between may have gone by the other one. The platform keeps the first and drops the rest. */
function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === HOST.length && name.toLowerCase() === HOST) hosts++
  }
  return hosts > 1
}

const HOST = 'host'

function twoHosts(): WireResponse {
  return refusedByHttp(400, { error: 'bad request', hint: 'A request has one Host header.' })
}

function wireRequest(request: IncomingMessage, body: Uint8Array, secure: boolean): WireRequest {
  const { method = '', url = '/', headers, httpVersion, socket } = request
  const mark = url.indexOf('?')
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: headers as Readonly<Record<string, string>>,
    body,
    remoteAddress: socket.remoteAddress ?? '',
    httpVersion,
    secure,
  }
}

function send(answered: Answered): void {
  try {
    write(answered)
  } catch {
    breakOff(answered)
  }
}

function breakOff({ request, response }: Received): void {
  if (response.headersSent) response.destroy()
  else write({ request, response, answer: refusedByHttp(500, { error: 'internal error' }) })
}

function write({ request, response, answer: { status, headers, body } }: Answered): void {
  if (body instanceof Readable) {
    response.writeHead(status, headers)
    pipeline(body, response, () => {})
    return
  }
  const length = HAS_NO_LENGTH.has(status) ? {} : { 'content-length': String(bytesIn(body)) }
  response.writeHead(status, { ...headers, ...length })
  if (request.method === 'HEAD') response.end()
  else if (body instanceof ByteText) response.end(body.bytes, 'latin1')
  else response.end(body)
}

function bytesIn(body: WireResponse['body']): number {
  if (typeof body === 'string') return Buffer.byteLength(body)
  return body instanceof ByteText ? body.bytes.length : body.byteLength
}

/** RFC 9110, 8.6. */
const HAS_NO_LENGTH: ReadonlySet<number> = new Set([204, 304])

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
