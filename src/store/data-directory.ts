/**
 * The data directory: who may use it, and the key that seals what is secret in it. Mode 0700, the key file 0600.
 * A lock keeps a second server out; the operating system drops it when the holder dies, however it dies.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sealer } from '../kernel/seal.ts'
import { createMark, markOf, readMark } from './commit-mark.ts'
import { prepareDirectory } from './directory-access.ts'
import { writeWhole } from './whole-file.ts'

export interface DataDirectory {
  readonly path: string
  /** 32 bytes, made on first use. */
  readonly key: Uint8Array
  file(name: string): string
  /** A small text that an earlier version kept in a file of its own; undefined when there is none. */
  kept(name: string): string | undefined
  forget(name: string): void
  release(): void
}

export const DATABASE = 'emrys.db'
/** There where the directory belongs to one of several servers, whose database lies elsewhere: the server's name. */
export const SERVER = 'server'
const KEY = 'key'
const KEY_CHECK = 'key-check'

/** Throws with a sentence that says what to do when the directory is in use or cannot be what it was. `init`: foreign files may be in it. */
export function openDataDirectory(path: string, options = { init: false }): DataDirectory {
  prepareDirectory(path, options)
  const lock = lockDirectory(path)
  try {
    if (existsSync(join(path, SERVER)))
      throw new Error(
        `${path} belongs to a server whose database lies elsewhere; start it with the setting store, or choose another --data-dir`,
      )
    return directoryOf(path, keyOf(path), lock.release)
  } catch (problem) {
    lock.release()
    throw problem
  }
}

/**
 * That of one of several servers: what is its own, and the key that all of them have. `known` is what the first of them sealed with it,
 * undefined when this is the first. Throws a sentence.
 */
export function openServerDirectory(
  path: string,
  { init, known }: { readonly init: boolean; readonly known: string | undefined },
): DataDirectory & { readonly server: string } {
  prepareDirectory(path, { init })
  const lock = lockDirectory(path)
  try {
    const file = join(path, KEY)
    const first = !existsSync(join(path, SERVER))
    if (first && known === undefined && existsSync(join(path, DATABASE)))
      throw new Error(
        `${path} has a database of its own, and the one of the setting store is new; move it there with \`emrys store copy --from ${path} --to …\`, or choose another --data-dir`,
      )
    if (!existsSync(file)) {
      if (known !== undefined)
        throw new Error(
          `the servers of this database have a key that ${path} lacks; copy the file \`key\` from the data directory of one of them to ${file}`,
        )
      writeWhole(file, randomBytes(32))
    }
    const key = requireKey(path)
    if (known !== undefined) requireSame(key, known, file)
    if (first) nameServer(path, newServerName())
    const server = readFileSync(join(path, SERVER), 'utf8').trim()
    return { ...directoryOf(path, key, lock.release), server }
  } catch (problem) {
    lock.release()
    throw problem
  }
}

export function newServerName(): string {
  return `srv-${randomBytes(6).toString('hex')}`
}

/** From then on the directory is that of one of several servers. */
export function nameServer(path: string, name: string): void {
  writeWhole(join(path, SERVER), Buffer.from(`${name}\n`))
}

/** What the first server of a database leaves there, so that each other one shows that it has the same key. */
export function keyProof(key: Uint8Array): string {
  return sealer(key).seal(KEY_CHECK, KEY_CHECK)
}

function requireSame(key: Uint8Array, known: string, file: string): void {
  try {
    sealer(key).open(known, KEY_CHECK)
  } catch (problem) {
    throw new Error(
      `the key file ${file} is not the one that the secrets in the database were sealed with; copy the file \`key\` from the data directory of another server of it`,
      { cause: problem },
    )
  }
}

function directoryOf(path: string, key: Uint8Array, release: () => void): DataDirectory {
  return {
    path,
    key,
    file: (name) => join(path, name),
    kept(name) {
      const file = join(path, name)
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined
    },
    forget: (name) => rmSync(join(path, name), { force: true }),
    release,
  }
}

/** SQLite's own result codes (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5
const SQLITE_NOT_A_DATABASE = 26

/** An exclusive transaction on a file of its own is a lock that no crash leaves behind. */
export function lockDirectory(path: string): { release(): void } {
  const file = join(path, 'lock')
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (problem) {
    lock.close()
    const sentence = refusedLock(path, file, (problem as { errcode?: number }).errcode)
    throw sentence === undefined ? problem : new Error(sentence, { cause: problem })
  }
  return { release: () => lock.close() }
}

function refusedLock(path: string, file: string, code: number | undefined): string | undefined {
  if (code === SQLITE_BUSY)
    return `the data directory ${path} is in use by another emrys; stop it or choose another --data-dir`
  if (code === SQLITE_NOT_A_DATABASE)
    return `${file} is not the lock that emrys made; nothing is kept in it: remove it and start again`
  return undefined
}

/** A key is made with the directory and never again: with a new one, everything that is sealed would be lost silently. */
function keyOf(path: string): Uint8Array {
  const file = join(path, KEY)
  const database = join(path, DATABASE)
  const mark = markOf(database)
  const wasUsed = existsSync(join(path, KEY_CHECK))
  if (!existsSync(file)) {
    if (wasUsed || existsSync(database) || !isUnused(mark))
      throw new Error(
        `the key file ${file} is gone, and the secrets in ${path} cannot be opened without it; restore it from a backup`,
      )
    // Before the key, so that a directory with a key and without either of them has lost them.
    createMark(mark, { commit: 0, clean: false, sums: new Uint32Array() })
    writeWhole(file, randomBytes(32))
  }
  const key = requireKey(path)
  requireDatabase(path)
  if (!wasUsed)
    writeWhole(join(path, KEY_CHECK), Buffer.from(sealer(key).seal(KEY_CHECK, KEY_CHECK)))
  return key
}

/** Throws a sentence when the directory was used before and nothing is left of its database, not even the mark beside it. */
export function requireDatabase(path: string): void {
  const database = join(path, DATABASE)
  const size = statSync(database, { throwIfNoEntry: false })?.size ?? 0
  if (size > 0 || existsSync(markOf(database)) || !existsSync(join(path, KEY_CHECK))) return
  throw new Error(
    `the database ${database} is gone or empty, and ${path} was used before; restore a backup into an empty directory with \`emrys restore\`, or choose another --data-dir`,
  )
}

/** No commit was ever acknowledged under it. */
function isUnused(mark: string): boolean {
  try {
    return (readMark(mark)?.commit ?? 0) === 0
  } catch {
    // What is wrong with it is said when the database is opened.
    return false
  }
}

/**
 * The key, of which a text that was sealed when the directory was new proves that it is the right one. Throws a sentence when it is
 * missing, damaged or another one; changes nothing.
 */
export function requireKey(path: string): Uint8Array {
  const file = join(path, KEY)
  if (!existsSync(file)) throw new Error(`the key file ${file} is gone; restore it from a backup`)
  const key = readFileSync(file)
  if (key.length !== 32)
    throw new Error(
      `the key file ${file} is damaged (${key.length} bytes, not 32); restore it from a backup`,
    )
  const check = join(path, KEY_CHECK)
  if (!existsSync(check)) return key
  try {
    sealer(key).open(readFileSync(check, 'utf8'), KEY_CHECK)
    return key
  } catch (problem) {
    throw new Error(
      `the key file ${file} is not the one that the secrets in ${path} were sealed with; put that one back (or ${check}, if that was changed), or choose another --data-dir`,
      { cause: problem },
    )
  }
}
