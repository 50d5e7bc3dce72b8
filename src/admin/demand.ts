/** What the applications of a simulated cluster want, by request: strategies by load act on what its YARN can give of that. */
import type { AdminContext } from './context.ts'
import { idOf } from './node-fault.ts'
import { AdminProblem, json, type Page } from './page.ts'

/** Enough for any cluster, and far from where numbers are not exact. */
const MAX = 1_000_000

const MEMBERS = ['applications', 'containers', 'memoryMib', 'cores'] as const

export function demandPage({ store, setDemand }: Pick<AdminContext, 'store' | 'setDemand'>): Page {
  return {
    method: 'POST',
    path: '/_emrys/demands',
    does: 'what applications want of a simulated YARN: {"cluster":"…","applications":2,"containers":20,"memoryMib":2048,"cores":1}',
    members: ['cluster', ...MEMBERS],
    async run({ members }) {
      const id = idOf(members, 'cluster')
      const number = (name: (typeof MEMBERS)[number]) => numberOf(members, name)
      const demand = {
        applications: number('applications'),
        containers: number('containers'),
        memoryMib: number('memoryMib'),
        cores: number('cores'),
      }
      const found = await store.read((tx) => tx.findById('cluster', id))
      if (!found) throw new AdminProblem(`there is no cluster ${id}`, 404)
      const { substrate } = found.document
      const done = await setDemand(found.document, demand)
      if (done === undefined)
        throw new AdminProblem(`${id} runs on ${substrate}, where applications say what they want`)
      if (!done) throw new AdminProblem(`nothing of ${id} is there`, 404)
      return json({ cluster: id, ...demand })
    },
  }
}

function numberOf(members: Readonly<Record<string, unknown>>, name: string): number {
  const value = members[name]
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX)
    return value
  throw new AdminProblem(`${name} must be a whole number from 0 to ${MAX}`)
}
