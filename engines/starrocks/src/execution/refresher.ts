/**
 * Refreshes materialized views, one at a time: when asked, when an interval has passed, and for ASYNC views without an
 * interval some time after the rows of a table below changed. Requests for a view that already waits are joined.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { CatalogStore } from '../catalog/catalog-store.ts'
import type { TableEntry } from '../catalog/catalog.ts'
import type { RefreshPart } from '../sql/ast-definition.ts'
import { stepValue } from '../catalog/partition-value.ts'
import { SqlError } from '../session.ts'
import { announcement } from './guard.ts'
import type { Guard } from './guard.ts'

export interface Refresher {
  /** Resolves when the view was refreshed; rejects with what went wrong. A refresh that all who asked for it were cancelled ends. */
  request(viewId: number, asked?: AskedRefresh): Promise<void>
  /** Ends the refreshes of the view, those that wait for their turn too. */
  cancel(viewId: number): void
  /** Looks at the views' intervals again, after one was made or changed. */
  reschedule(): void
  /** Rows of these tables changed. */
  changed(tableIds: readonly number[]): void
  /** Resolves when nothing runs any more; nothing starts afterwards. */
  stop(): Promise<void>
}

export interface AskedRefresh {
  readonly part?: RefreshPart | undefined
  /** By a change or an interval: `auto_refresh_partitions_limit` holds. */
  readonly automatic?: boolean
  /** Of the statement that waits for it. */
  readonly guard?: Pick<Guard, 'onCancel'>
}

export interface RefresherOptions {
  readonly store: CatalogStore
  readonly clock: Clock
  readonly log: Logger
  /** Does one refresh; also records a failure. */
  refresh(view: TableEntry, options: RefreshOptions): Promise<void>
}

export interface RefreshOptions extends Pick<AskedRefresh, 'part'> {
  readonly automatic: boolean
  /** Called once with the reason; at once when it was cancelled before. */
  readonly onCancel: Guard['onCancel']
}

/** Changes come in bursts: the rows of a burst are computed once. */
const AFTER_CHANGE_MS = 1000

export function refresher(options: RefresherOptions): Refresher {
  const { store, clock, log } = options
  let cancelDue: (() => void) | undefined
  let cancelBurst: (() => void) | undefined
  const touched = new Set<number>()
  let stopped = false

  const views = () =>
    [...store.current.entries.values()].filter(
      (entry) => entry.kind === 'materialized view' && entry.view?.active === true,
    ) as TableEntry[]

  const { request, cancel, over } = requests(options, () => stopped)
  const quietly = (viewId: number) => {
    request(viewId, { automatic: true }).catch((error: unknown) => {
      log.warn({ view: viewId, reason: String(error) }, 'a materialized view was not refreshed')
    })
  }
  const reschedule = () => {
    cancelDue?.()
    if (stopped) return
    const due = views()
      .map((view) => ({ view, atMs: nextDue(view, clock.now()) }))
      .filter((entry): entry is { view: TableEntry; atMs: number } => entry.atMs !== undefined)
    const first = Math.min(...due.map((entry) => entry.atMs))
    if (!Number.isFinite(first)) return
    cancelDue = clock.at(first, () => {
      for (const { view, atMs } of due) if (atMs <= clock.now()) quietly(view.id)
      reschedule()
    })
  }
  return {
    request,
    cancel,
    reschedule,
    changed(tableIds) {
      for (const id of tableIds) touched.add(id)
      if (stopped || cancelBurst) return
      cancelBurst = clock.at(clock.now() + AFTER_CHANGE_MS, () => {
        cancelBurst = undefined
        for (const view of views()) {
          const { refresh, baseVersions = {} } = view.view ?? {}
          const follows = refresh?.scheme === 'async' && !refresh.every
          if (follows && [...touched].some((id) => String(id) in baseVersions)) quietly(view.id)
        }
        touched.clear()
      })
    },
    async stop() {
      stopped = true
      cancelDue?.()
      cancelBurst?.()
      await over()
    },
  }
}

