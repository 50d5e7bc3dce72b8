/**
 * What was fetched, kept by content and shared by all data directories of a user:
 *
 *   sha256/XX/SUM                   a file, whole and proved when it has this name
 *   sha256/XX/SUM.part…             one that is being fetched, or was when its fetch was cut off (part-file.ts)
 *   set/ENGINE/PART-VERSION-KEY/    all files of a part under their own names, as hard links; there when all of them are
 *
 * KEY is a digest of what is pinned, so that another pin is another set. Files are never changed under their names: two that
 * fetch the same do each other no harm.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { chmod, copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../kernel/json.ts'
import { sha256Hex } from '../kernel/digest.ts'
import { keptFiles, type KeptFile, type Need, type Pin } from './lock.ts'

/** `foreign`: its files are made for other platforms. `damaged`: a file is there and is not what was pinned. */
export type PartState = 'ready' | 'missing' | 'damaged' | 'foreign'

/** Where a file of this content is, or would be. */
export function objectPath(cache: string, { sha256 }: Pin): string {
  return join(cache, 'sha256', sha256.slice(0, 2), sha256)
}

export function setPath(cache: string, { engine, part, artifacts }: Need): string {
  const pinned = artifacts.flatMap(keptFiles).map(({ name, sha256 }) => [name, sha256])
  const key = sha256Hex(canonicalJson(pinned)).slice(0, 12)
  return join(cache, 'set', engine, `${part.name}-${part.version}-${key}`)
}

function filesOf({ artifacts }: Need): readonly KeptFile[] {
  return artifacts.flatMap(keptFiles)
}

/** By the sizes of its files: enough for every look. Their content is proved by `proveSet`. */
export function stateOf(cache: string, need: Need): PartState {
  if (need.artifacts.length === 0) return 'foreign'
  const set = setPath(cache, need)
  if (!existsSync(set)) return 'missing'
  const whole = filesOf(need).every(
    ({ name, size }) => statSync(join(set, name), { throwIfNoEntry: false })?.size === size,
  )
  return whole ? 'ready' : 'damaged'
}

/** Whether every file of the set is what was pinned. */
export async function proveSet(cache: string, need: Need): Promise<boolean> {
  if (stateOf(cache, need) !== 'ready') return false
  for (const file of filesOf(need))
    if (!(await isProved(join(setPath(cache, need), file.name), file))) return false
  return true
}

export async function isProved(path: string, { size, sha256 }: Pin): Promise<boolean> {
  if (statSync(path, { throwIfNoEntry: false })?.size !== size) return false
  return (await digestOf(path)) === sha256
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Takes a proved file in under the name of its content. */
export async function keepObject(cache: string, path: string, pin: Pin): Promise<void> {
  const kept = objectPath(cache, pin)
  await mkdir(join(kept, '..'), { recursive: true, mode: 0o700 })
  await chmod(path, 0o444)
  await rename(path, kept)
}

/** Makes the set of files that are all there, in place of one that is damaged. */
export async function makeSet(cache: string, need: Need): Promise<void> {
  const set = setPath(cache, need)
  const aside = `${set}.${randomUUID()}.new`
  await mkdir(aside, { recursive: true, mode: 0o700 })
  try {
    for (const file of filesOf(need)) {
      const from = objectPath(cache, file)
      const to = join(aside, file.name)
      // Some file systems have no hard links.
      await link(from, to).catch(() => copyFile(from, to))
    }
    await putInPlace(cache, need, aside)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** Another one may put its own there, or take it away as damaged, at any moment. */
async function putInPlace(cache: string, need: Need, aside: string): Promise<void> {
  for (;;) {
    try {
      return await rename(aside, setPath(cache, need))
    } catch (problem) {
      const { code = '' } = problem as NodeJS.ErrnoException
      if (!['ENOTEMPTY', 'EEXIST'].includes(code)) throw problem
    }
    if (stateOf(cache, need) !== 'damaged' && (await proveSet(cache, need))) return
    await forgetSet(cache, need)
  }
}

/** Removes the files of a set, so that they are fetched again. It is gone at once, so that another one can be put there meanwhile. */
export async function forgetSet(cache: string, need: Need): Promise<void> {
  const set = setPath(cache, need)
  const gone = `${set}.${randomUUID()}.old`
  try {
    await rename(set, gone)
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return
    throw problem
  }
  await rm(gone, { recursive: true, force: true })
}
