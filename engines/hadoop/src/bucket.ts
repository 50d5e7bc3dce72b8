/**
 * Buckets of the cluster's cloud as file systems, `cosn://BUCKET/…` and `s3a://BUCKET/…`: Hadoop's S3A on any store of the S3 protocol,
 * with keys that are in a file of their own and in no configuration, which Hadoop shows on its pages and hands to each job.
 */
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { bucket, bucketFileSystem } from './shipped-class.ts'
import type { Properties } from './site.ts'

const SCHEMES = ['cosn', 's3a'] as const

/** Of core-site.xml; what the cluster's client sets itself goes before. */
export function bucketSite({ buckets }: DaemonPlan): Properties {
  if (!buckets) return {}
  const { protocol, hostname } = new URL(buckets.endpoint)
  return {
    ...Object.assign({}, ...SCHEMES.map(implementationOf)),
    'fs.s3a.endpoint': buckets.endpoint,
    'fs.s3a.endpoint.region': buckets.region,
    'fs.s3a.connection.ssl.enabled': protocol === 'https:',
    // A bucket cannot stand before an address or a name without a dot; the clouds' own endpoints want it there.
    'fs.s3a.path.style.access': /^[\d.]+$|^\[|^[^.]+$/.test(hostname),
    'fs.s3a.aws.credentials.provider':
      'org.apache.hadoop.fs.s3a.auth.ProfileAWSCredentialsProvider',
    'fs.s3a.auth.profile.file': buckets.keyFile,
    'fs.s3a.auth.profile.name': 'default',
  }
}

function implementationOf(scheme: string): Properties {
  return {
    [`fs.${scheme}.impl`]: bucketFileSystem.name,
    [`fs.AbstractFileSystem.${scheme}.impl`]: bucket.name,
  }
}

export function bucketFiles({ buckets }: DaemonPlan): Readonly<Record<string, string>> {
  if (!buckets) return {}
  return Object.fromEntries([bucket, bucketFileSystem].map(({ file, text }) => [file, text]))
}

/** Shell, with what the daemon itself needs. */
export function bucketPreparation({ buckets }: DaemonPlan, ...own: readonly string[]): string {
  const shipped = buckets ? [bucket.unpack, bucketFileSystem.unpack] : []
  return [...own, ...shipped].join('\n')
}
