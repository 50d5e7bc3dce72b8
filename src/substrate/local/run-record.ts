/**
 * What a process that runs once leaves in its directory, so that any driver knows of it: that it has begun, and the code with which it
 * ended, which is there whole or not at all.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const BEGUN = 'begun'
export const EXIT = 'exit'

/** Shell that records the code of the command before it; `folder`: of the directory, where the shell is elsewhere, with a slash. */
export function recordExit(folder = ''): string {
  return `echo "$?" >"${folder}${EXIT}.new"
mv "${folder}${EXIT}.new" "${folder}${EXIT}"`
}

export function hasBegun(directory: string): boolean {
  return existsSync(join(directory, BEGUN))
}

/** Undefined for one that runs, or was killed. */
export function exitCodeIn(directory: string): number | undefined {
  const path = join(directory, EXIT)
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined
}
