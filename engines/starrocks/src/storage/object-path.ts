/**
 * Names of objects as statements write them: `oss://bucket/path/*.csv`. Read, bounded and judged here before DuckDB sees anything
 * of them; DuckDB is only given addresses of single objects, whose characters can mean nothing else to it.
 *
 * Guarantees: no address leaves the prefixes that the instance was given, whatever stands in the text.
 */
import { SqlError } from '../session.ts'

export type ObjectRight = 'read' | 'write' | 'list'

export interface ObjectPrefix {
  /** `oss://bucket/path/` and all below it; without the last slash, that one object. */
  readonly name: string
  readonly rights: readonly ObjectRight[]
}

export interface ObjectPath {
  /** As it was written: answers repeat it. */
  readonly scheme: string
  readonly bucket: string
  /** Without a slash before it; may hold wildcards where it is read as a pattern. */
  readonly key: string
}

/** They name the same, as DuckDB's module knows one of them only. */
const SCHEMES: readonly string[] = ['oss', 's3', 'cos', 'cosn']

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
/** S3, OSS and COS: a key has at most so many bytes. */
const KEY_BYTES = 1024
/** Control characters, and what DuckDB or HTTP would take for something else than a name. */
// oxlint-disable-next-line no-control-regex -- they are what is refused
const UNFIT = /[\u0000-\u001F\u007F\\#\uFFFD]/u
/** Also as somebody would read it who decodes a name. */
const DOTS = /^(\.|%2e){1,2}$/i
const WILDCARDS = /[*?[\]{}]/

/** reference: StarRocks suite, test_files/test_error */
export const objectError = (message: string): SqlError =>
  new SqlError(`Access storage error. Error message: ${message}`)

/** Throws SqlError for what names no object. */
export function parseObjectPath(text: string): ObjectPath {
  const path = parseStoredPath(text)
  // Who writes one may mean another character by it.
  if (path.key.includes('%')) throw invalid(text, 'names are written here as they are, without %')
  return path
}

/** A name as metadata of tables holds it: with `%`, where a partition's value needed it, that means nothing else. */
export function parseStoredPath(text: string): ObjectPath {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? []
  if (scheme === undefined || rest === undefined) throw objectError('invalid path. scheme is null')
  if (!SCHEMES.includes(scheme.toLowerCase()))
    throw objectError(
      `the scheme ${scheme.slice(0, 32)} is not of an object storage (${SCHEMES.join(', ')})`,
    )
  const slash = rest.indexOf('/')
  const bucket = slash < 0 ? rest : rest.slice(0, slash)
  const key = slash < 0 ? '' : rest.slice(slash + 1)
  if (!BUCKET.test(bucket) || bucket.includes('..')) throw invalid(text, 'no bucket has this name')
  return checked({ scheme: scheme.toLowerCase(), bucket, key })
}

/** A name that the object storage answered: it may hold a `%`, which is one. */
export const listedPath = (path: ObjectPath): ObjectPath => checked(path)

function checked(path: ObjectPath): ObjectPath {
  const { key } = path
  const text = textOf(path)
  if (Buffer.byteLength(key) > KEY_BYTES)
    throw invalid(text, `it is longer than ${KEY_BYTES} bytes`)
  if (UNFIT.test(key) || !key.isWellFormed())
    throw invalid(text, 'it holds a character that no name may hold here')
  const parts = key.split('/')
  if (parts.some((part) => DOTS.test(part)) || parts.slice(0, -1).includes(''))
    throw invalid(text, 'it holds an empty part, `.` or `..`')
  return path
}

const invalid = (text: string, why: string): SqlError =>
  objectError(`invalid path '${text.slice(0, 200)}': ${why}`)

export const isPattern = ({ key }: ObjectPath): boolean => WILDCARDS.test(key)

/** What of a pattern stands before its first wildcard. */
export const fixedPart = ({ key }: ObjectPath): string => key.split(WILDCARDS, 1)[0] ?? ''

export const textOf = ({ scheme, bucket, key }: ObjectPath): string =>
  `${scheme}://${bucket}/${key}`

/** DuckDB's address of one object, or of all below a key that ends with a slash. */
export function addressOf(path: ObjectPath): string {
  if (isPattern(path))
    throw invalid(textOf(path), 'objects with wildcards in their names cannot be read or written')
  return `s3://${path.bucket}/${path.key}`
}

/** Throws unless one of the prefixes covers all that the path can mean. */
export function demandRight(
  path: ObjectPath,
  right: ObjectRight,
  prefixes: readonly ObjectPrefix[],
): void {
  const fixed = fixedPart(path)
  const whole = !isPattern(path)
  const covered = prefixes.some(({ name, rights }) => {
    const prefix = parseObjectPath(name)
    if (!rights.includes(right) || prefix.bucket !== path.bucket) return false
    const isFolder = prefix.key === '' || prefix.key.endsWith('/')
    return isFolder ? fixed.startsWith(prefix.key) : whole && fixed === prefix.key
  })
  if (!covered)
    throw objectError(
      `Access denied: the role of the instance has no right to ${right} '${textOf(path).slice(0, 200)}' (Status Code: 403)`,
    )
}
