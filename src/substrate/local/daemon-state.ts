/**
 * What a daemon works with: a program of others' repeats no revision, so its start script writes down what it was started with, and
 * whoever has it take over new files without a start writes down that.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '../../kernel/json.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { wasStartedFor } from './pid-file.ts'
import { DIGEST_FILE, REVISION_FILE, STARTED_FILE } from './start-script.ts'
import { writeWhole } from './whole-file.ts'

type Files = Readonly<Record<string, string>>

export interface DaemonState {
  readonly pid: number
  readonly revision: number
  /** Of the files that it reads when it starts. */
  readonly fixed: string
  /** Of each that it can read again. */
  readonly reloaded: readonly string[]
}

const RELOADED_FILE = 'reloaded'

/** What stands in the file of the digests. */
export function digestsOf(fixed: Files, reloaded: readonly string[]): string {
  return [fixed, ...reloaded].map(digestOf).join(' ')
}

function digestOf(files: Files | string): string {
  return sha256Hex(canonicalJson(files)).slice(0, 16)
}

/** Undefined while none runs. */
export function daemonState(directory: string): DaemonState | undefined {
  const started = readState(join(directory, STARTED_FILE))
  if (!started || !wasStartedFor(started.pid, directory)) return undefined
  const later = readState(join(directory, RELOADED_FILE))
  return later?.pid === started.pid ? later : started
}

/** What it shall work with by now, by its files. */
export function wantedState(directory: string): Omit<DaemonState, 'pid'> {
  const read = (name: string) => readFileSync(join(directory, name), 'utf8').trim()
  const [fixed = '', ...reloaded] = read(DIGEST_FILE).split(' ')
  return { revision: Number(read(REVISION_FILE)), fixed, reloaded }
}

/** It works with all of its files from now on. */
export function noteReloaded(directory: string, { pid }: DaemonState): void {
  const { revision, fixed, reloaded } = wantedState(directory)
  writeWhole(join(directory, RELOADED_FILE), `${[pid, revision, fixed, ...reloaded].join(' ')}\n`)
}

function readState(file: string): DaemonState | undefined {
  if (!existsSync(file)) return undefined
  const [pid, revision, fixed = '', ...reloaded] = readFileSync(file, 'utf8').trim().split(' ')
  return { pid: Number(pid), revision: Number(revision), fixed, reloaded }
}
