/**
 * The loop that makes it so. It is woken by commits that made marks, by the clock, and by a periodic sweep; the waking is a
 * hint, correctness rests on the marks in the store. Marks are claimed by lease, several clusters at a time, each key by one
 * worker; a failed key comes back later with jitter and does not hold up the others.
 */
import { backoffMs } from '../kernel/backoff.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import { unsettledStates } from '../domain/cluster/lifecycle.ts'
import { Conflict, type Mark, type Store } from '../store/port.ts'
import { limits } from '../limits.ts'
import type { Outcome } from './cluster/cluster.ts'

export interface Reconciler {
  readonly kind: Mark['kind']
  reconcile(id: string): Promise<Outcome>
}

export interface LoopCounts {
  reconciled: number
  failed: number
  /** Work that only the sweep found: a mark was lost somewhere. Stays at zero. */
  swept: number
}

export interface Loop {
  start(): void
  /** Takes every step that is due now, and those that they make due at once; for tests and for clients in manual mode. */
  drain(): Promise<void>
  /** Marks every unsettled document that has no mark; returns how many it found. */
  sweep(): Promise<number>
  counts(): Readonly<LoopCounts>
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

/** How many lost marks one sweep repairs; the next one takes the rest. */
const SWEPT_MAX = 1000

export function reconcileLoop(options: LoopOptions): Loop {
  const { store, clock, log } = options
  const counts: LoopCounts = { reconciled: 0, failed: 0, swept: 0 }
  const timer = onlyTimer(clock)
  const sweepTimer = onlyTimer(clock)
  let running: Promise<void> | undefined
  let again = false
  let started = false

  /** One round at a time; a wake-up during a round asks for another one. */
  const run = (): Promise<void> => {
    again = true
    running ??= rounds().finally(() => (running = undefined))
    return running
  }
  const rounds = async () => {
    while (again) {
      again = false
      while (await stepDue(options, counts));
    }
    const next = await store.nextDueMs()
    if (started && next !== undefined) timer.set(next, wake)
  }
  const wake = () => {
    run().catch((problem: unknown) =>
      log.error({ err: problem }, 'reconciling failed; the sweep starts it again'),
    )
  }
  const sweepThenWake = () => {
    sweep(options, counts)
      .catch((problem: unknown) => log.error({ err: problem }, 'the sweep failed; it comes again'))
      .finally(() => {
        if (!started) return
        wake()
        sweepTimer.set(clock.now() + limits.sweepMs, sweepThenWake)
      })
  }
  store.onMark((dueMs) => {
    if (started) timer.set(Math.max(dueMs, clock.now() + limits.gatherMs), wake)
  })
  return {
    start() {
      started = true
      sweepThenWake()
    },
    drain: run,
    sweep: () => sweep(options, counts),
    counts: () => ({ ...counts }),
    async stop() {
      started = false
      timer.clear()
      sweepTimer.clear()
      await running
    },
  }
}

/** A timer of which only the earliest setting counts. */
function onlyTimer(clock: Clock): { set(atMs: number, task: () => void): void; clear(): void } {
  let cancel: (() => void) | undefined
  let setMs = Infinity
  const clear = () => {
    cancel?.()
    setMs = Infinity
  }
  return {
    clear,
    set(atMs, task) {
      if (atMs >= setMs) return
      clear()
      setMs = atMs
      cancel = clock.at(Math.max(atMs, clock.now()), () => {
        setMs = Infinity
        task()
      })
    },
  }
}

/** Claims what is due, takes one step of each, and puts each mark where its step left it. False when nothing was due. */
async function stepDue(options: LoopOptions, counts: LoopCounts): Promise<boolean> {
  const { store, clock } = options
  const due = await store.nextDueMs()
  if (due === undefined || due > clock.now()) return false
  const marks = await store.write((tx) =>
    tx.claim(clock.now(), limits.leaseMs, limits.reconcileAtOnce),
  )
  if (marks.length === 0) return false
  const outcomes = await Promise.all(marks.map((mark) => step(options, counts, mark)))
  await store.write(async (tx) => {
    for (const [at, mark] of marks.entries()) {
      const outcome = outcomes[at]
      if (outcome === undefined || outcome === 'failed') {
        await tx.postpone(
          mark,
          clock.now() + backoffMs(mark.attempt + 1, options.random.fraction()),
          true,
        )
      } else if (outcome.done) await tx.settle(mark)
      else await tx.postpone(mark, clock.now() + (outcome.againInMs ?? limits.pollMs), false)
    }
  })
  return true
}

async function step(
  options: LoopOptions,
  counts: LoopCounts,
  mark: Mark,
): Promise<Outcome | 'failed'> {
  counts.reconciled++
  try {
    const reconciler = options.reconcilers.find((each) => each.kind === mark.kind)
    return reconciler ? await reconciler.reconcile(mark.id) : { done: true }
  } catch (problem) {
    // A conflict means that a request changed the document meanwhile: look again, nothing is wrong.
    if (problem instanceof Conflict) return { done: false, againInMs: 0 }
    counts.failed++
    options.log.warn(
      { kind: mark.kind, id: mark.id, attempt: mark.attempt + 1, err: problem },
      'a reconcile step failed',
    )
    return 'failed'
  }
}

async function sweep({ store, clock, log }: LoopOptions, counts: LoopCounts): Promise<number> {
  const lost = await store.read((tx) => tx.unmarked('cluster', unsettledStates, SWEPT_MAX))
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
