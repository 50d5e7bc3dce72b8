/**
 * The workers of the loop. Whenever one is free, what is due is leased, the longest overdue first; each item is settled by itself
 * as its step ends, so that a slow step holds nobody up. Settlements that come in the same turn share one commit, because the
 * store batches writes. A document has one worker at a time: when a step takes longer than its lease and nobody else has taken the
 * item, the worker continues under a new lease.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import { limits } from '../limits.ts'
import type { Store, Writer } from '../store/port.ts'
import type { LeaseRequest, WorkItem } from '../store/work-item.ts'
import type { Completion } from './cluster/step.ts'

/** Completes or requeues the item; false when its lease was lost. */
export type Settlement = (tx: Writer, item: WorkItem) => Promise<boolean>

export interface WorkerPoolOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  /**
   * Takes one step of an item and says what becomes of it, or, when the step settled it with what it recorded, whether it still had its
   * lease. Does not reject.
   */
  readonly step: (item: WorkItem, complete: Completion) => Promise<Settlement | boolean>
  /** Called when nothing is due, with the service time at which something will be; undefined when there is no work. */
  readonly onRest: (nextMs: number | undefined) => void
  /** Called when no step is under way any more. */
  readonly onIdle: () => void
  /** Called when a step ended without its lease: its outcome was thrown away. */
  readonly onLost: (item: WorkItem) => void
}

export interface WorkerPool {
  /** Whether no step is under way. */
  isIdle(): boolean
  /** Looks for work that is due; to be called whenever there may be some. Never waits. */
  wake(): void
  /**
   * Resolves when nothing is due and no step is under way. Rejects then if the store failed meanwhile: work that was leased stays
   * so until its lease ends.
   */
  idle(): Promise<void>
  /** Leases no more until `resume`; resolves when the steps under way have ended, however they did. */
  halt(): Promise<void>
  resume(): void
}

export function workerPool(options: WorkerPoolOptions): WorkerPool {
  const { clock, log } = options
  let leasing = false
  let again = false
  let halted = false
  let problem: unknown
  let waiters: PromiseWithResolvers<void>[] = []

  const onProblem = (cause: unknown) => {
    problem ??= cause
    log.error({ err: cause }, 'the store failed under the reconcile loop; it tries again')
  }
  const wake = () => {
    again = true
    if (!leasing) void fill()
  }
  /** Work that is enqueued while workers are free is announced by itself, and batched; this is for all else. */
  const onFree = () => {
    if (workers.areIdle()) options.onIdle()
    if (again || waiters.length > 0 || problem !== undefined) wake()
  }
  const workers = workersOf(options, { onFree, onProblem })
  const mayLease = () => !halted && workers.free() > 0
  /** Whether something was due, so that more may be. */
  const leaseOnce = async (): Promise<boolean> => {
    try {
      const { nextMs, noneEnded } = await nextStep(options)
      const isDue = nextMs !== undefined && nextMs <= clock.now()
      if (!isDue) options.onRest(nextMs)
      else
        for (const item of await leaseDue(options, { limit: workers.free(), noneEnded }))
          workers.begin(item)
      return isDue
    } catch (cause) {
      onProblem(cause)
      options.onRest(clock.now() + limits.pollMs)
      return false
    }
  }
  const fill = async () => {
    leasing = true
    while (again && mayLease()) {
      again = false
      if (await leaseOnce()) again = true
    }
    // In one turn with the last look at `again`: a wake-up from here on starts over.
    leasing = false
    if (!workers.areIdle()) return
    const [resting, cause] = [waiters, problem]
    waiters = []
    problem = undefined
    for (const { resolve, reject } of resting) {
      if (cause === undefined) resolve()
      else reject(cause)
    }
  }
  const idle = () => {
    const waiter = Promise.withResolvers<void>()
    waiters.push(waiter)
    wake()
    return waiter.promise
  }
  return {
    isIdle: workers.areIdle,
    wake,
    idle,
    halt() {
      halted = true
      // That the store failed is known; a server that stops has more to close.
      return idle().catch(() => {})
    },
    resume: () => void (halted = false),
  }
}

/** An item whose step is under way. */
interface Held {
  item: WorkItem
  /** As it was when its step settled it. */
  ended?: WorkItem
}

interface Workers {
  /** How many more items can be begun. */
  free(): number
  areIdle(): boolean
  begin(item: WorkItem): void
}

/** Takes the steps. `onFree` is called as each worker becomes free, `onProblem` when an outcome could not be written. */
function workersOf(
  { store, clock, log, step, onLost }: WorkerPoolOptions,
  { onFree, onProblem }: { onFree(): void; onProblem(cause: unknown): void },
): Workers {
  /** The items whose steps are under way, by document. */
  const running = new Map<string, Held>()
  let settling = 0

  const settled = async (settlement: Settlement | boolean, { item, ended }: Held) => {
    if (typeof settlement !== 'boolean') return store.write((tx) => settlement(tx, item))
    if (item === ended) return settlement
    // Enqueued and leased again before the step that had settled it was over: it takes another one.
    return store.write((tx) => tx.requeue(item, clock.now(), false))
  }
  const work = async (key: string, held: Held) => {
    const settlement = await step(held.item, (tx, againAtMs) => {
      held.ended = held.item
      return againAtMs === undefined
        ? tx.complete(held.item)
        : tx.requeue(held.item, againAtMs, false)
    })
    running.delete(key)
    settling++
    try {
      if (!(await settled(settlement, held))) onLost(held.item)
    } catch (cause) {
      onProblem(cause)
    }
    settling--
    onFree()
  }
  return {
    free: () => limits.reconcileAtOnce - running.size - settling,
    areIdle: () => running.size + settling === 0,
    begin(item) {
      const key = `${item.kind}/${item.id}`
      const held = running.get(key)
      if (held) {
        if (!held.ended)
          log.warn({ kind: item.kind, id: item.id }, 'a reconcile step takes longer than its lease')
        // With the version of the first lease: what was enqueued since must survive the completion.
        held.item = { ...held.item, token: item.token }
        return
      }
      const begun = { item }
      running.set(key, begun)
      void work(key, begun)
    },
  }
}

function leaseDue(
  { store, clock }: Pick<WorkerPoolOptions, 'store' | 'clock'>,
  it: Pick<LeaseRequest, 'limit' | 'noneEnded'>,
): Promise<readonly WorkItem[]> {
  const { leaseMs } = limits
  return store.write((tx) => tx.lease({ ...it, nowMs: clock.now(), wallMs: clock.wall(), leaseMs }))
}

interface NextStep {
  /** The service time at which there is something to lease, if nobody moves service time until then. */
  readonly nextMs: number | undefined
  /** Every lease continues. */
  readonly noneEnded: boolean
}

async function nextStep({
  store,
  clock,
}: Pick<WorkerPoolOptions, 'store' | 'clock'>): Promise<NextStep> {
  const dueMs = await store.nextDueMs()
  const leaseEndMs = await store.nextLeaseEndMs()
  if (leaseEndMs === undefined) return { nextMs: dueMs, noneEnded: true }
  const leftMs = leaseEndMs - clock.wall()
  return { nextMs: Math.min(dueMs ?? Infinity, clock.now() + leftMs), noneEnded: leftMs > 0 }
}
