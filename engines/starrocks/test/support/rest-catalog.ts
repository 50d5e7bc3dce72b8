/**
 * A server of Iceberg's REST protocol on loopback, as far as readers ask it, with answers like those of Apache Iceberg's own
 * `RESTCatalogServer` 1.9.2. What it says is what the test sets, so that it can also lie.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

export interface RestCatalog {
  readonly uri: string
  /** Methods and paths, with their queries. */
  readonly asked: string[]
  /** Where the metadata of a table are, by `database.table`. */
  readonly tables: Map<string, unknown>
  config: unknown
  /** Demands a token, which it gives for this credential, `id:secret`; with the scope `catalog`, for so many seconds. */
  demanded: { readonly credential: string; readonly seconds: number } | undefined
  /** Those that it takes. */
  readonly tokens: Set<string>
  /** Answers in place of the catalog when it is set. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
}

export async function restCatalogServer(
  t: TestContext,
  tables: Readonly<Record<string, unknown>>,
): Promise<RestCatalog> {
  const server = createServer((request, response) => void met(request, response))
  const met = async (request: IncomingMessage, response: ServerResponse) => {
    it.asked.push(`${request.method} ${request.url}`)
    if (it.instead) {
      it.instead(request, response)
      return
    }
    const { status, value } =
      (it.demanded && (await guarded(it, it.demanded, request))) ??
      answer(it, new URL(request.url ?? '', 'http://x'))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const it: RestCatalog = {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/iceberg`,
    asked: [],
    tables: new Map(Object.entries(tables)),
    config: { defaults: {}, overrides: { prefix: 'ws/one' } },
    demanded: undefined,
    tokens: new Set(),
    instead: undefined,
  }
  return it
}

/** The answer to whoever wants a token, or has none; undefined for the others. */
async function guarded(
  { tokens }: RestCatalog,
  { credential, seconds }: NonNullable<RestCatalog['demanded']>,
  request: IncomingMessage,
) {
  const refused = { status: 401, value: { error: { code: 401, message: 'Needle' } } }
  if (request.url !== '/iceberg/v1/oauth/tokens') {
    const [, token = ''] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? []
    return tokens.has(token) ? undefined : refused
  }
  const form = new URLSearchParams(await text(request))
  const given = `${form.get('client_id')}:${form.get('client_secret')}`
  const isRight =
    form.get('grant_type') === 'client_credentials' &&
    form.get('scope') === 'catalog' &&
    given === credential
  if (!isRight) return refused
  const token = `token-${tokens.size + 1}`
  tokens.add(token)
  return {
    status: 200,
    value: { access_token: token, token_type: 'bearer', expires_in: seconds },
  }
}

/** One name on each page. */
function page(list: readonly unknown[], member: string, token: string | null) {
  const at = Number(token ?? 0)
  const next = at + 1 < list.length ? String(at + 1) : null
  return { status: 200, value: { [member]: list.slice(at, at + 1), 'next-page-token': next } }
}

function answer({ tables, config }: RestCatalog, { pathname, searchParams }: URL) {
  const missing = { status: 404, value: { error: { code: 404 } } }
  if (pathname === '/iceberg/v1/config') return { status: 200, value: config }
  const start = '/iceberg/v1/ws/one/namespaces'
  if (!pathname.startsWith(start)) return missing
  const [, database, , table] = pathname.slice(start.length).split('/').map(decodeURIComponent)
  const names = [...tables.keys()].map((name) => name.split('.'))
  const token = searchParams.get('pageToken')
  if (database === undefined) {
    const databases = [...new Set(names.map(([name]) => name))]
    return page([...databases.map((name) => [name]), ['a', 'inner']], 'namespaces', token)
  }
  const inside = names.filter(([name]) => name === database)
  if (inside.length === 0) return missing
  if (table === undefined) {
    const identifiers = inside.map(([, name]) => ({ namespace: [database], name }))
    return page(identifiers, 'identifiers', token)
  }
  const location = tables.get(`${database}.${table}`)
  if (location === undefined) return missing
  return { status: 200, value: { 'metadata-location': location, metadata: {}, config: {} } }
}
