/** Which Node runs Emrys, and package.json, which says so. Nothing here needs more than Node 18. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installationRoot } from '../kernel/place.ts'

interface Package {
  readonly version: string
  /** The form is `>=22.18`. */
  readonly engines: { readonly node: string }
}

export function packageFile(): Package {
  return JSON.parse(readFileSync(join(installationRoot(), 'package.json'), 'utf8')) as Package
}

/** A sentence for whoever started it on a Node that is too old. */
export function tooOld(running: string): string | undefined {
  const floor = packageFile().engines.node.replace('>=', '')
  const [major = 0, minor = 0] = floor.split('.').map(Number)
  const [is = 0, isMinor = 0] = running.split('.').map(Number)
  if (is > major || (is === major && isMinor >= minor)) return undefined
  return `this is Node ${running}; the installed emrys needs Node ${floor} or newer (a checkout brings its own: \`npm run emrys\`)`
}
