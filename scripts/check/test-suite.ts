/**
 * Which command runs a test file. `npm test` needs only npm; what asks whether modules of engines are there (`skipWithout` and what
 * is made of it, by name) is a file of `npm run test:modules`. Nothing else marks one. What runs whole services takes minutes, lies in
 * `test/engine`, and is run by `npm run test:engines`.
 */
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export interface TestSuites {
  readonly plain: readonly string[]
  readonly modules: readonly string[]
  readonly engines: readonly string[]
}

const ENGINES = 'test/engine/'
const NEEDS_MODULES = /\bskipWithout/

export function testSuites(root: string): TestSuites {
  const found = globSync('{test,engines/*/test}/**/*.test.ts', { cwd: root }).sort()
  const engines = found.filter((file) => file.startsWith(ENGINES))
  const files = found.filter((file) => !file.startsWith(ENGINES)).map((file) => resolve(root, file))
  const needing = new Set(files.filter((file) => NEEDS_MODULES.test(readFileSync(file, 'utf8'))))
  return {
    plain: files.filter((file) => !needing.has(file)),
    modules: [...needing],
    engines: engines.map((file) => resolve(root, file)),
  }
}
