/**
 * Object storage of clusters: what the role that a cluster was given may do in the buckets of its cloud, by the policies of now. Who
 * changes these changes what its engine may do, without a request about the cluster. One that has keys of its client's own comes with these.
 *
 * A role that is not there, does not trust the service, or whose policies say nothing of objects, may do nothing.
 */
import { idIn, type IdentityRules } from '../domain/account.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import { listDeclared, type Environment, type ObjectStorageSource } from '../domain/environment.ts'
import { Fault } from '../domain/fault.ts'
import { logFolder } from '../domain/log-delivery.ts'
import { objectName } from '../domain/object-name.ts'
import { objectPrefixes, type ObjectLanguage } from '../domain/object-right.ts'
import type {
  ObjectPlace,
  ObjectStorage,
  ObjectStorageKey,
  ObjectVolume,
} from '../domain/object-storage.ts'
import type { Policy } from '../domain/policy.ts'
import type { Context } from '../domain/policy-condition.ts'
import { trusts } from '../domain/trust.ts'
import type { Clock } from '../kernel/clock.ts'
import { limits } from '../limits.ts'
import type { FoundObject, KeyCheck, ObjectStores, StoreAddress } from '../port/object-store.ts'
import type { Reader, Store } from '../store/port.ts'
import { policiesOf } from './identity/attached-policy.ts'

/** How clusters of a product come to object storage. */
export interface StorageRules {
  readonly product: string
  readonly dialect: string
  /** The service that assumes the role. */
  readonly service: string
  roleOf(cluster: Cluster): string
  /** Whether its data are kept in object storage where there is any. */
  keepsData(cluster: Cluster): boolean
  languageOf(cluster: Cluster): ObjectLanguage
  contextAt(nowMs: number): Context
}

export type LogWriter = (it: {
  readonly name: string
  readonly body: Uint8Array
  /** Of its client; the store's own without, in declared buckets alone. */
  readonly key: ObjectStorageKey | undefined
}) => Promise<void>

export interface ObjectStorages {
  /** Whether anything keeps objects for this product's clusters. */
  serves(product: string): boolean
  /** Whether the bucket is one that is declared; undefined where nothing keeps objects. */
  declares(product: string, bucket: string): boolean | undefined
  /** Null for a cluster without. Throws a sentence when the store cannot be had. */
  of(cluster: Cluster): Promise<ObjectStorage | null>
  /** What writes objects below the folder of its logs. Throws a sentence, and so does that. */
  logWriter(cluster: Cluster): Promise<LogWriter>
  /** Reads an object, with the key of the store itself where there is none, and of declared buckets alone then. Throws a sentence. */
  get(product: string, it: WantedObject): Promise<FoundObject>
  /** Removes what it kept there; it is there no more. Throws a sentence when that cannot be now. */
  empty(cluster: Cluster): Promise<void>
  /** The key that its engine asks with; its volume is ready for it. Throws a sentence. */
  keyOf(cluster: Cluster): Promise<ObjectStorageKey>
  /** How the server's administrator reaches it, by product; undefined where nothing keeps objects. Throws a sentence. */
  access(product: string): Promise<StorageAccess | undefined>
  /** Tries a client's own key; `off` where nothing keeps objects. Throws Overloaded when that cannot be known now. */
  check(product: string, it: ClientKey): Promise<'off' | Exclude<KeyCheck, 'unreachable'>>
}

export interface StorageAccess extends StoreAddress, ObjectStorageKey {
  readonly buckets: readonly string[]
}

export interface WantedObject extends ObjectPlace {
  readonly key: ObjectStorageKey | undefined
  readonly mostBytes: number
}

export interface ClientKey {
  readonly key: ObjectStorageKey
  /** Undefined: it is tried on the store. */
  readonly bucket: string | undefined
}

export interface ObjectStoragesOptions {
  readonly store: Store
  readonly clock: Clock
  readonly stores: ObjectStores
  readonly inForce: (product: string) => Environment | undefined
  /** By product. */
  readonly rules: ReadonlyMap<string, StorageRules>
  /** By dialect. */
  readonly identities: ReadonlyMap<string, IdentityRules>
}

