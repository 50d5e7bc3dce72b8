/** Modules of engines as this machine has them, for tests that need one; where it is not there, they are skipped and say how to get it. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setPath, stateOf } from '../../../src/artifact/cache.ts'
import { keptFiles, needsOf } from '../../../src/artifact/lock.ts'
import { engineLocks } from '../../../src/substrate/local/lock.ts'
import { unmetMachineProgram } from '../../../src/substrate/local/machine-program.ts'
import { services } from '../../../src/substrate/local/service-list.ts'

/** Where `emrys engines fetch` puts them unless a file of settings says otherwise. */
export const cache =
  process.env['EMRYS_ENGINES_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'emrys')

/** The file of a module; undefined where it is not there. */
export function cachedModule(name: string): string | undefined {
  const need = needsOf(engineLocks).find(({ part }) => part.name === name)
  const [file] = need?.artifacts.flatMap(keptFiles) ?? []
  if (!need || !file || stateOf(cache, need) !== 'ready') return undefined
  return join(setPath(cache, need), file.name)
}

/** For the option of a test: a part of an engine, or a service that is a program of the machine's own. */
export function skipWithout(name: string): string | false {
  const { program } = services.find((service) => service.name === name) ?? {}
  if (program) {
    const unmet = unmetMachineProgram(process.env, program)
    return unmet === undefined ? false : skipFor(unmet)
  }
  if (cachedModule(name) !== undefined) return false
  return skipFor(`${name} is not there; \`npm run emrys -- engines fetch ${name}\` brings it`)
}

function skipFor(how: string): string {
  // What CI silently skips nobody tests.
  if (process.env['CI']) throw new Error(how)
  process.stderr.write(`SKIPPED: ${how}\n`)
  return how
}

/** The folder of all files of a part; undefined where they are not there. */
export function cachedSet(name: string): string | undefined {
  const need = needsOf(engineLocks).find(({ part }) => part.name === name)
  return need && stateOf(cache, need) === 'ready' ? setPath(cache, need) : undefined
}
