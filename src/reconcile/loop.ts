/**
 * The loop that makes it so. It is woken by commits that made marks, by the clock, and by a periodic sweep; the waking is a
 * hint, correctness rests on the marks in the store. Marks are claimed by lease, several clusters at a time, each key by one
 * worker; a failed key comes back later with jitter and does not hold up the others.
 */
import { backoffMs } from '../kernel/backoff.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import { unsettledStates } from '../domain/cluster.ts'
import { Conflict, type Mark, type Store } from '../store/store.ts'
import { limits } from '../limits.ts'
import type { Outcome } from './cluster.ts'

export interface Reconciler {
  readonly kind: Mark['kind']
  reconcile(id: string): Promise<Outcome>
}

export interface LoopCounts {
  readonly reconciled: number
  readonly failed: number
  /** Work that only the sweep found: a mark was lost somewhere. Stays at zero. */
  readonly swept: number
}

export interface Loop {
  start(): void
  /** Takes every step that is due now, and those that they make due at once; for tests and for clients in manual mode. */
  drain(): Promise<void>
  /** Marks every unsettled document that has no mark; returns how many it found. */
  sweep(): Promise<number>
  counts(): LoopCounts
  /** Lets the steps under way end and starts no more. */
  stop(): Promise<void>
}

export interface LoopOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly reconcilers: readonly Reconciler[]
}

export function reconcileLoop(options: LoopOptions): Loop {
  const { store, clock, random, log } = options
  const reconcilers = new Map(options.reconcilers.map((each) => [each.kind, each]))
  const counts = { reconciled: 0, failed: 0, swept: 0 }
  let running: Promise<void> | undefined
  let again = false
  let started = false
  let cancelTimer = () => {}
  let cancelSweep = () => {}
  let timerAtMs = Infinity

  const wakeAt = (atMs: number) => {
    if (!started || atMs >= timerAtMs) return
    cancelTimer()
    timerAtMs = atMs
    cancelTimer = clock.at(Math.max(atMs, clock.now()), () => {
      timerAtMs = Infinity
      wake()
    })
  }
  const wake = () => {
    run().catch((problem: unknown) =>
      log.error({ err: problem }, 'the reconcile loop failed; the sweep will start it again'),
    )
  }

  /** One round at a time; a wake-up during a round asks for another one. */
  const run = (): Promise<void> => {
    again = true
    running ??= rounds().finally(() => (running = undefined))
    return running
  }

  const rounds = async () => {
    while (again) {
      again = false
      let marks: readonly Mark[]
      do {
        marks = await claim()
        await settleAll(marks, await Promise.all(marks.map(step)))
      } while (marks.length > 0)
    }
    const next = await store.nextDueMs()
    if (next !== undefined) wakeAt(next)
  }

  const claim = async (): Promise<readonly Mark[]> => {
    const due = await store.nextDueMs()
    if (due === undefined || due > clock.now()) return []
    return store.write((tx) => tx.claim(clock.now(), limits.leaseMs, limits.reconcileAtOnce))
  }

  const step = async (mark: Mark): Promise<Outcome | 'failed'> => {
    counts.reconciled++
    try {
      const reconciler = reconcilers.get(mark.kind)
      return reconciler ? await reconciler.reconcile(mark.id) : { done: true }
    } catch (problem) {
      // A conflict means that a request changed the document meanwhile: look again, nothing is wrong.
      if (problem instanceof Conflict) return { done: false, againInMs: 0 }
      counts.failed++
      log.warn(
        { kind: mark.kind, id: mark.id, attempt: mark.attempt + 1, err: problem },
        'a reconcile step failed',
      )
      return 'failed'
    }
  }

  const settleAll = async (marks: readonly Mark[], outcomes: readonly (Outcome | 'failed')[]) => {
    if (marks.length === 0) return
    await store.write(async (tx) => {
      for (const [at, mark] of marks.entries()) {
        const outcome = outcomes[at]
        if (outcome === undefined || outcome === 'failed') {
          await tx.postpone(
            mark,
            clock.now() + backoffMs(mark.attempt + 1, random.fraction()),
            true,
          )
        } else if (outcome.done) await tx.settle(mark)
        else
          await tx.postpone(
            mark,
            clock.now() + (outcome.againInMs ?? backoffMs(4, random.fraction())),
            false,
          )
      }
    })
  }

  const sweep = async (): Promise<number> => {
    const lost = await store.read((tx) => tx.unmarked('cluster', unsettledStates, 1000))
    if (lost.length > 0) {
      counts.swept += lost.length
      log.warn({ found: lost.length }, 'the sweep found work that no mark asked for')
      await store.write(async (tx) => {
        for (const id of lost) await tx.mark('cluster', id, clock.now())
      })
    }
    await store.write((tx) => tx.prune(clock.now(), clock.now() - limits.auditMs))
    return lost.length
  }

  const sweepLater = () => {
    cancelSweep = clock.at(clock.now() + limits.sweepMs, () => {
      void sweep()
        .catch((problem: unknown) => log.error({ err: problem }, 'the sweep failed'))
        .finally(() => {
          wake()
          if (started) sweepLater()
        })
    })
  }

  store.onMark((dueMs) => {
    if (started) dueMs <= clock.now() ? wake() : wakeAt(dueMs)
  })

  return {
    start() {
      started = true
      void sweep().then(run, (problem: unknown) =>
        log.error({ err: problem }, 'the first sweep failed'),
      )
      sweepLater()
    },
    drain: run,
    sweep,
    counts: () => ({ ...counts }),
    async stop() {
      started = false
      cancelTimer()
      cancelSweep()
      await running
    },
  }
}
