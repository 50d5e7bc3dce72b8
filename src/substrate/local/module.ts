/** Modules that engines load, as `emrys engines fetch` keeps them. */
import { join } from 'node:path'
import { setPath, stateOf } from '../../artifact/cache.ts'
import { keptName, needsOf, type EngineLock } from '../../artifact/lock.ts'

export interface Modules {
  /** Where its file is, or would be. Throws where there is none for this platform. */
  path(name: string): string
  /** What is to be done so that it can be loaded, in a sentence; undefined when it is there. */
  lack(name: string): string | undefined
}

/** Of one engine. */
export function cachedModules(cache: string, lock: EngineLock): Modules {
  const needs = needsOf([lock])
  const needOf = (name: string) => needs.find(({ part }) => part.name === name)
  return {
    path(name) {
      const need = needOf(name)
      const [artifact] = need?.artifacts ?? []
      if (!need || !artifact) throw new Error(`the module ${name} is not made for this platform`)
      return join(setPath(cache, need), keptName(artifact))
    },
    lack(name) {
      const need = needOf(name)
      if (!need || need.artifacts.length === 0)
        return `the module ${name} is not made for this platform`
      if (stateOf(cache, need) === 'ready') return undefined
      return `the module ${name} is not on this machine; \`emrys engines fetch ${name}\` brings it`
    },
  }
}
