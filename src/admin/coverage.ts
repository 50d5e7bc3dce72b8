/** Which of the vendors' declared actions are built. The same lists become docs/generated/coverage.md. */
import type { Dialect } from '../gateway/dialect.ts'
import type { AdminContext } from './context.ts'
import { json, type Page } from './page.ts'

/** The names of all actions that a vendor declares, by dialect. */
export type DeclaredActions = Readonly<Record<string, readonly string[]>>

export interface Coverage {
  readonly dialect: string
  readonly declared: number
  readonly built: readonly string[]
  readonly unbuilt: readonly string[]
}

export function coverageOf(
  dialects: readonly Dialect[],
  declared: DeclaredActions,
): readonly Coverage[] {
  return dialects.map(({ name, actions }) => {
    const all = declared[name] ?? []
    const built = actions.map((action) => action.name).sort()
    const unbuilt = all.filter((action) => !built.includes(action)).sort()
    return { dialect: name, declared: all.length, built, unbuilt }
  })
}

export function actionsPage({
  dialects,
  declared,
}: Pick<AdminContext, 'dialects' | 'declared'>): Page {
  return {
    method: 'GET',
    path: '/_emrys/actions',
    does: 'which declared actions are built',
    open: true,
    run: async () => json({ dialects: coverageOf(dialects, declared) }),
  }
}
