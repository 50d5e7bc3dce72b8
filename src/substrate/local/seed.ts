/**
 * What an instance begins with that is restored: the files of a copy, put into its process's directory before the first start, each
 * only when it is on the disk and is what the manifest says. It may be cut off anywhere and begun again.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { SnapshotKey } from '../../domain/cluster/spec.ts'
import type { SnapshotManifest } from './component.ts'
import type { Driver } from './driver.ts'
import { readManifest, snapshotDirectory } from './snapshot.ts'

const PIECE_BYTES = 4 * 1024 * 1024
/** Left free on the disk, for all others that write to it. */
const SPARE_BYTES = 64 * 1024 * 1024
const ASIDE = '.restoring'
/** A name that leads nowhere else. */
const PLAIN_NAME = /^\w[\w.-]{0,100}$/

type File = SnapshotManifest['files'][number]

/** Why these data cannot be had, in a sentence; undefined when they are there. Throws when it is cut off. */
export async function seed(
  { root, signal }: Pick<Driver, 'root'> & { readonly signal: AbortSignal },
  key: SnapshotKey,
  directory: string,
): Promise<string | undefined> {
  const manifest = readManifest(root, key)
  const of = `the backup ${key.snapshot}`
  if (!manifest) return `${of} that it should begin with is not there`
  if (!manifest.files.every(({ path }) => PLAIN_NAME.test(path)))
    return `the manifest of ${of} is damaged`
  const missing = manifest.files.filter(({ path }) => !existsSync(join(directory, path)))
  const wanted = missing.reduce((sum, { bytes }) => sum + bytes, 0)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { bavail, bsize } = await statfs(directory)
  const free = Math.max(0, bavail * bsize - SPARE_BYTES)
  if (free < wanted) return `${of} has ${wanted} bytes, and the disk has ${free} to spare`
  for (const file of missing) {
    const from = join(snapshotDirectory(root, key), file.path)
    try {
      if (!(await copied(file, { from, directory, signal })))
        return `${of} is damaged: ${file.path}`
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'ENOSPC') throw problem
      await rm(join(directory, `${file.path}${ASIDE}`), { force: true })
      return `the disk became full while ${of} was copied`
    }
  }
  return undefined
}

interface Way {
  readonly from: string
  readonly directory: string
  readonly signal: AbortSignal
}

/** False when it is not what the manifest says. */
async function copied(
  { path, bytes, sha256 }: File,
  { from, directory, signal }: Way,
): Promise<boolean> {
  const aside = join(directory, `${path}${ASIDE}`)
  await rm(aside, { force: true })
  if (!existsSync(from)) return false
  const source = await open(from, 'r')
  try {
    const target = await open(aside, 'wx', 0o600)
    try {
      const hash = createHash('sha256')
      const piece = Buffer.alloc(PIECE_BYTES)
      let size = 0
      for (;;) {
        signal.throwIfAborted()
        const { bytesRead } = await source.read(piece, 0, PIECE_BYTES, size)
        if (bytesRead === 0) break
        size += bytesRead
        hash.update(piece.subarray(0, bytesRead))
        await target.writeFile(piece.subarray(0, bytesRead))
      }
      await target.sync()
      if (size !== bytes || hash.digest('hex') !== sha256) {
        await rm(aside, { force: true })
        return false
      }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  await rename(aside, join(directory, path))
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
  return true
}
