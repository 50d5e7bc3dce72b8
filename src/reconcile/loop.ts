/**
 * The reconcile loop. It is woken by commits that enqueued work, by the clock, and by a periodic sweep; the waking is a hint,
 * correctness rests on the work items in the store. A pool of workers takes the steps, each of one document; one that failed
 * comes back later with jitter and does not hold up the others. The outcome of a step whose lease was lost is thrown away: the
 * new holder decides.
 */
import { backoffMs } from '../kernel/backoff.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import { Conflict, type Store } from '../store/port.ts'
import type { WorkItem } from '../store/work-item.ts'
import { limits } from '../limits.ts'
import type { Completion, Outcome } from './cluster/step.ts'
import { sweep } from './sweep.ts'
import { workerPool, type Settlement } from './worker-pool.ts'

export interface Reconciler {
  readonly kind: WorkItem['kind']
  reconcile(id: string, complete: Completion): Promise<Outcome>
  /** Looks for what no work item leads to; with every sweep. */
  sweep?(): Promise<void>
}

export interface LoopCounts {
  reconciled: number
  failed: number
  /** Work that only the sweep found: a work item was lost somewhere. Stays at zero. */
  swept: number
  /** Steps whose lease was lost before they ended. */
  lost: number
}

export interface Loop {
  start(): void
  /**
   * Takes every step that is due now, and those that they make due at once; resolves when no step is under way any more. For
   * tests, for moving time, and for clients in manual mode. Rejects when the store failed.
   */
  drain(): Promise<void>
  /** Enqueues every unsettled document that has no work item; returns how many it found. */
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

export function reconcileLoop(options: LoopOptions): Loop {
  const { store, clock, log } = options
  const counts: LoopCounts = { reconciled: 0, failed: 0, swept: 0, lost: 0 }
  const timer = onlyTimer(clock)
  const sweepTimer = onlyTimer(clock)
  let started = false
  let wokenMs = -Infinity
  let gathers = false

  const pool = workerPool({
    store,
    clock,
    log,
    step: (item, complete) => step(options, counts, { item, complete }),
    onRest(nextMs) {
      if (started && nextMs !== undefined) timer.set(nextMs, pool.wake)
    },
    onIdle() {
      if (!started || !gathers) return
      timer.clear()
      wake()
    },
    onLost({ kind, id }) {
      counts.lost++
      log.debug({ kind, id }, 'a step ended without its lease; its outcome is thrown away')
    },
  })
  const wake = () => {
    wokenMs = clock.now()
    gathers = false
    pool.wake()
  }
  const sweepNow = async () => {
    const found = await sweep(options)
    counts.swept += found
    return found
  }
  const sweepThenWake = () => {
    sweepNow()
      .catch((problem: unknown) => log.error({ err: problem }, 'the sweep failed; it comes again'))
      .finally(() => {
        if (!started) return
        pool.wake()
        sweepTimer.set(clock.now() + limits.sweepMs, sweepThenWake)
      })
  }
  store.onEnqueue((dueMs) => {
    if (!started) return
    // Workers with nothing to do take new work at once; what comes thick and fast is gathered.
    gathers ||= dueMs <= clock.now() && !pool.isIdle()
    timer.set(Math.max(dueMs, pool.isIdle() ? dueMs : wokenMs + limits.gatherMs), wake)
  })
  return {
    start() {
      started = true
      pool.resume()
      sweepThenWake()
    },
    drain: pool.idle,
    sweep: sweepNow,
    counts: () => ({ ...counts }),
    async stop() {
      started = false
      timer.clear()
      sweepTimer.clear()
      await pool.halt()
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

/** One step of an item, and what becomes of the item by its outcome. */
async function step(
  { reconcilers, clock, random, log }: LoopOptions,
  counts: LoopCounts,
  { item, complete }: { readonly item: WorkItem; readonly complete: Completion },
): Promise<Settlement | boolean> {
  const { kind, id, attempt } = item
  counts.reconciled++
  try {
    const reconciler = reconcilers.find((each) => each.kind === kind)
    const outcome: Outcome = reconciler ? await reconciler.reconcile(id, complete) : { done: true }
    if (outcome.settled !== undefined) return outcome.settled
    if (outcome.done) return (tx, held) => tx.complete(held)
    const { againInMs = limits.pollMs, againAtMs } = outcome
    return (tx, held) => tx.requeue(held, againAtMs ?? clock.now() + againInMs, false)
  } catch (problem) {
    // A conflict means that a request changed the document meanwhile: look again, nothing is wrong.
    if (problem instanceof Conflict) return (tx, held) => tx.requeue(held, clock.now(), false)
    counts.failed++
    log.warn({ kind, id, attempt: attempt + 1, err: problem }, 'a reconcile step failed')
    const waitMs = backoffMs(attempt + 1, random.fraction())
    return (tx, held) => tx.requeue(held, clock.now() + waitMs, true)
  }
}
