/**
 * Names of objects, as `oss://bucket/path` and its like: taken apart, and refused where anything about them could mean another place to
 * the next reader. Pure; nothing is decoded, so that nothing can be decoded twice.
 */

export interface ObjectName {
  readonly scheme: string
  readonly bucket: string
  /** Without a slash before it; may be empty, and end in one. */
  readonly key: string
}

/** The ways to write it that clients of both clouds use. */
const SCHEMES: readonly string[] = ['oss', 'cos', 'cosn', 's3', 's3a']
/** S3's own bound on keys. */
const KEY_BYTES = 1024
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/

export type NameProblem = { readonly problem: string }

/** The name, or what is wrong with it in words that can follow "it". */
export function objectName(text: string): ObjectName | NameProblem {
  const scheme = SCHEMES.find((each) => text.startsWith(`${each}://`))
  if (scheme === undefined) return { problem: 'must look like oss://bucket/path' }
  const rest = text.slice(scheme.length + 3)
  const slash = rest.indexOf('/')
  const bucket = slash === -1 ? rest : rest.slice(0, slash)
  const key = slash === -1 ? '' : rest.slice(slash + 1)
  if (!BUCKET.test(bucket))
    return {
      problem: 'must name a bucket of 3 to 63 lower-case letters, digits and hyphens',
    }
  const problem = keyProblem(key)
  return problem === undefined ? { scheme, bucket, key } : { problem }
}

function keyProblem(key: string): string | undefined {
  if (Buffer.byteLength(key) > KEY_BYTES) return `must have at most ${KEY_BYTES} bytes`
  // What a program in between decodes, ends at, or takes for something else than a part of a name.
  if (/[\p{Cc}\p{Zl}\p{Zp}\\%?#*[\]{}]/u.test(key) || !key.isWellFormed())
    return 'must hold no control characters and none of \\ % ? # * [ ] { }'
  const parts = key.split('/')
  if (parts.some((part) => part === '.' || part === '..')) return 'must hold no . or .. of its own'
  if (parts.slice(0, -1).includes('')) return 'must hold no empty part'
  return undefined
}
