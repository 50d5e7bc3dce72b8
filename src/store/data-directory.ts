/**
 * The data directory: who may use it, and the key that seals what is secret in it. Mode 0700, the key file 0600.
 * A lock keeps a second server out; the operating system drops it when the holder dies, however it dies.
 */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sealer } from '../kernel/seal.ts'

export interface DataDirectory {
  readonly path: string
  /** 32 bytes, made on first use. */
  readonly key: Uint8Array
  file(name: string): string
  /** A small text that was kept, undefined when none was. */
  kept(name: string): string | undefined
  /** Keeps a small text: a crash leaves the old one or the new one, whole. */
  keep(name: string, text: string): void
  release(): void
}

/** Throws with a sentence that says what to do when the directory is in use or its key is not readable. */
export function openDataDirectory(path: string): DataDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const lock = takeLock(path)
  const key = keyOr(path, () => lock.close())
  return {
    path,
    key,
    file: (name) => join(path, name),
    kept(name) {
      const file = join(path, name)
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined
    },
    keep: (name, text) => writeWhole(join(path, name), Buffer.from(text)),
    release: () => lock.close(),
  }
}

/** An exclusive transaction on a file of its own is a lock that no crash leaves behind. */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (problem) {
    lock.close()
    throw new Error(
      `the data directory ${path} is in use by another emrys; stop it or choose another --data-dir`,
      { cause: problem },
    )
  }
  return lock
}

function keyOr(path: string, giveUp: () => void): Uint8Array {
  try {
    const key = readKey(path)
    checkKey(path, key)
    return key
  } catch (problem) {
    giveUp()
    throw problem
  }
}

/** A key is made with the directory and never again: with a new one, everything that is sealed would be lost without a word. */
function readKey(path: string): Uint8Array {
  const file = join(path, 'key')
  if (!existsSync(file)) {
    if ([KEY_CHECK, 'emrys.db'].some((name) => existsSync(join(path, name))))
      throw new Error(
        `the key file ${file} is gone, and the secrets in ${path} cannot be opened without it; restore it from a backup`,
      )
    writeWhole(file, randomBytes(32))
  }
  chmodSync(file, 0o600)
  const key = readFileSync(file)
  if (key.length !== 32)
    throw new Error(
      `the key file ${file} is damaged (${key.length} bytes, not 32); restore it from a backup`,
    )
  return key
}

const KEY_CHECK = 'key-check'

/** A text that was sealed when the directory was new opens with its key and no other. */
function checkKey(path: string, key: Uint8Array): void {
  const file = join(path, KEY_CHECK)
  const { seal, open } = sealer(key)
  if (!existsSync(file)) return writeWhole(file, Buffer.from(seal(KEY_CHECK, KEY_CHECK)))
  try {
    open(readFileSync(file, 'utf8'), KEY_CHECK)
  } catch (problem) {
    throw new Error(
      `the key file ${join(path, 'key')} is not the one that the secrets in ${path} were sealed with; put that one back, or choose another --data-dir`,
      { cause: problem },
    )
  }
}

/** Written aside and renamed, so that a crash leaves what was there or the whole. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const aside = `${file}.new`
  const descriptor = openSync(aside, 'w', 0o600)
  writeSync(descriptor, bytes)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(aside, file)
}
