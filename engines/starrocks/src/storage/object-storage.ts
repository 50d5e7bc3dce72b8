/**
 * The object storage that an instance may use: where it is, which parts of it, and the key, which is in memory only. DuckDB gets the
 * key as one secret for each bucket; no statement of a client can make or read one.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import { objectFolder } from '../../../../src/kernel/object-folder.ts'
import { SqlError } from '../session.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { Link } from './link.ts'
import { objectListing } from './object-listing.ts'
import type { HowToList, ObjectListing } from './object-listing.ts'
import { shapeCache } from './shape-cache.ts'
import type { ShapeCache } from './shape-cache.ts'
import { addressOf, demandRight, fixedPart, isPattern, objectError } from './object-path.ts'
import { listedPath, parseObjectPath, textOf } from './object-path.ts'
import type { ObjectPath, ObjectPrefix, ObjectRight } from './object-path.ts'
import { checkPattern, expandBraces, matchesPattern, splitPaths } from './object-pattern.ts'

export interface ObjectStorageOptions {
  /** `http://host:port` or `https://…`. */
  readonly endpoint: string
  readonly region: string
  readonly prefixes: readonly ObjectPrefix[]
  /** Addresses of the servers of Iceberg's REST protocol that catalogs may be read from. */
  readonly icebergRest?: readonly string[]
  /** Addresses of Hive's metastores that catalogs may be read from: `thrift://host:port`. */
  readonly hiveMetastores?: readonly string[]
}

export interface ObjectKey {
  readonly keyId: string
  readonly secret: string
}

export interface ObjectStorage {
  /** What it is now; undefined for an instance without one. */
  readonly options: ObjectStorageOptions | undefined
  readonly hasKey: boolean
  /** For what begins next. Buckets that were not known at the start are fenced off until the next one. */
  setOptions(options: ObjectStorageOptions | undefined): Promise<void>
  /** Throws SqlError when DuckDB does not take it; its text never holds the key. */
  setKey(key: ObjectKey): Promise<void>
  /** DuckDB's address of one object, or of a folder to write into. Throws SqlError for what the instance may not do. */
  address(path: ObjectPath, right: ObjectRight): string
  /** Throws SqlError for paths that `find` would not even look for. */
  check(paths: readonly string[]): void
  /**
   * DuckDB's address of all that a text names, where it means the same to DuckDB: one name, with `*` in its last part and no other wildcard.
   * DuckDB then learns of each object by one list, and need not ask for each.
   */
  pattern(text: string): string | undefined
  /** The objects that a text names, each of which may be read; wildcards are looked up. */
  find(text: string, how: Omit<HowToList, 'access'>): Promise<readonly FoundObject[]>
  /** What was found in objects, remembered by their names and versions. Another storage has others. */
  readonly shapes: ShapeCache
  /** Takes objects away that lie below a folder which may be written to; answers how many. Throws when it cannot. */
  remove(folder: ObjectPath, which: WrittenNames, clock: Pick<Clock, 'wall'>): Promise<number>
}

export interface FoundObject extends ObjectPath {
  /** Another one for each content that it had; undefined of one that was not listed. */
  readonly version?: string
}

/** Objects of one writer. */
export interface WrittenNames {
  /** What their paths below the folder begin with. */
  readonly start: string
  /** What the last parts of their paths begin with. */
  readonly name: string
}

/** A folder, and a name with `*`: nothing that stands for several paths, or that DuckDB reads as another wildcard. */
const SIMPLE = /^[^,*?[\]{}]*\/[^/,?[\]{}*]*\*[^/,?[\]{}*]*$/

/** More than one statement reads on purpose. */
const OBJECTS_MAX = 10_000

export const bucketsOf = (options: ObjectStorageOptions | undefined): readonly string[] => [
  ...new Set((options?.prefixes ?? []).map(({ name }) => parseObjectPath(name).bucket)),
]

export function objectStorage(
  control: Link,
  initial: ObjectStorageOptions | undefined,
): ObjectStorage {
  let options = initial
  let key: ObjectKey | undefined
  const secrets = new Set<string>()
  const listing = objectListing()
  const shapes = shapeCache()
  const apply = async (): Promise<void> => {
    listing.close()
    shapes.clear()
    const buckets = key ? bucketsOf(options) : []
    for (const bucket of buckets) {
      secrets.add(bucket)
      if (options && key) await control.run(secretSql(bucket, options, key))
    }
    for (const bucket of secrets) {
      if (buckets.includes(bucket)) continue
      await control.run(`DROP SECRET IF EXISTS ${quoted(`bucket ${bucket}`)}`)
      secrets.delete(bucket)
    }
  }
  const usable = (): ObjectStorageOptions & { readonly key: ObjectKey } => {
    if (!options) throw objectError('the instance has no object storage')
    if (!key) throw objectError('the instance has not been given the key of its object storage yet')
    return { ...options, key }
  }
  const address = (path: ObjectPath, right: ObjectRight): string => {
    demandRight(path, right, usable().prefixes)
    return addressOf(path)
  }
  return {
    get options() {
      return options
    },
    get hasKey() {
      return key !== undefined
    },
    async setOptions(next) {
      options = next
      await apply()
    },
    async setKey(next) {
      key = next
      try {
        await apply()
      } catch {
        // DuckDB's text could repeat a part of the statement.
        throw new SqlError('the key of the object storage could not be taken over')
      }
    },
    address,
    check: (paths) => checkPaths(paths, () => usable().prefixes),
    pattern: (text) => readablePattern(text, () => usable().prefixes),
    shapes,
    find: (text, how) => findObjects(text, { ...how, usable, listing }),
    remove(folder, which, clock) {
      demandRight(folder, 'write', usable().prefixes)
      return removeObjects({ ...usable(), folder, key, clock }, which)
    },
  }
}

