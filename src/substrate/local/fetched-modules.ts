/** Modules that are fetched while clusters wait for them (`engines.fetch`), each once at a time for all that need it. */
import { fetchPart } from '../../artifact/fetch.ts'
import { needsOf, type Artifact, type EngineLock, type Need } from '../../artifact/lock.ts'
import type { Source } from '../../artifact/source.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Modules } from './module.ts'

export interface FetchedModules {
  readonly modules: Modules
  /** Ends what is being fetched; what is there of it is taken up by whoever fetches next. */
  close(): void
}

export interface FetchingOptions {
  readonly cache: string
  readonly locks: readonly EngineLock[]
  readonly source: Source
  readonly log: Logger
  /** Between two attempts. */
  readonly againMs?: number
}

/** Whoever cannot be reached is not asked more often. */
const AGAIN_MS = 60_000
/** Of what is fetched: each step is news of its cluster. */
const STEPS = 10

export function fetchedModules(known: Modules, options: FetchingOptions): FetchedModules {
  const { cache, locks, source, log, againMs = AGAIN_MS } = options
  const needs = needsOf(locks)
  const said = new Map<string, string>()
  const closed = new AbortController()
  const bring = async (name: string, need: Need) => {
    const { signal } = closed
    const onProgress = progressOf(need, (text) => said.set(name, text))
    try {
      await fetchPart(need, { cache, source, onProgress, signal })
      log.info({ part: name }, 'what a cluster waits for was fetched')
      said.delete(name)
    } catch (problem) {
      if (signal.aborted) return
      const reason = (problem as Error).message
      log.warn({ part: name, reason }, 'what a cluster waits for could not be fetched')
      said.set(name, `${name} could not be fetched, which is tried again: ${reason}`)
      setTimeout(() => said.delete(name), againMs).unref()
    }
  }
  return {
    modules: {
      ...known,
      awaited(name) {
        if (known.unmet(name) === undefined) return undefined
        const need = needs.find(({ part }) => part.name === name)
        if (need && !said.has(name) && !closed.signal.aborted) {
          said.set(name, `${name} is being fetched`)
          void bring(name, need)
        }
        return said.get(name) ?? known.unmet(name)
      },
    },
    close: () => closed.abort(),
  }
}

/** In sentences that stay the same for a while. */
function progressOf({ part, artifacts }: Need, say: (text: string) => void) {
  const size = artifacts.reduce((sum, artifact) => sum + artifact.size, 0)
  const there = new Map<Artifact, number>()
  return (artifact: Artifact, bytes: number) => {
    there.set(artifact, bytes)
    const all = [...there.values()].reduce((sum, each) => sum + each, 0)
    const percent = (Math.floor((STEPS * all) / Math.max(1, size)) * 100) / STEPS
    say(`${part.name} is being fetched: ${percent} % of ${(size / 1e6).toFixed(1)} MB`)
  }
}
