/** Why a server did not start, as a sentence that says what to do next. What is no known reason stays as it is. */
import { lookup } from 'node:dns/promises'
import type { Config } from '../config/config.ts'
import { addressText } from '../store/postgres/address.ts'
import { CommandProblem } from './problem.ts'

type SystemProblem = Error & { code?: string; syscall?: string; path?: string; errcode?: number }

/** SQLite's own result codes (sqlite.org/rescode.html); the other bits say more. */
const SQLITE_PRIMARY = 0xff
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOT_A_DATABASE = 26
/** What its result codes for the file system mean, in the system's words. */
const SQLITE_FILE_CODES: Readonly<Record<number, string>> = {
  3: 'EACCES',
  5: 'EBUSY',
  6: 'EBUSY',
  8: 'EROFS',
  10: 'EIO',
  14: 'EACCES',
  15: 'ENOLCK',
  22: 'EFBIG',
}

/** What to do about a data directory of which the system says this. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'it may not be read or written by this user; run emrys as its owner',
  EPERM: 'it belongs to another user; run emrys as its owner',
  EROFS: 'it may not be written; mount its file system for writing',
  ENOTDIR: 'it lies below a file',
  EEXIST: 'something that is no directory is there',
  ENOENT: 'its file system takes no directory there',
  ELOOP: 'its path leads in a circle',
  ENAMETOOLONG: 'its path is too long',
  EBUSY: 'another program is using it; end that',
  EIO: 'its disk fails',
  ENOLCK: 'its file system has no locks; use one of this machine',
  EFBIG: 'its file system takes no files of this size',
  EINVAL: 'its file system does not take such files; use an ordinary one',
  ENOTSUP: 'its file system does not take such files; use an ordinary one',
  EOPNOTSUPP: 'its file system does not take such files; use an ordinary one',
  ENXIO: 'what is there is not a file',
  EISDIR: 'a directory is where a file should be',
  ENODEV: 'its device is gone',
  ESTALE: 'its file system is gone; mount it again',
}

export function startProblem(problem: unknown, config: Config): Error {
  if (!(problem instanceof Error)) return new Error(String(problem))
  const sentence =
    ofDatabase(problem, config) ??
    ofAddress(problem, config) ??
    ofData(problem, config) ??
    ofTls(problem)
  return sentence === undefined ? problem : new CommandProblem(sentence, { cause: problem })
}

/** What PostgreSQL says when it lets nobody in (its appendix A), and what to do. */
const LOGIN_ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'the password is not right; see store-password-file',
  '28000': 'it does not let this user in from here; see its pg_hba.conf',
  '3D000': 'there is no such database; create it',
  '42501': 'its user may not create tables there; make it the owner of the database',
  '53300': 'it takes no more connections; a server needs seven (max_connections)',
}

function ofDatabase(problem: SystemProblem, { store }: Config): string | undefined {
  if (store === 'embedded') return undefined
  const { code = '' } = problem
  const place = addressText(store)
  if (code in LOGIN_ADVICE) return `the database ${place} is not usable: ${LOGIN_ADVICE[code]}`
  if (problem.syscall === 'connect' || problem.syscall === 'getaddrinfo')
    return `the database ${place} cannot be reached (${code}); start it, or correct the setting store`
  if (/password must be a string/.test(problem.message))
    return `the database ${place} wants a password; give it in a file with store-password-file, in PGPASSFILE or in ~/.pgpass`
  return undefined
}

/** Throws what the look-up does. A name that is none is reported before anything that follows from where one listens. */
export async function requireHost({ host }: Config): Promise<void> {
  await lookup(host)
}

function ofAddress(problem: SystemProblem, { host, port }: Config): string | undefined {
  if (problem.syscall === 'getaddrinfo')
    return `there is no host ${host} that this machine can find (${problem.code}); listen on an address of this machine with --host, such as 127.0.0.1`
  if (problem.syscall !== 'listen') return undefined
  if (problem.code === 'EADDRINUSE')
    return `port ${port} on ${host} is taken; end what uses it, or choose another one with --port (0 takes a free one)`
  if (problem.code === 'EACCES')
    return `port ${port} needs rights that this user does not have; choose one above 1023 with --port`
  return `${host} is not an address of this machine (${problem.code}); choose another one with --host`
}

function ofData(problem: SystemProblem, { dataDir }: Config): string | undefined {
  const result = (problem.errcode ?? 0) & SQLITE_PRIMARY
  if (problem.code === 'ENOSPC' || problem.code === 'EDQUOT' || result === SQLITE_FULL)
    return `the disk of the data directory ${dataDir} is full; free some space, or choose another --data-dir`
  if (result === SQLITE_CORRUPT || result === SQLITE_NOT_A_DATABASE)
    return `the database in ${dataDir} is damaged (${problem.message}); restore it from a backup, or choose another --data-dir`
  const code = SQLITE_FILE_CODES[result] ?? problem.code ?? ''
  const advice = ADVICE[code]
  if (advice === undefined) return undefined
  const file =
    problem.path === undefined || problem.path === dataDir ? '' : ` because of ${problem.path}`
  return `the data directory ${dataDir} cannot be used${file} (${code}): ${advice}, or choose another --data-dir`
}

function ofTls(problem: SystemProblem): string | undefined {
  if (!/^ERR_(OSSL|TLS|CRYPTO)/.test(problem.code ?? '')) return undefined
  return `the certificate or its key is not usable (${problem.message}); check --tls-cert and --tls-key`
}
