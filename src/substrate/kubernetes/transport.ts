/**
 * Requests to the API server over connections that are kept: bounded in time, in what is sent and in what is read. A credential that
 * is refused is asked for again once; connections with another client certificate are other connections.
 */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Agent } from 'node:https'
import type { Access, Credential } from './access.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE'
  /** With its query. */
  readonly path: string
  readonly body?: { readonly type: string; readonly value: unknown }
  readonly signal?: AbortSignal
}

export interface ApiAnswer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly body: Buffer
}

export interface TransportBounds {
  /** From the first byte that is sent to the last that is read. */
  readonly answerMs: number
  /** A longer answer is an error: half of a list would be a lie about the world. */
  readonly answerBytes: number
}

export interface Transport {
  send(request: ApiRequest): Promise<ApiAnswer>
  /** An answer that continues; cut when nothing comes for `silenceMs`. Its reader ends it. */
  open(request: ApiRequest, silenceMs: number): Promise<IncomingMessage>
  close(): void
}

/** etcd takes no object of more; the API server no request of more than twice that. */
const REQUEST_BYTES = 1536 * 1024
/** Connections at once: one API server has to bear several clients. */
const SOCKETS = 32

export function transport(access: Access, { answerMs, answerBytes }: TransportBounds): Transport {
  const agents = agentsOf(access)
  const base = new URL(access.server)
  const prefix = base.pathname.replace(/\/$/, '')
  const begin = async (request: ApiRequest, refused: boolean, options: SendOptions) => {
    const credential = await access.credential(refused)
    const { body } = request
    const text = body === undefined ? undefined : JSON.stringify(body.value)
    if (text !== undefined && Buffer.byteLength(text) > REQUEST_BYTES)
      throw new Error(`${request.method} ${request.path} would send more than an object may have`)
    const sent = httpsModule().request({
      hostname: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port === '' ? 443 : base.port,
      path: `${prefix}${request.path}`,
      method: request.method,
      agent: agents.of(credential),
      headers: {
        accept: 'application/json',
        'user-agent': 'emrys',
        ...(credential.token && { authorization: `Bearer ${credential.token}` }),
        ...(text !== undefined && {
          'content-type': body?.type ?? 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
      },
      ...(options.silenceMs !== undefined && { timeout: options.silenceMs }),
      ...(options.signal && { signal: options.signal }),
    })
    sent.on('timeout', () => sent.destroy(new Error('the API server is silent')))
    sent.end(text)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response
  }
  const ask = async (request: ApiRequest, options: SendOptions) => {
    const response = await begin(request, false, options)
    if (response.statusCode !== 401) return response
    response.resume()
    return begin(request, true, options)
  }
  return {
    async send(request) {
      const timeout = AbortSignal.timeout(answerMs)
      const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout
      try {
        const response = await ask(request, { signal })
        return {
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          body: await wholeOf(response, answerBytes, request),
        }
      } catch (cause) {
        if (!timeout.aborted) throw cause
        const { method, path } = request
        throw new Error(`${method} ${path} is not answered within ${answerMs / 1000} s`, { cause })
      }
    },
    open: (request, silenceMs) =>
      ask(request, { silenceMs, ...(request.signal && { signal: request.signal }) }),
    close: () => agents.close(),
  }
}

interface SendOptions {
  readonly signal?: AbortSignal
  readonly silenceMs?: number
}

async function wholeOf(
  response: IncomingMessage,
  bytesMax: number,
  { method, path }: ApiRequest,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of response) {
    pieces.push(piece as Buffer)
    length += (piece as Buffer).length
    // Leaving the loop destroys the connection.
    if (length > bytesMax) throw new Error(`${method} ${path} is answered at too great length`)
  }
  return Buffer.concat(pieces)
}

/** The certificate belongs to a connection, not to a request. */
function agentsOf({ authority, serverName }: Access) {
  let current: { readonly credential: Credential; readonly agent: Agent } | undefined
  return {
    of({ certificate, key }: Credential): Agent {
      if (
        current &&
        current.credential.certificate === certificate &&
        current.credential.key === key
      )
        return current.agent
      // Its requests under way continue; what is idle is closed by the server.
      const agent = new (httpsModule().Agent)({
        keepAlive: true,
        maxSockets: SOCKETS,
        minVersion: 'TLSv1.2',
        ...(authority !== undefined && { ca: authority }),
        ...(serverName !== undefined && { servername: serverName }),
        ...(certificate !== undefined && { cert: certificate, key }),
      })
      current = { credential: { ...(certificate && key && { certificate, key }) }, agent }
      return agent
    },
    close: () => current?.agent.destroy(),
  }
}

/** Only where a Kubernetes is asked: loading it takes time and memory. */
const httpsModule = () => process.getBuiltinModule('node:https')
