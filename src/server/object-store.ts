/**
 * Composition root, its part for object storage: the store of this machine, or the one at an address that the environment names with the
 * file of its keys; what clusters may do there; and who looks whether that has changed.
 */
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { keyCheck } from '../adapter/object-store/key-check.ts'
import { getObject } from '../adapter/object-store/get-object.ts'
import { putObject } from '../adapter/object-store/put-object.ts'
import { emptyVolume } from '../adapter/object-store/empty-volume.ts'
import { objectStorages, type ObjectStorages } from '../app/object-storage.ts'
import type { Config } from '../config/config.ts'
import { statesWhere } from '../domain/cluster/lifecycle.ts'
import type { Environment, ObjectStorageSource } from '../domain/environment.ts'
import { objectName } from '../domain/object-name.ts'
import { clientKey, type ObjectStorageKey } from '../domain/object-storage.ts'
import type { Clock } from '../kernel/clock.ts'
import { canonicalJson } from '../kernel/json.ts'
import type { Logger } from '../kernel/log.ts'
import type { Sealer } from '../kernel/seal.ts'
import { limits } from '../limits.ts'
import type { ObjectStores } from '../port/object-store.ts'
import type { DataDirectory } from '../store/data-directory.ts'
import type { Store } from '../store/port.ts'
import { objectStoreLock, starrocksLock } from '../substrate/local/lock.ts'
import { cachedModules } from '../substrate/local/module.ts'
import { objectStore } from '../substrate/local/object-store.ts'
import type { ScriptSource, ScriptText } from '../substrate/local/script-run.ts'
import { builtInEnvironments, identityRules, scriptPlaces, storageRules } from './vendor.ts'

interface OpenStores extends ObjectStores {
  close(): Promise<void>
}

interface StoreParts {
  readonly config: Config
  readonly directory: DataDirectory
  readonly clock: Clock
  readonly sealer: Sealer
  readonly log: Logger
}

const allProducts = builtInEnvironments.flatMap((each) => each.products)

/** A reconciler's step has a minute; what takes longer continues, and is found ready by a later one. */
const OPEN_MS = 20_000

/** Throws a sentence when the environment wants a store that cannot run here. */
async function openStores(
  parts: StoreParts,
  inForce: (product: string) => Environment | undefined,
): Promise<OpenStores> {
  const { config, directory, log } = parts
  const cache = resolve(config.engines.cache)
  const local = objectStore({
    ...parts,
    directory: resolve(directory.file('object-store')),
    modules: cachedModules(cache, objectStoreLock),
    keepRunning: config.local.keepRunning,
    log: log.child({ part: 'object-store' }),
  })
  const sources = allProducts.flatMap((product) => inForce(product)?.objectStorage ?? [])
  // What comes there by roles are StarRocks instances.
  const byRoles = [...storageRules.keys()].some((product) => inForce(product)?.objectStorage)
  const unmet =
    (sources.some(({ kind }) => kind === 'local') ? await local.unmet() : undefined) ??
    (byRoles ? cachedModules(cache, starrocksLock).unmet('httpfs') : undefined)
  if (unmet !== undefined) throw new Error(`object-storage of the environment: ${unmet}`)
  return {
    open: (source, buckets) =>
      source.kind === 'local' ? inTime(local.open(buckets)) : openAddress(source),
    async empty(source, volume) {
      const access =
        source.kind === 'local' ? await inTime(local.open([])) : await openAddress(source)
      await emptyVolume(access, volume, { clock: parts.clock, bucketToo: source.kind === 'local' })
    },
    put: putObject(parts.clock),
    get: getObject(parts.clock),
    check: keyCheck(parts.clock),
    close: () => local.close(),
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('it is still starting')), OPEN_MS).unref()
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

/** Far above the two lines of one. */
const KEY_FILE_BYTES = 16_384

/** Read each time: keys are changed by changing the file. Throws a sentence that holds nothing of it. */
async function openAddress({
  endpoint,
  region,
  keyFile,
}: Extract<ObjectStorageSource, { kind: 'endpoint' }>): ReturnType<ObjectStores['open']> {
  const found = statSync(keyFile, { throwIfNoEntry: false })
  if (!found) throw new Error(`the key file ${keyFile} is not there`)
  if ((found.mode & 0o077) !== 0)
    throw new Error(`the key file ${keyFile} can be read by others; its mode must be 0600`)
  if (found.size > KEY_FILE_BYTES) throw new Error(`the key file ${keyFile} is too large`)
  const [keyId = '', secret = ''] = readFileSync(keyFile, 'utf8')
    .split('\n')
    .map((line) => line.trim())
  if (keyId === '' || secret === '')
    throw new Error(
      `the key file ${keyFile} has not an id on its first line and a secret on the second`,
    )
  return { endpoint, region, keyId, secret }
}

