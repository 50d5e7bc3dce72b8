/**
 * Properties of a storage volume. What names a store has to name the one that the instance has; the key is the instance's, or the volume's
 * own, which is kept only where all that is kept is encrypted.
 * reference: StarRocks documentation, "CREATE STORAGE VOLUME", "PROPERTIES"; fe, StorageVolume.java
 */
import { SqlError } from '../session.ts'
import type { Property } from '../sql/ast.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import type { EngineContext } from './engine-context.ts'

/** `******`, whatever the value. */
const MASK = '******'

const secrets: readonly string[] = ['aws.s3.access_key', 'aws.s3.secret_key']

const flags: readonly string[] = [
  'aws.s3.use_aws_sdk_default_behavior',
  'aws.s3.use_instance_profile',
]

const placing: readonly string[] = [
  'aws.s3.region',
  'aws.s3.endpoint',
  'aws.s3.enable_ssl',
  'aws.s3.enable_path_style_access',
]

/** StarRocks has them. */
const idle =
  /^(aws\.s3\.(iam_role_arn|external_id|sts\.\w+|session_token|enable_partitioned_prefix|num_partitioned_prefix)|azure\.|gcp\.|hadoop\.|dfs\.|aliyun\.oss\.)/

const TYPES: readonly string[] = ['hdfs', 'azblob', 'adls2', 'gs']

type Params = Readonly<Record<string, string>>

export const masked = (params: Params): Params =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, secrets.includes(name) ? MASK : value]),
  )

/** Throws SqlError for what is unknown, or would have no effect. */
export function volumeProperties(
  engine: Pick<EngineContext, 'duck'>,
  properties: readonly Property[],
): { readonly enabled?: boolean; readonly params: Params } {
  const { enabled, ...params } = Object.fromEntries(
    properties.map(({ name, value }) => [name, value]),
  )
  for (const [name, value] of Object.entries(params)) checkProperty(engine, name, value)
  const isTrue = enabled?.toLowerCase() === 'true'
  return { params, ...(enabled !== undefined && { enabled: isTrue }) }
}

function checkProperty({ duck }: Pick<EngineContext, 'duck'>, name: string, value: string): void {
  if (idle.test(name)) throw unsupportedByEngine(`The storage volume property "${name}"`)
  if (secrets.includes(name)) {
    if (!duck.isEncrypted)
      throw unsupportedByEngine(
        `The storage volume property "${name}" of an instance that is not encrypted (its own role is used with "aws.s3.use_instance_profile" = "true")`,
      )
    return
  }
  if (flags.includes(name)) return
  if (!placing.includes(name)) throw new SqlError(`Invalid properties ${name}`)
  const { options } = duck.objects
  if (options && !isSame(options, name, value))
    throw unsupportedByEngine(
      `The storage volume property "${name}" that is not of the instance's own object storage`,
    )
}

function isSame(
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
  name: string,
  value: string,
): boolean {
  if (name === 'aws.s3.region') return value === region
  const isSecure = endpoint.startsWith('https:')
  if (name === 'aws.s3.enable_ssl') return (value.toLowerCase() === 'true') === isSecure
  if (name === 'aws.s3.enable_path_style_access') return value.toLowerCase() === 'true'
  const written = /^https?:\/\//.test(value) ? value : `${isSecure ? 'https' : 'http'}://${value}`
  return written.replace(/\/$/, '') === endpoint.replace(/\/$/, '')
}

/** Throws SqlError for a store of another kind, or without a key. */
export function checkType(type: string, params: Params): void {
  const kind = type.toLowerCase()
  if (TYPES.includes(kind)) throw unsupportedByEngine(`The storage volume type ${type}`)
  const isTrue = (name: string) => params[name]?.toLowerCase() === 'true'
  const hasKey = flags.some(isTrue) || secrets.every((name) => (params[name] ?? '') !== '')
  if (kind === 's3' && hasKey) return
  throw new SqlError(`Storage params is not valid ${JSON.stringify(masked(params))}`)
}

/** Whose key it is asked with: StarRocks looks at the flags first. */
export function ownKey(
  params: Params,
): { readonly keyId: string; readonly secret: string } | undefined {
  if (flags.some((name) => params[name]?.toLowerCase() === 'true')) return undefined
  const [keyId, secret] = secrets.map((name) => params[name])
  return keyId !== undefined && secret !== undefined ? { keyId, secret } : undefined
}
