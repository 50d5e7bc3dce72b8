/**
 * A store of the S3 protocol in memory, of one bucket, that a test makes fail: it can be away, silent, slow, full, or refuse. Who asks is
 * not proved; test/kernel/s3.test.ts has a real one for that.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

export interface MemoryStore {
  readonly endpoint: string
  readonly objects: Map<string, Buffer>
  /** `METHOD name` of each request that was answered, in order. */
  readonly requests: string[]
  /** Answers in place of the store, with `status`; `silent` never answers; `lost` does what is asked and cuts the connection. */
  fault: ((method: string, name: string) => number | 'silent' | 'lost' | undefined) | undefined
  slowMs: number
  /** Gets each request before anything else does. */
  onRequest: ((name: string, authorization: string) => void) | undefined
  /** Whether it understands If-None-Match. */
  conditional: boolean
}

export const bucket = 'instances'

export async function memoryStore(t: TestContext): Promise<MemoryStore> {
  const server = createServer((request, response) => {
    void answer(store, request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const store: MemoryStore = {
    endpoint: `http://127.0.0.1:${port}`,
    objects: new Map(),
    requests: [],
    fault: undefined,
    slowMs: 0,
    onRequest: undefined,
    conditional: true,
  }
  return store
}

async function answer(store: MemoryStore, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://store')
  const name = decodeURIComponent(url.pathname).replace(`/${bucket}`, '').replace(/^\//, '')
  const pieces: Buffer[] = []
  try {
    for await (const piece of request) pieces.push(piece as Buffer)
  } catch {
    return
  }
  const { method = '' } = request
  store.onRequest?.(name, request.headers.authorization ?? '')
  if (store.slowMs > 0) await pause(store.slowMs)
  const fault = store.fault?.(method, name)
  if (fault === 'silent') return
  if (typeof fault === 'number') {
    response.writeHead(fault).end('<Error><Code>Refused</Code></Error>')
    return
  }
  const { status, body } = handle(store, {
    method,
    name,
    url,
    request,
    body: Buffer.concat(pieces),
  })
  store.requests.push(`${method} ${name}`)
  if (fault === 'lost') response.destroy()
  else response.writeHead(status).end(body)
}

function handle(
  { objects, conditional }: MemoryStore,
  it: { method: string; name: string; url: URL; request: IncomingMessage; body: Buffer },
): { status: number; body?: Buffer | string } {
  const { method, name, url, request, body } = it
  if (method === 'PUT') {
    if (conditional && request.headers['if-none-match'] === '*' && objects.has(name))
      return { status: 412, body: '<Error><Code>PreconditionFailed</Code></Error>' }
    objects.set(name, body)
    return { status: 200 }
  }
  if (method === 'DELETE') {
    objects.delete(name)
    return { status: 204 }
  }
  if (url.searchParams.has('list-type')) return { status: 200, body: listed(objects, url) }
  const found = objects.get(name)
  if (found) return { status: 200, body: found }
  return { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' }
}

const PAGE = 5

function listed(objects: Map<string, Buffer>, { searchParams }: URL): string {
  const prefix = searchParams.get('prefix') ?? ''
  const after = searchParams.get('start-after') ?? ''
  const names = [...objects.keys()].sort().filter((name) => name.startsWith(prefix) && name > after)
  const keys = names.slice(0, PAGE).map((name) => `<Contents><Key>${name}</Key></Contents>`)
  return `<ListBucketResult>${keys.join('')}<IsTruncated>${names.length > PAGE}</IsTruncated></ListBucketResult>`
}
