/**
 * What the API server refuses for good before anything of a cluster is there that could hold it (refused-note.ts): the namespace itself,
 * or the note in it. It is kept here, and whoever forgets it asks again and is refused again.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Seen, GroupProblem, Wanted } from '../port.ts'
import { ApiProblem } from './api-problem.ts'
import { NamespaceShort } from './namespace.ts'

export interface Refusals {
  /** Throws what is worth another try. */
  heed(wanted: Wanted, apply: () => Promise<void>): Promise<void>
  shown(id: string, seen: Seen): Seen
  forget(id: string): void
}

/** Nobody says when a cluster is given up that never came to be. */
const KEPT_MAX = 1_000

function isLasting(problem: unknown): problem is Error {
  return (problem instanceof ApiProblem && problem.persists) || problem instanceof NamespaceShort
}

interface Refusal {
  readonly groups: readonly string[]
  readonly problem: GroupProblem
}

export function refusals(clock: Clock): Refusals {
  const kept = new Map<string, Refusal>()
  return {
    async heed({ id, spec }, apply) {
      try {
        await apply()
        kept.delete(id)
      } catch (error) {
        if (!isLasting(error)) throw error
        const { message: reason } = error
        const was = kept.get(id)?.problem
        const sinceMs = was?.reason === reason ? was.sinceMs : clock.now()
        kept.delete(id)
        const problem = { kind: 'refused', reason, sinceMs, persists: true } as const
        kept.set(id, { groups: spec.groups.map((group) => group.id), problem })
        const [oldest] = kept.keys()
        if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
      }
    },
    shown(id, seen) {
      const refusal = kept.get(id)
      if (!refusal) return seen
      const { problem } = refusal
      const known = new Map(seen.groups.map((group) => [group.id, group]))
      const missing = refusal.groups.filter((group) => !known.has(group))
      const groups = [...seen.groups, ...missing.map((group) => ({ id: group, nodes: [] }))]
      return {
        ...seen,
        generation: 0,
        groups: groups.map((group) => ({ ...group, problem })),
      }
    },
    forget: (id) => void kept.delete(id),
  }
}
