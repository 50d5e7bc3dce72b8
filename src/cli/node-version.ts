/** Which Node runs Emrys, and package.json, which says so. Nothing here needs more than Node 18. */
import { existsSync, readFileSync } from 'node:fs'

interface Package {
  readonly version: string
  /** The form is `>=22.18`. */
  readonly engines: { readonly node: string }
}

/** Two folders up from `src/cli`, three from `dist/src/cli`. */
export function packageFile(): Package {
  const [file] = ['../../package.json', '../../../package.json']
    .map((path) => new URL(path, import.meta.url))
    .filter((url) => existsSync(url))
  if (!file) throw new Error('package.json is missing from this installation')
  return JSON.parse(readFileSync(file, 'utf8')) as Package
}

/** A sentence for whoever started it on a Node that is too old. */
export function tooOld(running: string): string | undefined {
  const floor = packageFile().engines.node.replace('>=', '')
  const [major = 0, minor = 0] = floor.split('.').map(Number)
  const [is = 0, isMinor = 0] = running.split('.').map(Number)
  if (is > major || (is === major && isMinor >= minor)) return undefined
  return `this is Node ${running}; the installed emrys needs Node ${floor} or newer (a checkout brings its own: \`npm run emrys\`)`
}