function checkPaths(paths: readonly string[], prefixes: () => readonly ObjectPrefix[]): void {
  for (const piece of paths.flatMap(splitPaths).flatMap(expandBraces)) {
    const path = parseObjectPath(piece)
    checkPattern(path.key)
    demandRight(path, isPattern(path) ? 'list' : 'read', prefixes())
  }
}

function readablePattern(
  text: string,
  prefixes: () => readonly ObjectPrefix[],
): string | undefined {
  const one = text.trim()
  if (!SIMPLE.test(one)) return undefined
  const path = parseObjectPath(one)
  for (const right of ['list', 'read'] as const) demandRight(path, right, prefixes())
  return `s3://${path.bucket}/${path.key}`
}

interface Removal extends Pick<ObjectStorageOptions, 'endpoint' | 'region'> {
  readonly folder: ObjectPath
  readonly key: ObjectKey | undefined
  readonly clock: Pick<Clock, 'wall'>
}

async function removeObjects(
  { endpoint, region, folder, key, clock }: Removal,
  { start, name }: WrittenNames,
): Promise<number> {
  const { bucket, key: prefix } = folder
  const store = objectFolder({ endpoint, region, bucket, prefix }, clock)
  if (key) store.setKey(key)
  try {
    const found = await store.list(start)
    const own = found.filter((each) => each.slice(each.lastIndexOf('/') + 1).startsWith(name))
    for (const each of own) await store.remove(each)
    return own.length
  } finally {
    store.close()
  }
}

interface Search extends Omit<HowToList, 'access'> {
  /** Asked when a path was judged by itself: what is wrong with it is so without a key too. */
  usable(): HowToList['access'] & Pick<ObjectStorageOptions, 'prefixes'>
  readonly listing: ObjectListing
}

async function findObjects(text: string, search: Search): Promise<readonly FoundObject[]> {
  const found = new Map<string, FoundObject>()
  for (const piece of splitPaths(text).flatMap(expandBraces)) {
    if (piece === '') continue
    const objects = new Map<string, FoundObject>()
    for await (const path of objectsOf(parseObjectPath(piece), search)) {
      demandRight(path, 'read', search.usable().prefixes)
      // Refuses what DuckDB would read as a pattern.
      addressOf(path)
      objects.set(textOf(path), path)
      if (found.size + objects.size > OBJECTS_MAX)
        throw objectError(`the path names more than ${OBJECTS_MAX} objects`)
    }
    for (const [name, path] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1)))
      found.set(name, path)
  }
  return [...found.values()]
}

async function* objectsOf(path: ObjectPath, search: Search): AsyncGenerator<FoundObject> {
  const access = search.usable()
  if (path.key === '' || path.key.endsWith('/')) return
  if (!isPattern(path)) {
    yield path
    return
  }
  demandRight(path, 'list', access.prefixes)
  const fixed = fixedPart(path)
  const folder = { ...path, key: fixed.slice(0, fixed.lastIndexOf('/') + 1) }
  // A folder that begins above the prefix would list what is none of the instance's business.
  demandRight({ ...folder, key: `${folder.key}*` }, 'list', access.prefixes)
  for await (const page of search.listing.pages(folder, { ...search, access }))
    for (const { name: key, version } of page) {
      const isFolder = key.endsWith('/')
      if (!isFolder && matchesPattern(path.key, key))
        yield { ...listedPath({ ...path, key }), version }
    }
}

function secretSql(
  bucket: string,
  { endpoint, region }: ObjectStorageOptions,
  { keyId, secret }: ObjectKey,
): string {
  const { protocol, host, hostname } = new URL(endpoint)
  // A bucket cannot stand before an address or a bare name; the vendors' own endpoints want it there.
  const isBare = /^[\d.]+$|^\[|^[^.]+$/.test(hostname)
  const parts = {
    KEY_ID: literal(keyId),
    SECRET: literal(secret),
    ENDPOINT: literal(host),
    REGION: literal(region),
    USE_SSL: String(protocol === 'https:'),
    URL_STYLE: isBare ? "'path'" : "'vhost'",
    SCOPE: literal(`s3://${bucket}/`),
  }
  const listed = Object.entries(parts).map(([name, value]) => `${name} ${value}`)
  return `CREATE OR REPLACE SECRET ${quoted(`bucket ${bucket}`)} (TYPE s3, ${listed.join(', ')})`
}
