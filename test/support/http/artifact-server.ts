/** A small Python index (HTML and JSON) and Maven repository on loopback, which can break off, lie about lengths and lead elsewhere. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { cleanUp } from '../process/clean-up.ts'

export interface ArtifactServer {
  readonly url: string
  /** By path. */
  readonly files: Map<string, Buffer>
  /** How the next requests for files are answered; the usual way once they are used up. */
  readonly faults: ServerFault[]
  /** Of the requests so far. */
  readonly seen: {
    readonly path: string
    readonly range?: string
    readonly authorization?: string
  }[]
  /** Whether the index has a JSON form. */
  json: boolean
}

export type ServerFault =
  | { readonly kind: 'break'; readonly after: number }
  | { readonly kind: 'whole' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'endless' }

/** Projects are under `/simple/`, files under `/files/`. */
export async function artifactServer(t: TestContext): Promise<ArtifactServer> {
  const state: Omit<ArtifactServer, 'url'> = {
    files: new Map(),
    faults: [],
    seen: [],
    json: true,
  }
  const server = createServer((request, response) => answer(state, request, response))
  cleanUp(t, () => {
    server.closeAllConnections()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return Object.assign(state, { url: `http://127.0.0.1:${port}` })
}

function answer(
  state: Omit<ArtifactServer, 'url'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = request.url ?? ''
  const { range, authorization } = request.headers
  state.seen.push({ path, ...(range && { range }), ...(authorization && { authorization }) })
  if (path.startsWith('/simple/')) return page(state, path, response)
  const content = state.files.get(path)
  if (!content) return void response.writeHead(404).end()
  const fault = state.faults.shift()
  const [, first = '0'] = /^bytes=(\d+)-$/.exec(range ?? '') ?? []
  const start = fault?.kind === 'whole' ? 0 : Number(first)
  if (fault?.kind === 'status') return void response.writeHead(fault.status).end()
  if (fault?.kind === 'redirect') return void response.writeHead(302, { Location: fault.to }).end()
  // Without its length.
  if (fault?.kind === 'endless')
    return void response.writeHead(200).end(Buffer.concat([content, content]))
  const status = start > 0 ? 206 : 200
  const headers: Record<string, string | number> = { 'Content-Length': content.length - start }
  if (start > 0) headers['Content-Range'] = `bytes ${start}-${content.length - 1}/${content.length}`
  response.writeHead(status, headers)
  if (fault?.kind !== 'break') return void response.end(content.subarray(start))
  response.write(content.subarray(start, start + fault.after), () =>
    // What was written has to be on its way first.
    setTimeout(() => response.destroy(), 20),
  )
}

function page(
  { files, json }: Omit<ArtifactServer, 'url'>,
  path: string,
  response: ServerResponse,
) {
  const project = path.split('/')[2] ?? ''
  const own = [...files.keys()].filter((file) => file.startsWith(`/files/${project}/`))
  if (own.length === 0) return void response.writeHead(404).end()
  const named = own.map((file) => ({ filename: file.split('/').at(-1) ?? '', url: file }))
  if (json) {
    response.writeHead(200, { 'Content-Type': 'application/vnd.pypi.simple.v1+json' })
    return void response.end(JSON.stringify({ meta: { 'api-version': '1.0' }, files: named }))
  }
  response.writeHead(200, { 'Content-Type': 'text/html' })
  const anchors = named.map(
    ({ filename, url }) =>
      `<a data-requires-python="&gt;=3.9" href="../..${url}#sha256=00">${filename}</a><br/>`,
  )
  response.end(`<!DOCTYPE html><html><body>${anchors.join('\n')}</body></html>`)
}
