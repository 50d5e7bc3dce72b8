/**
 * What was changed of time, paces and faults through this server since it started, and which calls met a fault: for those who ask afterwards why
 * something went as it did. In memory and bounded; none of these pages takes a secret.
 */
import { limits } from '../limits.ts'
import type { AdminContext } from './context.ts'
import { json, timeOf, type Page } from './page.ts'

export interface HistoryRow {
  readonly at: string
  readonly atMs: number
  /** What was asked of a page, or the dependency that a call found failing. */
  readonly what: string
  readonly members: Readonly<Record<string, unknown>>
}

export interface History {
  readonly page: Page
  /** To be called when a page has done what it was asked. */
  note(request: { readonly method: string; readonly path: string; readonly members: object }): void
}

const KEPT = /^\/_emrys\/(clock|progression|faults|script-faults|node-faults)(\/|$)/

export function history({
  clock,
  dependencies,
}: Pick<AdminContext, 'clock' | 'dependencies'>): History {
  const changes: { atMs: number; what: string; members: object }[] = []
  const rows = (): readonly HistoryRow[] =>
    [
      ...changes,
      ...dependencies.met().map(({ atMs, dependency, ...members }) => ({
        atMs,
        what: dependency,
        members,
      })),
    ]
      .toSorted((one, other) => other.atMs - one.atMs)
      .slice(0, limits.faultHistory)
      .map(({ atMs, what, members }) => ({ at: timeOf(atMs), atMs, what, members: { ...members } }))
  return {
    page: {
      method: 'GET',
      path: '/_emrys/history',
      does: 'what was changed of time, paces and faults since the server started, and which calls met a fault; the latest first',
      run: async () => json({ history: rows() }),
    },
    note({ method, path, members }) {
      if (method === 'GET' || !KEPT.test(path)) return
      changes.unshift({ atMs: clock.now(), what: `${method} ${path}`, members })
      changes.splice(limits.faultHistory)
    },
  }
}
