/**
 * Catalogs that a server of Iceberg's REST protocol keeps (reference: Apache Iceberg, rest-catalog-open-api.yaml). It says which tables
 * there are and where the metadata of each are; these, and all that they name, are read from the instance's own object storage.
 *
 * Guarantees: nobody is asked but a server that the configuration names, under paths that are made here; no answer leads elsewhere,
 * takes longer or is longer than is set here; nothing of a table is read that is not below the table's own folder.
 */
import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError, parseStoredPath } from '../storage/object-path.ts'
import type { ObjectStorageOptions } from '../storage/object-storage.ts'
import { icebergTable, METADATA_FILE } from './iceberg.ts'
import type { IcebergPlace } from './iceberg.ts'
import type { LakeCatalog } from './lake-table.ts'
import type { LakeSource } from './object.ts'

const ANSWER_MS = 10_000
/** Far above the metadata of one table, which come with an answer. */
const ANSWER_BYTES = 64 * 1024 * 1024
const PAGES_MAX = 1000
const NAMES_MAX = 100_000

export interface RestOptions {
  readonly uri: string
  readonly warehouse: string | undefined
}

/** Throws SqlError unless it is one of those that the instance may ask. */
export function demandServer(options: ObjectStorageOptions | undefined, uri: string): string {
  const bare = (text: string) => text.replace(/\/+$/, '')
  const found = (options?.icebergRest ?? []).map(bare).find((known) => known === bare(uri))
  if (found === undefined)
    throw new SqlError(
      `Access denied: the instance may not connect to the Iceberg REST catalog at '${uri.slice(0, 200)}'; the environment lists those that it may`,
    )
  return found
}

export function restCatalog(source: LakeSource, { uri, warehouse }: RestOptions): LakeCatalog {
  const server = demandServer(source.objects.options, uri)
  const open = async () => `${server}/v1/${await prefixOf(server, warehouse)}namespaces`
  return {
    async databases() {
      const found = await listed(await open(), 'namespaces')
      // One that lies in another one has no name of one part.
      return found.flatMap((levels) =>
        Array.isArray(levels) && levels.length === 1 ? nameOf(levels, 0) : [],
      )
    },
    async tables(database) {
      if (!isName(database)) return []
      const found = await listed(
        `${await open()}/${encodeURIComponent(database)}/tables`,
        'identifiers',
      )
      return found.flatMap((identifier) => nameOf(identifier, 'name'))
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
async function prefixOf(server: string, warehouse: string | undefined): Promise<string> {
  const query = warehouse === undefined ? '' : `?warehouse=${encodeURIComponent(warehouse)}`
  const answer = await ask(`${server}/v1/config${query}`)
  const { defaults, overrides } = (answer ?? {}) as Readonly<
    Record<string, Readonly<Record<string, unknown>> | null | undefined>
  >
  const prefix = overrides?.['prefix'] ?? defaults?.['prefix'] ?? ''
  if (prefix === '') return ''
  const parts = typeof prefix === 'string' ? prefix.split('/') : ['']
  if (parts.some((part) => !/^[\w~%-][\w.~%-]{0,255}$/.test(part)))
    throw objectError('the Iceberg REST catalog has a prefix that is no path')
  return `${parts.join('/')}/`
}

async function listed(url: string, member: string): Promise<readonly unknown[]> {
  const found: unknown[] = []
  let token = ''
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await ask(token === '' ? url : `${url}?pageToken=${encodeURIComponent(token)}`)
    const items = answer?.[member]
    if (Array.isArray(items)) found.push(...(items as unknown[]))
    if (found.length > NAMES_MAX) break
    const next = answer?.['next-page-token']
    if (typeof next !== 'string' || next === '') return found
    token = next
  }
  throw objectError(`the Iceberg REST catalog lists more than ${NAMES_MAX} names`)
}

/** Undefined for what is not there. */
async function ask(url: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let status: number
  let text: string
  try {
    const signal = AbortSignal.timeout(ANSWER_MS)
    const headers = { accept: 'application/json' }
    const response = await fetch(url, { headers, redirect: 'error', signal })
    status = response.status
    text = await textOf(response)
  } catch (error) {
    if (error instanceof SqlError) throw error
    throw objectError('the Iceberg REST catalog does not answer')
  }
  if (status === 404) return undefined
  if (status !== 200)
    throw objectError(`the Iceberg REST catalog answers with the status ${status}`)
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object') return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw objectError("the Iceberg REST catalog's answer is no object of JSON")
}

async function textOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.length
    if (bytes > ANSWER_BYTES)
      throw objectError(`the Iceberg REST catalog's answer is longer than ${ANSWER_BYTES} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
