/**
 * Backups: a directory with a copy of each file and a manifest that names all of them, their sizes and digests. The manifest is
 * written last, and read first: without it a directory is no backup, however far it came. What opens secrets lies apart, in `keys/`.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  existsSync,
  fsyncSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { makeDirectory, RESTORING } from './directory-access.ts'
import { migrations } from './migration.ts'
import { writeWhole } from './whole-file.ts'

const MANIFEST = 'manifest.json'
export const KEYS = 'keys'
const FORMAT = 1

export interface BackupFile {
  /** Below the backup's directory, with `/`. */
  readonly path: string
  readonly size: number
  readonly sha256: string
}

export interface Manifest {
  readonly format: typeof FORMAT
  /** The newest migration of the database. */
  readonly schema: string
  /** In machine time, ISO 8601. */
  readonly made: string
  /** Instances on the machine whose data is in it. */
  readonly instances: readonly string[]
  /** Those whose data is not: they begin empty when it is restored. */
  readonly without: readonly string[]
  readonly files: readonly BackupFile[]
}

/** One file of a backup: where it goes, and how it gets there. */
export interface Part {
  readonly path: string
  make(file: string): void | Promise<void>
}

export interface BackupSpec extends Pick<Manifest, 'made' | 'instances' | 'without'> {
  readonly parts: readonly Part[]
  /** When all parts are there; where it throws, there is no backup. */
  readonly check?: () => void
}

/** A path that cannot lead out of a directory. */
const PLAIN_PATH = /^(?!.*(^|\/)\.\.?(\/|$))[\w.@+-]+(\/[\w.@+-]+)*$/

export function copied(path: string, from: string): Part {
  return { path, make: (file) => copyFileSync(from, file) }
}

/** Throws a sentence; what it had written by then is removed, as far as it can be. */
export async function writeBackup(target: string, spec: BackupSpec): Promise<Manifest> {
  requireEmpty(target, 'the backup')
  makeDirectory(resolve(target))
  try {
    const files: BackupFile[] = []
    for (const { path, make } of spec.parts) {
      const file = join(target, path)
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      await make(file)
      chmodSync(file, 0o600)
      flush(file)
      files.push({ path, ...(await digestOf(file)) })
    }
    spec.check?.()
    const { made, instances, without } = spec
    const schema = migrations.at(-1)?.name ?? ''
    const manifest: Manifest = { format: FORMAT, schema, made, instances, without, files }
    writeWhole(join(target, MANIFEST), Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`))
    flush(target)
    return manifest
  } catch (problem) {
    for (const name of readdirSync(target))
      rmSync(join(target, name), { recursive: true, force: true })
    throw problem
  }
}

/** Every file is there and as it was written. Throws a sentence. `keys` is where the keys lie, if not in the backup. */
export async function checkBackup(from: string, keys: string): Promise<Manifest> {
  const manifest = readManifest(from)
  for (const { path, size, sha256 } of manifest.files) {
    const file = sourceOf({ from, keys }, path)
    if (!existsSync(file)) throw new Error(`${file} is missing, which the backup's manifest names`)
    const found = await digestOf(file)
    if (found.size !== size || found.sha256 !== sha256)
      throw new Error(
        `${file} is damaged: it is not what the backup's manifest says (${found.size} bytes, ${size} expected)`,
      )
  }
  return manifest
}

/** Into an empty or a new directory, which no server takes before all of it is there. Throws a sentence. */
export async function restoreBackup(places: {
  readonly from: string
  readonly keys: string
  readonly dataDir: string
}): Promise<Manifest> {
  const { from, keys, dataDir } = places
  const manifest = await checkBackup(from, keys)
  requireEmpty(dataDir, 'a backup')
  process.umask(0o077)
  makeDirectory(resolve(dataDir))
  writeWhole(join(dataDir, RESTORING), Buffer.from(`${resolve(from)}\n`))
  for (const { path, size, sha256 } of manifest.files) {
    const file = join(dataDir, path.startsWith(`${KEYS}/`) ? path.slice(KEYS.length + 1) : path)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    copyFileSync(sourceOf({ from, keys }, path), file)
    chmodSync(file, 0o600)
    flush(file)
    const put = await digestOf(file)
    if (put.size !== size || put.sha256 !== sha256)
      throw new Error(`${file} is not what was copied to it; the disk may be failing`)
  }
  flush(dataDir)
  rmSync(join(dataDir, RESTORING))
  flush(dataDir)
  return manifest
}

function sourceOf({ from, keys }: { from: string; keys: string }, path: string): string {
  return path.startsWith(`${KEYS}/`) ? join(keys, path.slice(KEYS.length + 1)) : join(from, path)
}

function readManifest(from: string): Manifest {
  const file = join(from, MANIFEST)
  if (!existsSync(file))
    throw new Error(
      `${from} has no ${MANIFEST}: it is no backup of emrys, or one that was cut off; choose another one`,
    )
  const manifest = parsed(file)
  if (manifest?.format !== FORMAT || !Array.isArray(manifest.files))
    throw new Error(`${file} is damaged, or was written by another version of emrys`)
  if (!migrations.some(({ name }) => name === manifest.schema))
    throw new Error(
      `${from} was written by a newer version of emrys (${manifest.schema}); restore it with that`,
    )
  const strange = manifest.files.find(({ path }) => !PLAIN_PATH.test(path))
  if (strange) throw new Error(`${file} is damaged: it names the file ${strange.path}`)
  return manifest
}

function parsed(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

function requireEmpty(path: string, what: string): void {
  if (!statSync(path, { throwIfNoEntry: false })) return
  const [first] = readdirSync(path).filter((name) => name !== 'lost+found')
  if (first !== undefined)
    throw new Error(
      `${path} is not empty (${first}); ${what} goes into an empty or a new directory`,
    )
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

async function digestOf(file: string): Promise<Omit<BackupFile, 'path'>> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}
