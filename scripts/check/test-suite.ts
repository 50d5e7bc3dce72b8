/**
 * Which command runs a test file. `npm test` needs only npm; what asks whether modules of engines are there (`skipWithout` and what
 * is made of it, by name) is a file of `npm run test:modules`. Nothing else marks one. What kills servers and engines in the middle of
 * their work lies in a folder or file named `crash`, and is run by `npm run test:crash`; what runs whole services takes minutes, lies
 * in `test/engine`, and is run by `npm run test:engines`. What needs a PostgreSQL lies in a folder `postgres`: `npm run test:postgres`; what
 * needs a control plane of Kubernetes in `test/kubernetes`: `npm run test:kubernetes`; what needs a browser in `test/browser`: `npm run test:console`; what
 * builds the published package, or starts whole servers as those who use it do, in `test/package`: `npm run test:package`. What measures
 * processor time (by `ordinaryMs` and what is made of it, by name) is a file of `npm run test:latency`: tests beside it would lengthen that.
 */
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export interface TestSuites {
  readonly plain: readonly string[]
  readonly latency: readonly string[]
  readonly modules: readonly string[]
  readonly crash: readonly string[]
  readonly postgres: readonly string[]
  readonly kubernetes: readonly string[]
  readonly console: readonly string[]
  readonly package: readonly string[]
  readonly engines: readonly string[]
}

const ENGINES = 'test/engine/'
const KUBERNETES = 'test/kubernetes/'
const BROWSER = 'test/browser/'
const PACKAGE = 'test/package/'
const CRASHES = /\/crash(\/|\.test\.ts$)/
const MEASURES = /\b(?:heldBriefly|ordinaryMs(?:Since)?)\b/
const NEEDS_MODULES = /\bskipWithout/
const NEEDS_POSTGRES = /\/postgres\/[^/]+\.test\.ts$/

export function testSuites(root: string): TestSuites {
  const found = globSync('{test,engines/*/test}/**/*.test.ts', { cwd: root }).sort()
  const engines = found.filter((file) => file.startsWith(ENGINES))
  const postgres = found.filter((file) => NEEDS_POSTGRES.test(file))
  const kubernetes = found.filter((file) => file.startsWith(KUBERNETES))
  const browser = found.filter((file) => file.startsWith(BROWSER))
  const published = found.filter((file) => file.startsWith(PACKAGE))
  const apart = new Set([...engines, ...postgres, ...kubernetes, ...browser, ...published])
  const files = found.filter((file) => !apart.has(file)).map((file) => resolve(root, file))
  const naming = (words: RegExp) => (file: string) => words.test(readFileSync(file, 'utf8'))
  const measuring = files.filter(naming(MEASURES))
  const timeless = files.filter((file) => !measuring.includes(file))
  const needing = timeless.filter(naming(NEEDS_MODULES))
  const others = timeless.filter((file) => !needing.includes(file))
  return {
    plain: others.filter((file) => !CRASHES.test(file)),
    latency: measuring,
    modules: needing,
    crash: others.filter((file) => CRASHES.test(file)),
    postgres: postgres.map((file) => resolve(root, file)),
    kubernetes: kubernetes.map((file) => resolve(root, file)),
    console: browser.map((file) => resolve(root, file)),
    package: published.map((file) => resolve(root, file)),
    engines: engines.map((file) => resolve(root, file)),
  }
}
