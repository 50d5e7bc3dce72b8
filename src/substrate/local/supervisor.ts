/** Looks after the engines for as long as the server runs: adopts those that run, starts again those that died, each with a growing pause. */
import { backoffMs } from '../../kernel/backoff.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Random } from '../../kernel/random.ts'
import type { LocalEngine } from './engine.ts'
import { adopt, engineProcess } from './engine-process.ts'
import { instanceFolder, instancesIn } from './instance.ts'
import type { InTurn } from './keyed-mutex.ts'

export interface KeeperOptions {
  readonly root: string
  readonly clock: Clock
  readonly log: Logger
  readonly random: Random
  readonly engineOf: (family: string) => LocalEngine
  readonly inTurn: InTurn
}

export interface Keeper {
  /** Looks at once and then every second, until `unwatch`. The first look tells the log what it found. */
  watch(): void
  unwatch(): void
}

/** What was to be done for an instance: nothing, to note its process, to start one. */
type Care = 'runs' | 'found' | 'started' | 'waits' | 'rests'

interface Death {
  readonly count: number
  readonly notBeforeMs: number
}

const WATCH_MS = 1_000
/** One that has lived for so long since it was last started has earned a quick restart again. */
const STEADY_MS = 60_000

export function keeper(options: KeeperOptions): Keeper {
  const { root, clock, log, inTurn } = options
  const deaths = new Map<string, Death>()
  let watching = false
  let cancel = () => {}

  const care = async (id: string): Promise<Care> => {
    const folder = instanceFolder(root, id)
    const note = folder.read()
    if (!note?.prepared || note.endingMs !== undefined) return 'rests'
    const engine = options.engineOf(note.family)
    const death = deaths.get(id)
    if (engineProcess(folder).isAlive()) {
      if (death && clock.now() > death.notBeforeMs + STEADY_MS) deaths.delete(id)
      return 'runs'
    }
    if (await adopt(folder, engine)) return 'found'
    if (death && clock.now() < death.notBeforeMs) return 'waits'
    const count = (death?.count ?? 0) + 1
    const pauseMs = backoffMs(count, options.random.fraction())
    deaths.set(id, { count, notBeforeMs: clock.now() + pauseMs })
    log.warn({ id, start: count }, 'an engine is not there and is started again')
    await engineProcess(folder).start(engine.command(folder.engine))
    return 'started'
  }

  const lookOnce = async (): Promise<ReadonlyMap<string, Care>> => {
    const seen = new Map<string, Care>()
    const notes = instancesIn(root)
    for (const { id } of notes) {
      if (!watching) break
      try {
        seen.set(id, await inTurn(id, () => care(id)))
      } catch (problem) {
        log.error({ id, err: problem }, 'an engine could not be looked after')
      }
    }
    for (const id of deaths.keys()) if (!notes.some((note) => note.id === id)) deaths.delete(id)
    return seen
  }

  const again = async (): Promise<void> => {
    if (!watching) return
    await lookOnce()
    if (watching) cancel = clock.at(clock.now() + WATCH_MS, () => void again())
  }

  const first = async (): Promise<void> => {
    const seen = [...(await lookOnce()).values()]
    const count = (...what: Care[]) => seen.filter((each) => what.includes(each)).length
    const [found, adopted, started] = [seen.length, count('runs', 'found'), count('started')]
    log.info(
      { found, adopted, started },
      `${found} instances on this machine: ${adopted} were running and are adopted, ${started} were started`,
    )
    cancel = clock.at(clock.now() + WATCH_MS, () => void again())
  }

  return {
    watch() {
      watching = true
      void first()
    },
    unwatch() {
      watching = false
      cancel()
    },
  }
}
