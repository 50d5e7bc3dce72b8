/** Which of the vendors' declared actions are built. The same lists become docs/generated/coverage.md. */
import type { Dialect } from '../gateway/dialect.ts'
import type { AdminContext } from './context.ts'
import { json, type Page } from './page.ts'

/** The names of all actions that a vendor declares, by dialect and product. */
export type DeclaredActions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

export interface Coverage {
  readonly dialect: string
  readonly product: string
  readonly declared: number
  readonly built: readonly string[]
  readonly unbuilt: readonly string[]
}

export function coverageOf(
  dialects: readonly Dialect[],
  declared: DeclaredActions,
): readonly Coverage[] {
  return dialects.flatMap(({ name, actions }) =>
    Object.entries(declared[name] ?? {}).map(([product, all]) => {
      const own = actions.filter((action) => action.product === product)
      const built = own.map((action) => action.name).sort()
      const unbuilt = all.filter((action) => !built.includes(action)).sort()
      return { dialect: name, product, declared: all.length, built, unbuilt }
    }),
  )
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
