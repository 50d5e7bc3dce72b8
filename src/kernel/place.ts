/**
 * Where this installation lies: a checkout, whose programs are its sources, or a package, whose programs stand in `dist` under the same
 * names. A bundle's files know nothing of where their sources were, so everything is found from package.json. Needs no more than Node 18.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)

export const isCheckout = here.endsWith('.ts')

/** The folder of package.json. */
export function installationRoot(): string {
  for (let folder = dirname(here); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder))
      throw new Error('package.json is missing from this installation')
  }
}

/** A program of ours by its source without the ending, such as `engines/starrocks/src/main`. */
export function programFile(source: string): string {
  if (!isCheckout) return join(installationRoot(), 'dist', `${source}.js`)
  // Tests start hundreds, and have them built once (scripts/check/test-program.ts).
  const built = process.env['EMRYS_TEST_PROGRAMS']
  return built === undefined
    ? join(installationRoot(), `${source}.ts`)
    : join(built, 'dist', `${source}.js`)
}

/** What can be had again is kept here, for all servers of this user. */
export function userCache(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'emrys')
}
