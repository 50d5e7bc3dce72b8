/** Files that hold tokens, certificates and keys: bounded, and read again when they are a minute old, as whoever rotates them expects. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Clock } from '../../kernel/clock.ts'
import { AccessProblem } from './access.ts'

/** Authorities come in bundles of hundreds of kilobytes. */
const FILE_BYTES = 1024 * 1024
/** A token of a pod is replaced when it has used up 80 % of its time, of an hour at most: what a minute ago was read holds. */
const KEPT_MS = 60_000

/** Throws AccessProblem. */
export function credentialText(path: string, what: string): string {
  const bytes = Buffer.alloc(FILE_BYTES + 1)
  let length = 0
  try {
    const file = openSync(path, 'r')
    try {
      for (let read = -1; read !== 0 && length < bytes.length; length += read)
        read = readSync(file, bytes, length, bytes.length - length, null)
    } finally {
      closeSync(file)
    }
  } catch (problem) {
    const { code = 'unknown' } = problem as NodeJS.ErrnoException
    throw new AccessProblem(`${what}, ${path}, cannot be read (${code})`, { cause: problem })
  }
  if (length > FILE_BYTES) throw new AccessProblem(`${what}, ${path}, is larger than a mebibyte`)
  const text = bytes.toString('utf8', 0, length).trim()
  if (text === '') throw new AccessProblem(`${what}, ${path}, is empty`)
  return text
}

/** What is in the file, by a look that is at most a minute old; with `fresh`, by one now. */
export type KeptText = (fresh: boolean) => string

export function keptText(path: string, what: string, clock: Pick<Clock, 'wall'>): KeptText {
  let kept: { readonly text: string; readonly atMs: number } | undefined
  return (fresh) => {
    const nowMs = clock.wall()
    if (!kept || fresh || Math.abs(nowMs - kept.atMs) >= KEPT_MS)
      kept = { text: credentialText(path, what), atMs: nowMs }
    return kept.text
  }
}
