/**
 * Storage volumes: an instance of run mode shared_data has one, where its own data are kept, and all its tables lie there.
 * reference: StarRocks documentation, "CREATE STORAGE VOLUME" and what stands beside it; the names and texts of StarRocks 3.3.
 */
import { SqlError } from '../session.ts'
import { analyzingError } from '../sql/sql-error.ts'
import type { EngineContext, EngineIdentity } from './engine-context.ts'

export interface StorageVolume {
  readonly name: string
  readonly type: string
  readonly location: string
  readonly params: Readonly<Record<string, string>>
  readonly comment: string
}

export const VOLUME_PROPERTY = 'storage_volume'

const BUILT_IN = 'builtin_storage_volume'
/** What tables and databases may write for it. */
const NAMES: readonly string[] = ['default', BUILT_IN]

/** Compute nodes keep nothing themselves: what they work on is shared. */
export const isSharedData = ({ nodes }: Pick<EngineIdentity, 'nodes'>): boolean =>
  nodes.some(({ role }) => role === 'cn')

/** Undefined in run mode shared_nothing. */
export function storageVolume({
  identity,
  volume,
}: Pick<EngineContext, 'identity' | 'volume'>): StorageVolume | undefined {
  if (!isSharedData(identity)) return undefined
  if (!volume) {
    const comment = 'the local disk: the instance has no object storage'
    return { name: BUILT_IN, type: 'LOCAL', location: 'file:///', params: {}, comment }
  }
  const { endpoint, region, bucket, prefix } = volume
  const location = `oss://${bucket}/${prefix}`.replace(/\/$/, '')
  const params = { 'aws.s3.region': region, 'aws.s3.endpoint': endpoint }
  return { name: BUILT_IN, type: 'S3', location, params, comment: '' }
}

export function volumeNamed(engine: EngineContext, name: string): StorageVolume {
  const found = storageVolume(engine)
  if (found?.name === name) return found
  throw analyzingError(`Unknown storage volume: ${name}.`)
}

/** As commands say it that change one. */
export function demandVolume(engine: EngineContext, name: string): void {
  if (storageVolume(engine)?.name !== name)
    throw new SqlError(`Storage volume '${name}' does not exist`)
}

/** Of a table or a database: there is no other place where it could lie. Without effect in run mode shared_nothing. */
export function checkVolumeProperty(
  { identity }: Pick<EngineContext, 'identity'>,
  properties: readonly { readonly name: string; readonly value: string }[],
): void {
  if (!isSharedData(identity)) return
  for (const { name, value } of properties)
    if (name.toLowerCase() === VOLUME_PROPERTY && !NAMES.includes(value))
      throw new SqlError(`Unknown storage volume "${value}"`)
}
