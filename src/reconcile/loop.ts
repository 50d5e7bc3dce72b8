/**
 * The reconcile loop. It is woken by commits that enqueued work, by the clock, and by a periodic sweep; the waking is a hint,
 * correctness rests on the work items in the store. Items are leased, several at a time, each by one worker; one that failed
 * comes back later with jitter and does not hold up the others. The outcome of a step whose lease was lost is thrown away: the
 * new holder decides.
 */
import { backoffMs } from '../kernel/backoff.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Random } from '../kernel/random.ts'
import { statesWhere } from '../domain/cluster/lifecycle.ts'
import { Conflict, type Store, type Writer } from '../store/port.ts'
import type { WorkItem } from '../store/work-item.ts'
import { limits } from '../limits.ts'
import type { Outcome } from './cluster/step.ts'

export interface Reconciler {
  readonly kind: WorkItem['kind']
  reconcile(id: string): Promise<Outcome>
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
  /** Takes every step that is due now, and those that they make due at once; for tests and for clients in manual mode. */
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

/** How many lost work items one sweep repairs; the next one takes the rest. */
const SWEPT_MAX = 1000

export function reconcileLoop(options: LoopOptions): Loop {
  const { store, clock, log } = options
  const counts: LoopCounts = { reconciled: 0, failed: 0, swept: 0, lost: 0 }
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
    const next = await nextStepMs(options)
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
  store.onEnqueue((dueMs) => {
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

/** The service time at which there is something to lease, provided that nobody moves it meanwhile. */
async function nextStepMs({ store, clock }: LoopOptions): Promise<number | undefined> {
  const dueMs = await store.nextDueMs()
  const leaseEndMs = await store.nextLeaseEndMs()
  if (leaseEndMs === undefined) return dueMs
  return Math.min(dueMs ?? Infinity, clock.now() + leaseEndMs - clock.wall())
}

/** Leases what is due, takes one step of each, and puts each item where its step left it. False when nothing was due. */
async function stepDue(options: LoopOptions, counts: LoopCounts): Promise<boolean> {
  const { store, clock, log } = options
  const next = await nextStepMs(options)
  if (next === undefined || next > clock.now()) return false
  const items = await store.write((tx) =>
    tx.lease({
      nowMs: clock.now(),
      wallMs: clock.wall(),
      leaseMs: limits.leaseMs,
      limit: limits.reconcileAtOnce,
    }),
  )
  if (items.length === 0) return false
  const outcomes = await Promise.all(items.map((item) => step(options, counts, item)))
  const held = await store.write(async (tx) => {
    const answers: boolean[] = []
    for (const [at, item] of items.entries())
      answers.push(await settle(tx, item, outcomes[at] ?? 'failed', options))
    return answers
  })
  for (const [at, { kind, id }] of items.entries()) {
    if (held[at] === true) continue
    counts.lost++
    log.debug({ kind, id }, 'the lease of a step was lost before it ended; its outcome is dropped')
  }
  return true
}

/** Whether the lease was still held. */
function settle(
  tx: Writer,
  item: WorkItem,
  outcome: Outcome | 'failed',
  { clock, random }: LoopOptions,
): Promise<boolean> {
  if (outcome === 'failed') {
    const waitMs = backoffMs(item.attempt + 1, random.fraction())
    return tx.requeue(item, clock.now() + waitMs, true)
  }
  if (outcome.done) return tx.complete(item)
  return tx.requeue(item, clock.now() + (outcome.againInMs ?? limits.pollMs), false)
}

async function step(
  options: LoopOptions,
  counts: LoopCounts,
  item: WorkItem,
): Promise<Outcome | 'failed'> {
  counts.reconciled++
  try {
    const reconciler = options.reconcilers.find((each) => each.kind === item.kind)
    return reconciler ? await reconciler.reconcile(item.id) : { done: true }
  } catch (problem) {
    // A conflict means that a request changed the document meanwhile: look again, nothing is wrong.
    if (problem instanceof Conflict) return { done: false, againInMs: 0 }
    counts.failed++
    options.log.warn(
      { kind: item.kind, id: item.id, attempt: item.attempt + 1, err: problem },
      'a reconcile step failed',
    )
    return 'failed'
  }
}

async function sweep({ store, clock, log }: LoopOptions, counts: LoopCounts): Promise<number> {
  const lost = await store.read((tx) =>
    tx.unqueued(
      'cluster',
      statesWhere(({ settled }) => !settled),
      SWEPT_MAX,
    ),
  )
  if (lost.length > 0) {
    counts.swept += lost.length
    log.warn({ found: lost.length }, 'the sweep found work that no work item stood for')
    await store.write(async (tx) => {
      for (const id of lost) await tx.enqueue('cluster', id, clock.now())
    })
  }
  await store.write((tx) => tx.prune(clock.now(), clock.now() - limits.auditMs))
  return lost.length
}
