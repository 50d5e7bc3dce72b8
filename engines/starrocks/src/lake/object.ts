/**
 * Objects of an external catalog. Whatever its metadata says, nothing is read that is not below the catalog's own folder.
 *
 * Guarantees: every address that DuckDB is given was made from a name that was judged here.
 */
import type { Random } from '../../../../src/kernel/random.ts'
import type { Link } from '../storage/link.ts'
import { objectError, parseObjectPath, parseStoredPath, textOf } from '../storage/object-path.ts'
import type { ObjectPath } from '../storage/object-path.ts'
import type { ObjectStorage } from '../storage/object-storage.ts'
import { literal } from '../sql/quote.ts'

export interface LakeSource {
  readonly link: Link
  readonly objects: ObjectStorage
  /** Names of DuckDB's modules that are loaded. */
  readonly modules: ReadonlySet<string>
  /** The session's time zone, which moments of a zone are shown in. */
  readonly zone: string
  readonly random: Random
}

/** The metadata of one table, and one commit of a log. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024

/** A folder, whether its last slash was written or not. */
export function folderOf(text: string): ObjectPath {
  const path = parseObjectPath(text)
  return path.key === '' || path.key.endsWith('/') ? path : { ...path, key: `${path.key}/` }
}

/** A folder below it; undefined for what is no name of one. */
export function folderIn(folder: ObjectPath, name: string): ObjectPath | undefined {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) return undefined
  return parseObjectPath(`${textOf(folder)}${name}/`)
}

/** DuckDB's address of an object that metadata names. */
export function addressBelow(source: LakeSource, root: ObjectPath, name: string): string {
  const path = parseStoredPath(name)
  if (path.bucket !== root.bucket || !path.key.startsWith(root.key))
    throw objectError(
      `the metadata names '${name.slice(0, 200)}', which is not below the catalog's folder '${textOf(root)}'`,
    )
  return source.objects.address(path, 'read')
}

/** Names of the objects below a folder, from there on, that match DuckDB's regular expression; at most so many. */
export async function namesBelow(
  { objects, link }: LakeSource,
  folder: ObjectPath,
  pattern: string,
  most: number,
): Promise<readonly string[]> {
  const address = objects.address(folder, 'list')
  const rows = await link.rows(
    `SELECT name FROM (SELECT substr(file, ${[...address].length + 1}) AS name FROM glob(${literal(`${address}**`)})) WHERE regexp_matches(name, ${literal(pattern)}) ORDER BY name LIMIT ${most + 1}`,
  )
  if (rows.length > most) throw objectError(`'${textOf(folder)}' holds more than ${most} objects`)
  return rows.map(([name]) => String(name))
}

/** Texts of objects, in the order of their addresses. */
export async function textsOf(
  { link }: LakeSource,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const list = addresses.map(literal).join(', ')
  const rows = await link.rows(
    `SELECT filename, CASE WHEN size <= ${TEXT_BYTES_MAX} THEN content END FROM read_text([${list}])`,
  )
  const found = new Map(rows.map(([name, content]) => [String(name), content]))
  return addresses.map((address) => {
    const content = found.get(address)
    if (typeof content !== 'string')
      throw objectError(`'${address.slice(5)}' is larger than ${TEXT_BYTES_MAX} bytes`)
    return content
  })
}