/** The key that the engine of a cluster asks with; rejects with the reason as a sentence. */
export async function storageKeyOf(
  store: Store,
  storages: ObjectStorages,
  id: string,
): Promise<ObjectStorageKey> {
  const found = await store.read((tx) => tx.findById('cluster', id))
  if (!found) throw new Error(`${id} is not a cluster`)
  return storages.keyOf(found.document)
}

/** More than a script has. */
const SCRIPT_BYTES = 1024 * 1024

const lacks = {
  absent: 'there is no such object',
  denied: 'the key does not open it',
  'too-large': `it is larger than ${SCRIPT_BYTES} bytes`,
} as const

/** A script of a cluster's client, with the script's own key, or the cluster's, or else as the cloud itself reads its buckets. */
export async function scriptOf(
  { store, storages }: { readonly store: Store; readonly storages: ObjectStorages },
  ...[{ id, reveal }, script]: Parameters<ScriptSource>
): Promise<ScriptText> {
  const found = await store.read((tx) => tx.findById('cluster', id))
  if (!found) throw new Error(`${id} is not a cluster`)
  const place = scriptPlaces.get(found.document.product)?.(script.uri)
  if (!place || 'problem' in objectName(`s3://${place.bucket}/${place.name}`))
    return { refused: `${script.uri} is no object of a bucket` }
  const keyOf = (keyId = '', secret = '') => (keyId === '' ? undefined : { keyId, secret })
  const key =
    keyOf(reveal(`${script.id}.keyId`), reveal(`${script.id}.key`)) ??
    keyOf(reveal(clientKey.keyId), reveal(clientKey.secret))
  const { product } = found.document
  const object = await storages.get(product, { ...place, key, mostBytes: SCRIPT_BYTES })
  if (typeof object !== 'string') return { text: object }
  return { refused: `${script.uri}: ${lacks[object]}` }
}

/** All of it. Throws a sentence when the environment wants a store that cannot run here. */
export async function storageOf(
  parts: StoreParts & Pick<WatchParts, 'store'>,
  inForce: (product: string) => Environment | undefined,
): Promise<{
  readonly objectStores: OpenStores
  readonly storages: ObjectStorages
  readonly watch: StorageWatch
}> {
  const { store, clock } = parts
  const log = parts.log.child({ part: 'object-storage' })
  const objectStores = await openStores(parts, inForce)
  const storages = objectStorages({
    store,
    clock,
    stores: objectStores,
    inForce,
    rules: storageRules,
    identities: identityRules,
  })
  const watch = watchStorages({ store, clock, log, storages, products: allProducts })
  return { objectStores, storages, watch }
}

interface StorageWatch {
  close(): Promise<void>
}

/** Roles and their policies change without a request about the clusters that have them. */
const LOOK_MS = 15_000

interface WatchParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly storages: ObjectStorages
  /** Whose clusters may come to object storage. */
  readonly products: readonly string[]
}

/** Has clusters reconciled that may do something else than at the last look. One that is quiet is not written to. */
function watchStorages({ store, clock, log, storages, products }: WatchParts): StorageWatch {
  let known = new Map<string, string>()
  const closed = new AbortController()
  let cancel = () => {}
  let work: Promise<void> = Promise.resolve()

  const look = async (): Promise<void> => {
    if (known.size === 0 && !products.some(storages.serves)) return
    const seen = new Map<string, string>()
    const states = statesWhere(({ billed }) => billed)
    for (let behindSeq = 0; !closed.signal.aborted;) {
      const page = { account: undefined, states, order: 'oldest', offset: 0, behindSeq } as const
      const { rows } = await store.read((tx) =>
        tx.list('cluster', { ...page, limit: limits.pageSize }),
      )
      const last = rows.at(-1)
      if (!last) break
      behindSeq = last.seq
      for (const { document } of rows) {
        if (!products.includes(document.product)) continue
        const text = canonicalJson(await storages.of(document))
        seen.set(document.id, text)
        // What changed while no server ran shows when its supervisor first reports it.
        if (known.has(document.id) && known.get(document.id) !== text)
          await store.write((tx) => tx.enqueue('cluster', document.id, clock.now()))
      }
    }
    known = seen
  }
  const next = (): void => {
    cancel = clock.at(clock.now() + LOOK_MS, () => {
      work = look()
        .catch((problem: unknown) =>
          log.warn({ err: problem }, 'what clusters may do with objects could not be looked at'),
        )
        .finally(() => closed.signal.aborted || next())
    })
  }
  next()
  return {
    async close() {
      closed.abort()
      cancel()
      await work
    },
  }
}
