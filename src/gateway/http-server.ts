/**
 * Node's HTTP server at an address: one, or one for each address that `localhost` has, all with the same port. Ends in order: what is
 * under way is answered for a bounded time.
 */
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer } from '../kernel/http.ts'
import { limits } from '../limits.ts'

export interface Tls {
  readonly cert: string
  readonly key: string
}

export interface HttpServer {
  /** Port 0 takes a free one. Resolves with the port once requests are answered. */
  listen(host: string, port: number): Promise<number>
  close(): Promise<void>
  /** New connections meet this certificate; those that are open keep theirs. No effect without TLS. */
  useCertificate(tls: Tls): void
}

/** Clients and balancers keep connections for a minute; whoever closes first must not be the server, or a request on its way is lost. */
const KEEP_ALIVE_MS = 72_000

export function httpServer(answer: RequestListener, tls: Tls | undefined): HttpServer {
  const servers: Server[] = []
  let certificate = tls
  const open = async (host: string, port: number): Promise<Server> => {
    const options = {
      maxHeaderSize: limits.headerBytes,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
    }
    const server = certificate
      ? createTlsServer({ ...options, ...certificate }, answer)
      : createServer(options, answer)
    server.listen({ host, port })
    await once(server, 'listening')
    servers.push(server)
    return server
  }
  return {
    async listen(host, port) {
      const [first = host, ...others] = await addressesOf(host)
      const taken = ((await open(first, port)).address() as AddressInfo).port
      // That a name has an address does not say that this machine has it.
      for (const other of others) await open(other, taken).catch(() => {})
      return taken
    },
    async close() {
      const cut = setTimeout(() => {
        for (const server of servers) server.closeAllConnections()
      }, limits.drainMs)
      await Promise.all(servers.map(closed))
      clearTimeout(cut)
    },
    useCertificate(next) {
      if (!certificate) return
      certificate = next
      for (const server of servers) if (server instanceof TlsServer) server.setSecureContext(next)
    },
  }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [host]
  const found = await lookup(host, { all: true })
  return [...new Set(found.map(({ address }) => address))]
}

/** With its idle connections, which Node ends by itself. */
async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
