/** Modules that engines load, as `emrys engines fetch` keeps them. */
import { join } from 'node:path'
import { setPath, stateOf } from '../../artifact/cache.ts'
import { keptFiles, needsOf, type EngineLock } from '../../artifact/lock.ts'

export interface Modules {
  /** The folder of its file, or where that would be; undefined where there is none for this platform. */
  folder(name: string): string | undefined
  /** Its file, or where that would be; undefined where there is none for this platform. */
  file(name: string): string | undefined
  /** What is to be done so that it can be loaded, in a sentence; undefined when it is there. */
  unmet(name: string): string | undefined
  /**
   * Has it fetched while those that need it wait: how that stands, in a sentence; undefined once it is there. Absent where what is not there
   * is refused.
   */
  awaited?(name: string): string | undefined
}

/** Of one engine, or of several whose modules have names of their own. */
export function cachedModules(cache: string, ...locks: readonly EngineLock[]): Modules {
  const needs = needsOf(locks)
  const needOf = (name: string) => needs.find(({ part }) => part.name === name)
  return {
    folder(name) {
      const need = needOf(name)
      return need && need.artifacts.length > 0 ? setPath(cache, need) : undefined
    },
    file(name) {
      const need = needOf(name)
      const [file] = need?.artifacts.flatMap(keptFiles) ?? []
      return need && file && join(setPath(cache, need), file.name)
    },
    unmet(name) {
      const need = needOf(name)
      if (!need || need.artifacts.length === 0)
        return `the module ${name} is not made for this platform`
      if (stateOf(cache, need) === 'ready') return undefined
      return `the module ${name} is not on this machine; \`emrys engines fetch ${name}\` brings it`
    },
  }
}
