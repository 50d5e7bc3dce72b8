/** The log of a cluster's engine, for engines on this machine: its last lines, and then, page by page, what was added since. */
import type { AdminContext } from './context.ts'
import { AdminProblem, json, wholeOf, type Page } from './page.ts'

/** What `GET /_emrys/clusters/{name}/log` answers. */
export interface LogAnswer {
  readonly cluster: string
  /** Whole lines, as the engine wrote them. */
  readonly text: string
  /** Pass it as `after` for what is added later. */
  readonly next: string
  /** Between `after` and this text, lines were deleted by rotation. */
  readonly gap: boolean
}

/** Enough for a screen, and for a look back of a day. */
const LINES_DEFAULT = 100
const LINES_MAX = 10_000

export function logPage({ store, substrates }: Pick<AdminContext, 'store' | 'substrates'>): Page {
  return {
    method: 'GET',
    path: '/_emrys/clusters/{name}/log',
    does: "the log of a cluster's engine: its last lines, or what came after a place in it",
    query: ['lines', 'after', 'component'],
    async run({ name, query }) {
      const lines = wholeOf(query, 'lines', { min: 1, max: LINES_MAX })
      const after = query.get('after')
      if (after !== null && lines !== undefined)
        throw new AdminProblem('lines and after exclude each other')
      if (after !== null && !/^\d{1,20}-\d{1,15}$/.test(after))
        throw new AdminProblem('after must be the `next` of an earlier answer')
      const found = await store.read((tx) => tx.findById('cluster', name))
      if (!found) throw new AdminProblem(`there is no cluster ${name}`, 404)
      const component = query.get('component')
      const role = component === null ? {} : { role: component }
      const asked = { ...(after === null ? { lines: lines ?? LINES_DEFAULT } : { after }), ...role }
      const { substrate, status, product } = found.document
      const driver = substrates.get(substrate)
      const part = driver?.logs?.(name, asked)
      if (!driver?.logs)
        throw new AdminProblem(
          `${name} is ${status.state} on ${substrate}, which keeps no logs; the setting substrate.${product} says what carries new clusters`,
          404,
        )
      if (!part) {
        const roles = new Set((driver?.logSources?.(name) ?? []).map((source) => source.role))
        const of = component === null ? '' : `of ${component} `
        const has =
          component === null || roles.size === 0 ? '' : `; it has ${[...roles].join(', ')}`
        throw new AdminProblem(
          `${name} is ${status.state} on ${substrate}, and has no log ${of}here${has}`,
          404,
        )
      }
      return json({ cluster: name, ...part } satisfies LogAnswer)
    },
  }
}
