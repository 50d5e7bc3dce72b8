/** A directory of the test's own, removed with it. */
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanUp } from './clean-up.ts'
import type { Ending } from './clean-up.ts'

export function temporaryDirectory(t: Ending): string {
  return directoryIn(t, tmpdir())
}

/** In memory, where the system has a place for that: for tests of thousands of commits that cut no power. */
export function memoryDirectory(t: Ending): string {
  const memory = '/dev/shm'
  return directoryIn(t, existsSync(memory) ? memory : tmpdir())
}

function directoryIn(t: Ending, parent: string): string {
  const path = mkdtempSync(join(parent, 'emrys-test-'))
  cleanUp(t, () => rmSync(path, { recursive: true, force: true }))
  return path
}

/**
 * The engines of a server's data directory find compiled what those of other tests left: each directory's first one would compile its
 * whole program again.
 */
export function shareCompiled(dataDir: string): void {
  const shared = process.env['NODE_COMPILE_CACHE']
  const own = join(dataDir, 'compiled')
  if (shared !== undefined && !existsSync(own)) symlinkSync(shared, own)
}
