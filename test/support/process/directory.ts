/** A directory of the test's own, removed with it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { cleanUp } from './clean-up.ts'

export function temporaryDirectory(t: TestContext): string {
  return directoryIn(t, tmpdir())
}

/** In memory, where the system has a place for that: for tests of thousands of commits that cut no power. */
export function memoryDirectory(t: TestContext): string {
  const memory = '/dev/shm'
  return directoryIn(t, existsSync(memory) ? memory : tmpdir())
}

function directoryIn(t: TestContext, parent: string): string {
  const path = mkdtempSync(join(parent, 'emrys-test-'))
  cleanUp(t, () => rmSync(path, { recursive: true, force: true }))
  return path
}
