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

export interface Refresher {
  /** Resolves when the view was refreshed; rejects with what went wrong. */
  request(viewId: number, part?: RefreshPart): Promise<void>
  /** Looks at the views' intervals again, after one was made or changed. */
  reschedule(): void
  /** Rows of these tables changed. */
  changed(tableIds: readonly number[]): void
  /** Resolves when nothing runs any more; nothing starts afterwards. */
  stop(): Promise<void>
}

export interface RefresherOptions {
  readonly store: CatalogStore
  readonly clock: Clock
  readonly log: Logger
  /** Does one refresh; also records a failure. */
  refresh(view: TableEntry, part?: RefreshPart): Promise<void>
}

/** Changes come in bursts: the rows of a burst are computed once. */
const AFTER_CHANGE_MS = 1000

export function refresher(options: RefresherOptions): Refresher {
  const { store, clock, log } = options
  const waiting = new Map<number, Promise<void>>()
  let last: Promise<unknown> = Promise.resolve()
  let cancelDue: (() => void) | undefined
  let cancelBurst: (() => void) | undefined
  const touched = new Set<number>()
  let stopped = false

  const views = () =>
    [...store.current.entries.values()].filter(
      (entry) => entry.kind === 'materialized view' && entry.view?.active === true,
    ) as TableEntry[]

  const request = (viewId: number, part?: RefreshPart): Promise<void> => {
    const same = part ? undefined : waiting.get(viewId)
    if (same) return same
    const before = last
    const mine = (async () => {
      await before.catch(() => undefined)
      if (!part) waiting.delete(viewId)
      const view = store.current.entries.get(viewId)
      if (!stopped && view?.kind === 'materialized view') await options.refresh(view, part)
    })()
    if (!part) waiting.set(viewId, mine)
    last = mine.catch(() => undefined)
    return mine
  }
  const quietly = (viewId: number) => {
    request(viewId).catch((error: unknown) => {
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
      await last
    },
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