export function objectStorages(options: ObjectStoragesOptions): ObjectStorages {
  const { store, clock, stores, inForce, rules } = options
  const placeOf = (product: string): Place | undefined => {
    const environment = inForce(product)
    const found = rules.get(product)
    if (!environment?.objectStorage || !found) return undefined
    return { rules: found, source: environment.objectStorage, buckets: bucketsIn(environment) }
  }
  return {
    serves: (product) => inForce(product)?.objectStorage !== undefined,
    declares(product, bucket) {
      const environment = inForce(product)
      return environment?.objectStorage && bucketsIn(environment).includes(bucket)
    },
    async of(cluster) {
      if (cluster.spec.storage) return ownOf(options, cluster)
      const place = placeOf(cluster.product)
      if (!place) return null
      const { languageOf, contextAt } = place.rules
      const policies = await store.read((tx) => policiesOfRole(tx, options, { cluster, place }))
      const language = languageOf(cluster)
      const context = contextAt(clock.now())
      const { buckets, source } = place
      const found = objectPrefixes({ policies, buckets, language, context })
      const prefixes = found.filter(({ name }) => !('problem' in objectName(name)))
      const { endpoint, region } = await stores.open(source, buckets)
      const { icebergRest = [], hiveMetastores = [] } = inForce(cluster.product) ?? {}
      const volume = volumeOf(place, cluster)
      return {
        endpoint,
        region,
        prefixes: prefixes.slice(0, limits.objectPrefixes),
        ...(icebergRest.length === 0 ? {} : { icebergRest }),
        ...(hiveMetastores.length === 0 ? {} : { hiveMetastores }),
        ...(volume && { volume }),
      }
    },
    get: (product, it) => objectOf(options, product, it),
    logWriter: (cluster) => logWriterOf(options, cluster),
    async empty(cluster) {
      const place = placeOf(cluster.product)
      const volume = place && volumeOf(place, cluster)
      if (volume) await stores.empty(place.source, volume)
    },
    async access(product) {
      const environment = inForce(product)
      if (!environment?.objectStorage) return undefined
      const buckets = bucketsIn(environment)
      return { ...(await stores.open(environment.objectStorage, buckets)), buckets }
    },
    async check(product, it) {
      const environment = inForce(product)
      if (!environment?.objectStorage) return 'off'
      if (it.bucket !== undefined && !isBucket(it.bucket)) return 'no-bucket'
      const outcome = await checkAt(options, environment, it)
      if (outcome === 'unreachable') throw new Fault('Overloaded', { what: 'object storage' })
      return outcome
    },
    async keyOf(cluster) {
      const place = placeOf(cluster.product)
      if (!place) throw new Error('there is no object storage any more')
      const volume = volumeOf(place, cluster)
      const own = volume ? [volume.bucket] : []
      const { keyId, secret } = await stores.open(place.source, [...place.buckets, ...own])
      return { keyId, secret }
    },
  }
}

async function logWriterOf(
  { stores, inForce }: ObjectStoragesOptions,
  { product, spec }: Cluster,
): Promise<LogWriter> {
  const volume = logFolder(spec)
  const environment = inForce(product)
  if (!volume || !environment?.objectStorage)
    throw new Error('there is no object storage for its logs any more')
  const buckets = bucketsIn(environment)
  const { keyId, secret, ...at } = await stores.open(environment.objectStorage, buckets)
  return async ({ key, ...it }) => {
    if (!key && !buckets.includes(volume.bucket))
      throw new Error(`the bucket ${volume.bucket} is not declared any more`)
    await stores.put(at, { ...it, volume, key: key ?? { keyId, secret } })
  }
}

async function objectOf(
  { stores, inForce }: ObjectStoragesOptions,
  product: string,
  { key, ...it }: WantedObject,
): Promise<FoundObject> {
  const environment = inForce(product)
  if (!environment?.objectStorage) throw new Error('there is no object storage')
  const buckets = bucketsIn(environment)
  const { keyId, secret, ...at } = await stores.open(environment.objectStorage, buckets)
  if (!key && !buckets.includes(it.bucket)) return 'absent'
  return stores.get(at, { ...it, key: key ?? { keyId, secret } })
}

/** Where its client's own keys are tried. */
async function ownOf(
  { stores, inForce }: ObjectStoragesOptions,
  { product }: Cluster,
): Promise<ObjectStorage | null> {
  const environment = inForce(product)
  if (!environment?.objectStorage) return null
  const { endpoint, region } = await stores.open(environment.objectStorage, bucketsIn(environment))
  return { endpoint, region, prefixes: [] }
}

async function checkAt(
  { stores }: ObjectStoragesOptions,
  environment: Environment,
  it: ClientKey,
): Promise<KeyCheck> {
  const { objectStorage: source } = environment
  if (!source) return 'unreachable'
  try {
    return await stores.check(await stores.open(source, bucketsIn(environment)), it)
  } catch {
    // Why is logged by what opens it.
    return 'unreachable'
  }
}

interface Place {
  readonly rules: StorageRules
  readonly source: ObjectStorageSource
  readonly buckets: readonly string[]
}

/** On this machine a bucket of its own, by the name that the API shows; elsewhere a folder of the place for them. */
function volumeOf({ rules, source }: Place, cluster: Cluster): ObjectVolume | undefined {
  if (!rules.keepsData(cluster)) return undefined
  if (source.kind === 'local') return { bucket: `sr-${cluster.id}`, prefix: '' }
  const { volumes } = source
  return volumes && { ...volumes, prefix: `${volumes.prefix}${cluster.id}/` }
}

/** Those whose names could be a part of an object's. */
function bucketsIn(environment: Environment): readonly string[] {
  return listDeclared(environment, 'bucket')
    .filter(({ id, problem }) => problem === undefined && isBucket(id))
    .map(({ id }) => id)
}

function isBucket(id: string): boolean {
  return !('problem' in objectName(`s3://${id}/`))
}

async function policiesOfRole(
  tx: Pick<Reader, 'find'>,
  { identities }: ObjectStoragesOptions,
  { cluster, place: { rules } }: { readonly cluster: Cluster; readonly place: Place },
): Promise<readonly Policy[]> {
  const { account } = cluster
  const found = await tx.find('role', account, idIn(account, rules.roleOf(cluster)))
  const identity = identities.get(rules.dialect)
  if (!found || !identity) return []
  const { trust, policies: references } = found.document
  if (!trusts(identity.parseTrust(trust), { kind: 'service', service: rules.service })) return []
  return policiesOf(tx, { account, rules: identity, references }, { compiled: new Map(), limit: 0 })
}