/** One after the other; one for a view that already waits is joined to it. */
function requests({ store, refresh }: RefresherOptions, isStopped: () => boolean) {
  const waiting = new Map<number, Requested>()
  /** Of each view, those that run or wait. */
  const asked = new Map<number, Set<ReturnType<typeof joined>>>()
  let last: Promise<unknown> = Promise.resolve()
  const request: Refresher['request'] = (viewId, { part, automatic = false, guard } = {}) => {
    const same = part ? undefined : waiting.get(viewId)
    // An automatic one may be of less than what somebody asks for.
    if (same && (automatic || !same.automatic)) {
      same.join(guard)
      return same.refreshed
    }
    const before = last
    const asking = joined(guard)
    const { join, onCancel, ended } = asking
    const refreshed = (async () => {
      try {
        await Promise.race([before, ended])
      } finally {
        if (waiting.get(viewId)?.join === join) waiting.delete(viewId)
      }
      const view = store.current.entries.get(viewId)
      if (!isStopped() && view?.kind === 'materialized view')
        await refresh(view, { part, automatic, onCancel })
    })()
    if (!part) waiting.set(viewId, { refreshed, join, automatic })
    const ofView = asked.get(viewId) ?? new Set()
    asked.set(viewId, ofView.add(asking))
    // One that is cancelled before its turn ends before those that it waits for.
    last = Promise.allSettled([before, refreshed]).finally(() => {
      ofView.delete(asking)
      if (ofView.size === 0) asked.delete(viewId)
    })
    return refreshed
  }
  const cancel: Refresher['cancel'] = (viewId) => {
    waiting.delete(viewId)
    for (const each of asked.get(viewId) ?? []) each.cancel()
  }
  return { request, cancel, over: () => last }
}

interface Requested {
  readonly automatic: boolean
  readonly refreshed: Promise<void>
  join(guard: AskedRefresh['guard']): void
}

/** Those that ask for one refresh: it is cancelled when all of them are. */
function joined(first: AskedRefresh['guard']) {
  const cancelled = announcement<SqlError>()
  let asking = 0
  const ended = new Promise<never>((_, reject) => cancelled.listen(reject))
  ended.catch(() => undefined)
  const join = (guard: AskedRefresh['guard']) => {
    asking++
    guard?.onCancel((error) => {
      asking--
      if (asking === 0) cancelled.announce(error)
    })
  }
  join(first)
  return {
    join,
    onCancel: cancelled.listen,
    cancel: () => cancelled.announce(new SqlError('kill TaskRun', 1317, '70100')),
    /** Rejects when it is cancelled. */
    ended,
  }
}

/** When an ASYNC view with an interval is to be refreshed next; undefined when it has none. */
function nextDue(view: TableEntry, nowMs: number): number | undefined {
  const { refresh, createdMs } = { ...view.view, createdMs: view.createdMs }
  if (refresh?.scheme !== 'async' || !refresh.every) return undefined
  const { count, unit } = refresh.every
  const startMs =
    refresh.start === undefined ? createdMs : Date.parse(`${refresh.start.replace(' ', 'T')}Z`)
  const intervalMs = intervalOf(count, unit.toLowerCase())
  if (Number.isNaN(startMs) || startMs > nowMs) return Number.isNaN(startMs) ? undefined : startMs
  return startMs + (Math.floor((nowMs - startMs) / intervalMs) + 1) * intervalMs
}

/** Months count as 30 days here: StarRocks allows units up to DAY and MONTH for EVERY. */
function intervalOf(count: number, unit: string): number {
  const type = { kind: 'datetime' } as const
  const zero = '2000-01-01 00:00:00'
  const name = unit.replace(/s$/, '')
  const next = stepValue(zero, type, count, name)
  return Math.max(
    1000,
    Date.parse(`${next.replace(' ', 'T')}Z`) - Date.parse(`${zero.replace(' ', 'T')}Z`),
  )
}
