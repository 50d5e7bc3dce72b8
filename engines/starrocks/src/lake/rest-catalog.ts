/**
 * Catalogs that a server of Iceberg's REST protocol keeps (reference: Apache Iceberg, rest-catalog-open-api.yaml). It says which tables
 * there are and where the metadata of each are; these, and all that they name, are read from the instance's own object storage.
 *
 * Guarantees: nobody is asked but a server that the configuration names, under paths that are made here, and nobody else gets a credential;
 * nothing of a table is read that is not below the table's own folder.
 */
import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError, parseStoredPath } from '../storage/object-path.ts'
import type { ObjectStorageOptions } from '../storage/object-storage.ts'
import { icebergTable, METADATA_FILE } from './iceberg.ts'
import type { IcebergPlace } from './iceberg.ts'
import type { LakeCatalog } from './lake-table.ts'
import type { LakeSource } from './object.ts'
import { jsonOf, restRequest } from './rest-request.ts'
import { restTokens } from './rest-token.ts'
import type { RestAccess, Tokens } from './rest-token.ts'

const PAGES_MAX = 1000
const NAMES_MAX = 100_000

export interface RestOptions {
  readonly uri: string
  readonly warehouse: string | undefined
  /** Below which path the catalog is, unless the server says otherwise. */
  readonly prefix: string | undefined
  readonly access: RestAccess | undefined
}

/** A path below a server's address, or that address. Throws SqlError unless it is one of those that the instance may ask. */
export function demandTokenServer(options: ObjectStorageOptions | undefined, uri: string): void {
  const servers = options?.icebergRest ?? []
  const isBelow = servers.some((known) => uri.startsWith(`${bare(known)}/`))
  if (!isBelow || !/^https?:\/\/[^/?#@\\]+(\/[\w~-][\w.~-]*)+$/.test(uri))
    demandServer(options, uri)
}

const bare = (text: string): string => text.replace(/\/+$/, '')

/** Throws SqlError unless it is one of those that the instance may ask. */
export function demandServer(options: ObjectStorageOptions | undefined, uri: string): string {
  const found = (options?.icebergRest ?? []).map(bare).find((known) => known === bare(uri))
  if (found === undefined)
    throw new SqlError(
      `Access denied: the instance may not connect to the Iceberg REST catalog at '${uri.slice(0, 200)}'; the environment lists those that it may`,
    )
  return found
}

export function restCatalog(source: LakeSource, options: RestOptions): LakeCatalog {
  const server = demandServer(source.objects.options, options.uri)
  if (options.access) demandTokenServer(source.objects.options, options.access.tokenUri)
  const ask = askerOf(source, server, options.access)
  const open = async () => `/v1/${await prefixOf(ask, options)}namespaces`
  return {
    async databases() {
      const found = (await listed(ask, await open(), 'namespaces')) ?? []
      // One that lies in another one has no name of one part.
      return found.flatMap((levels) =>
        Array.isArray(levels) && levels.length === 1 ? nameOf(levels, 0) : [],
      )
    },
    async tables(database) {
      if (!isName(database)) return undefined
      const found = await listed(
        ask,
        `${await open()}/${encodeURIComponent(database)}/tables`,
        'identifiers',
      )
      return found?.flatMap((identifier) => nameOf(identifier, 'name'))
    },
    async table({ database, table, version, inspected }) {
      if (!isName(database) || !isName(table)) return undefined
      const at = `${await open()}/${encodeURIComponent(database)}/tables/${encodeURIComponent(table)}`
      const answer = await ask(at)
      if (!answer) return undefined
      return icebergTable(source, placeOf(answer['metadata-location']), {
        version,
        inspected,
      })
    },
  }
}

/** What could be another path, or a namespace of several parts, is the name of nothing. */
function isName(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  return !/^\.{0,2}$|[\u0000-\u001F\u007F]/.test(text) && text.length <= 1024 && text.isWellFormed()
}

function nameOf(value: unknown, key: string | number): readonly string[] {
  const name = (value as Readonly<Record<string | number, unknown>> | null)?.[key]
  return typeof name === 'string' && isName(name) ? [name] : []
}

/** The table's folder is the one that its metadata are in. */
function placeOf(location: unknown): IcebergPlace {
  if (typeof location !== 'string') throw objectError('the catalog names no metadata of the table')
  const path = parseStoredPath(location)
  const [, key, file = ''] = /^(.*\/|)metadata\/([^/]+)$/.exec(path.key) ?? []
  if (key === undefined || !METADATA_FILE.test(file))
    throw unsupportedByEngine(`A table whose metadata are in '${location.slice(0, 200)}'`)
  const folder = { ...path, key }
  return { root: folder, folder, file }
}

/** Where a server keeps several catalogs, it says below which path this one is. */
async function prefixOf(
  ask: Ask,
  { warehouse, prefix: own }: Pick<RestOptions, 'warehouse' | 'prefix'>,
): Promise<string> {
  const query = warehouse === undefined ? '' : `?warehouse=${encodeURIComponent(warehouse)}`
  const answer = await ask(`/v1/config${query}`)
  const { defaults, overrides } = (answer ?? {}) as Readonly<
    Record<string, Readonly<Record<string, unknown>> | null | undefined>
  >
  const prefix = overrides?.['prefix'] ?? own ?? defaults?.['prefix'] ?? ''
  if (prefix === '') return ''
  const parts = typeof prefix === 'string' ? prefix.split('/') : ['']
  if (parts.some((part) => !/^[\w~%-][\w.~%-]{0,255}$/.test(part)))
    throw objectError('the Iceberg REST catalog has a prefix that is no path')
  return `${parts.join('/')}/`
}

/** Undefined: there is no such list. */
async function listed(
  ask: Ask,
  path: string,
  member: string,
): Promise<readonly unknown[] | undefined> {
  const found: unknown[] = []
  let token = ''
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = token === '' ? '' : `?pageToken=${encodeURIComponent(token)}`
    const answer = await ask(`${path}${query}`)
    if (!answer) return undefined
    const items = answer[member]
    if (Array.isArray(items)) found.push(...(items as unknown[]))
    if (found.length > NAMES_MAX) break
    const next = answer['next-page-token']
    if (typeof next !== 'string' || next === '') return found
    token = next
  }
  throw objectError(`the Iceberg REST catalog lists more than ${NAMES_MAX} names`)
}

type Ask = (path: string) => Promise<Readonly<Record<string, unknown>> | undefined>

/** Answers undefined for what is not there. A token that is not taken any more is renewed once. */
function askerOf({ objects }: LakeSource, server: string, access: RestAccess | undefined): Ask {
  const kept = tokens.get(objects) ?? restTokens()
  tokens.set(objects, kept)
  const sent = async (path: string, isRefused: boolean) => {
    const token = access && (await kept.of(access, isRefused))
    const headers = {
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    }
    return restRequest(`${server}${path}`, { headers })
  }
  return async (path) => {
    let answer = await sent(path, false)
    if (answer.status === 401 && access?.credential !== undefined) answer = await sent(path, true)
    if (answer.status === 404) return undefined
    if (answer.status !== 200)
      throw objectError(`the Iceberg REST catalog answers with the status ${answer.status}`)
    return jsonOf(answer)
  }
}

/** As long as the engine is open. */
const tokens = new WeakMap<LakeSource['objects'], Tokens>()
