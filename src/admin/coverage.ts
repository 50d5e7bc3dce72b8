/** Which of the vendors' declared actions are built. The same lists become docs/generated/coverage.md. */
import type { Dialect } from '../gateway/dialect.ts'
import { json, type Page } from './page.ts'

/** The names of all actions that a vendor declares, by dialect. */
export type Declared = Readonly<Record<string, readonly string[]>>

export interface Coverage {
  readonly dialect: string
  readonly declared: number
  readonly built: readonly string[]
  readonly unbuilt: readonly string[]
}

export function coverageOf(dialects: readonly Dialect[], declared: Declared): readonly Coverage[] {
  return dialects.map(({ name, actions }) => {
    const all = declared[name] ?? []
    const built = actions.map((action) => action.name).sort()
    const unbuilt = all.filter((action) => !built.includes(action)).sort()
    return { dialect: name, declared: all.length, built, unbuilt }
  })
}

export function actionsPage(options: {
  readonly dialects: readonly Dialect[]
  readonly declared: Declared
}): Page {
  return {
    method: 'GET',
    path: '/_emrys/actions',
    does: 'which declared actions are built',
    run: async () => json({ dialects: coverageOf(options.dialects, options.declared) }),
  }
}
