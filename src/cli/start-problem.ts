/** Why a server did not start, as a sentence that says what to do next. What is no known reason stays as it is. */
import { lookup } from 'node:dns/promises'
import type { Config } from '../config/config.ts'
import { CommandProblem } from './problem.ts'

type SystemProblem = Error & { code?: string; syscall?: string; errcode?: number }

/** SQLite's own result codes (sqlite.org/rescode.html). */
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANNOT_OPEN = 14
const SQLITE_NOT_A_DATABASE = 26

export function startProblem(problem: unknown, config: Config): Error {
  if (!(problem instanceof Error)) return new Error(String(problem))
  const sentence = ofAddress(problem, config) ?? ofData(problem, config) ?? ofTls(problem)
  return sentence === undefined ? problem : new CommandProblem(sentence, { cause: problem })
}

/** Throws what the look-up does. A name that is none is told before anything that follows from where one listens. */
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
  if (problem.code === 'ENOSPC' || problem.errcode === SQLITE_FULL)
    return `the disk of the data directory ${dataDir} is full; free some space, or choose another --data-dir`
  if (problem.errcode === SQLITE_CORRUPT || problem.errcode === SQLITE_NOT_A_DATABASE)
    return `the database in ${dataDir} is damaged (${problem.message}); restore it from a backup, or choose another --data-dir`
  const unusable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT']
  if (problem.errcode === SQLITE_CANNOT_OPEN || unusable.includes(problem.code ?? ''))
    return `the data directory ${dataDir} cannot be used (${problem.code ?? problem.message}); choose another one with --data-dir`
  return undefined
}

function ofTls(problem: SystemProblem): string | undefined {
  if (!/^ERR_(OSSL|TLS|CRYPTO)/.test(problem.code ?? '')) return undefined
  return `the certificate or its key is not usable (${problem.message}); check --tls-cert and --tls-key`
}
