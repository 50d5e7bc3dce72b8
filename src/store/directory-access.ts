/**
 * Whether a directory may become or be a data directory: it can be made and written, nothing of somebody else's lies in it, and
 * nobody but its owner can look into it. Every refusal is an error with the path, and none of this waits for ever.
 */
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** What Emrys puts at the top of a data directory, with what SQLite puts beside its files. */
const OWN =
  /^(key|key-check|admin-token|clock|lock|server|restoring|set-aside-[\w-]+|tls|local|compiled|lost\+found|(emrys|simulation)\.db|(emrys\.db-mark|key|key-check|admin-token|clock|server)\.new|emrys\.db-mark|(lock|emrys\.db|simulation\.db)-(wal|shm|journal))$/
/** Any of them shows that the directory was used before. */
const EVIDENCE = ['key', 'key-check', 'emrys.db', 'emrys.db-mark', 'local', 'server']
/** What a restore that was cut off leaves behind (backup.ts). */
export const RESTORING = 'restoring'
const FOREIGN_NAMED_MAX = 3

/** Makes the directory where it is missing. Throws a sentence, or the system's error with its path. */
export function prepareDirectory(path: string, options: { readonly init: boolean }): void {
  process.umask(0o077)
  makeDirectory(resolve(path))
  const names = readdirSync(path)
  if (names.includes(RESTORING))
    throw new Error(
      `the restore into ${path} was cut off; empty the directory and restore the backup again`,
    )
  const foreign = names.filter((name) => !OWN.test(name))
  if (foreign.length > 0 && !options.init && !names.some((name) => EVIDENCE.includes(name)))
    throw new Error(
      `${path} holds files that are not emrys's (${foreign.slice(0, FOREIGN_NAMED_MAX).join(', ')}); choose an empty or a new directory with --data-dir, or pass --init to use this one`,
    )
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  for (const name of names.filter((each) => OWN.test(each))) {
    accessSync(join(path, name), constants.R_OK | constants.W_OK)
    closeToOthers(join(path, name))
  }
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700)
}

/** Not `recursive`: Node repeats that for ever where a file system says ENOENT to a directory in one that is there. */
export function makeDirectory(path: string): void {
  const missing: string[] = []
  for (let at = path; !statSync(at, { throwIfNoEntry: false }); at = dirname(at))
    missing.unshift(at)
  for (const each of missing) mkdirSync(each, { mode: 0o700 })
}

/** Everything in it loses the rights of others; the owner's stay as they are. */
function closeToOthers(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found || found.isSymbolicLink()) return
  if ((found.mode & 0o077) !== 0) chmodSync(path, found.mode & 0o700)
  if (!found.isDirectory()) return
  for (const name of readdirSync(path)) closeToOthers(join(path, name))
}
