/** An HTTPS server that answers what a test says, as an API server of Kubernetes would: for what a real one does too seldom. */
import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { selfSignedCertificate, type Certificate } from '../../../src/kernel/certificate.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import type { Access, Credential } from '../../../src/substrate/kubernetes/access.ts'
import { cleanUp } from '../process/clean-up.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** The common name of the client's certificate. */
  readonly client: string | undefined
}

export type Answer = (asked: Asked, response: ServerResponse) => void | Promise<void>

export interface ApiServer {
  readonly certificate: Certificate
  readonly address: string
  readonly asked: readonly Asked[]
  /** To it, by its own certificate. */
  access(credential?: Credential | ((refused: boolean) => Credential)): Access
}

export async function apiServer(t: TestContext, answer: Answer): Promise<ApiServer> {
  const certificate = await selfSignedCertificate({ hosts: ['127.0.0.1'], days: 1 }, systemClock())
  const asked: Asked[] = []
  const server = createServer(
    {
      key: certificate.keyPem,
      cert: certificate.certificatePem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      void read(request).then((it) => {
        asked.push(it)
        return answer(it, response)
      })
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(t, () => ended(server))
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    certificate,
    address,
    asked,
    access: (credential = {}) => ({
      server: address,
      authority: certificate.certificatePem,
      credential: async (refused) =>
        typeof credential === 'function' ? credential(refused) : credential,
    }),
  }
}

export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** As it refuses. */
export function answerStatus(
  response: ServerResponse,
  code: number,
  status: { readonly reason: string; readonly message: string; readonly retryAfter?: string },
): void {
  const { retryAfter, ...words } = status
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
  answerJson(
    response,
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, ...words },
    code,
  )
}

async function read(request: IncomingMessage): Promise<Asked> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://server')
  const peer = (request.socket as TLSSocket).getPeerCertificate()
  return {
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    body: Buffer.concat(pieces).toString('utf8'),
    client: peer.subject === undefined ? undefined : String(peer.subject.CN),
  }
}

async function ended(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
