/**
 * Where the data of compute nodes lie: a folder in object storage, which front ends get by SQL as their default storage volume. Its
 * key stands in a Secret and in no file. What they have is noted on the Secret, so that another key, or another address, is sent again.
 */
import { sha256Hex } from '../../../kernel/digest.ts'
import { canonicalJson, recordOf } from '../../../kernel/json.ts'
import type { ObjectStorage, ObjectStorageKey } from '../../../domain/object-storage.ts'
import type { KubernetesClient } from '../client.ts'
import { resources } from '../resource.ts'
import type { InstanceNote } from './note.ts'

export const STORAGE_SECRET = 'sr-storage'
const GIVEN = 'emrys.dev/given'
/** Its name in StarRocks. */
const VOLUME = 'emrys'

export interface StorageVolume {
  readonly endpoint: string
  readonly region: string
  /** `s3://BUCKET/FOLDER` */
  readonly location: string
  readonly keyId: string
  readonly key: string
}

const MEMBERS = ['endpoint', 'region', 'location', 'keyId', 'key'] as const

export function hasComputeNodes({ groups }: Pick<InstanceNote, 'groups'>): boolean {
  return groups.some(({ part }) => part === 'cn')
}

/** Why there can be no volume there, in a sentence. */
export function unmetVolume(storage: ObjectStorage | null | undefined): string | undefined {
  if (!storage) return 'nothing keeps the objects of its cloud'
  if (!storage.volume) return 'object-storage in the file of the environment names no volumes'
  if (LOOPBACK.test(new URL(storage.endpoint).hostname))
    return `no pod reaches ${storage.endpoint}, which is an address of this machine alone`
  return undefined
}

const LOOPBACK = /^(127\.|localhost$|\[::1\]$)/

export function volumeIn(
  { endpoint, region, volume }: ObjectStorage,
  { keyId, secret }: ObjectStorageKey,
): StorageVolume {
  const folder = (volume?.prefix ?? '').replace(/\/$/, '')
  const location = `s3://${volume?.bucket ?? ''}${folder === '' ? '' : `/${folder}`}`
  return { endpoint, region, location, keyId, key: secret }
}

/** The members of its Secret. */
export function volumeData(volume: StorageVolume): Readonly<Record<string, string>> {
  return Object.fromEntries(
    MEMBERS.map((name) => [name, Buffer.from(volume[name], 'utf8').toString('base64')]),
  )
}

export interface KeptVolume {
  readonly volume: StorageVolume
  readonly isGiven: boolean
}

export async function findVolume(
  client: KubernetesClient,
  namespace: string,
): Promise<KeptVolume | undefined> {
  const found = await client.find({ type: resources.secret, namespace, name: STORAGE_SECRET })
  const data = recordOf(found?.['data'])
  const text = (name: (typeof MEMBERS)[number]) =>
    typeof data[name] === 'string' ? Buffer.from(data[name], 'base64').toString('utf8') : ''
  if (MEMBERS.some((name) => text(name) === '')) return undefined
  const volume: StorageVolume = {
    endpoint: text('endpoint'),
    region: text('region'),
    location: text('location'),
    keyId: text('keyId'),
    key: text('key'),
  }
  return { volume, isGiven: found?.metadata.annotations?.[GIVEN] === digestOf(volume) }
}

/** After it was sent: who is killed before that sends it again. */
export async function noteVolumeGiven(
  client: KubernetesClient,
  namespace: string,
  volume: StorageVolume,
): Promise<void> {
  const key = { type: resources.secret, namespace, name: STORAGE_SECRET }
  await client.merge(key, { metadata: { annotations: { [GIVEN]: digestOf(volume) } } })
}

function digestOf(volume: StorageVolume): string {
  return sha256Hex(canonicalJson(volume)).slice(0, 16)
}

/**
 * May all be said again, and with another key. `escape`: a text as SQL has it.
 * reference: StarRocks documentation, "CREATE STORAGE VOLUME", "ALTER STORAGE VOLUME", "SET DEFAULT STORAGE VOLUME"
 */
export function volumeStatements(
  { endpoint, region, location, keyId, key }: StorageVolume,
  escape: (text: string) => string,
): readonly string[] {
  const properties = {
    enabled: 'true',
    'aws.s3.region': region,
    'aws.s3.endpoint': endpoint,
    'aws.s3.use_aws_sdk_default_behavior': 'false',
    'aws.s3.use_instance_profile': 'false',
    'aws.s3.access_key': keyId,
    'aws.s3.secret_key': key,
  }
  const list = Object.entries(properties)
    .map(([name, value]) => `"${name}" = ${escape(value)}`)
    .join(', ')
  return [
    `CREATE STORAGE VOLUME IF NOT EXISTS ${VOLUME} TYPE = S3 LOCATIONS = (${escape(location)}) PROPERTIES (${list})`,
    `ALTER STORAGE VOLUME ${VOLUME} SET (${list})`,
    `SET ${VOLUME} AS DEFAULT STORAGE VOLUME`,
  ]
}
