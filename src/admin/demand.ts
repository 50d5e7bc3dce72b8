/** What the applications of a simulated cluster want, by request: strategies by load act on what its YARN can give of that. */
import type { AdminContext } from './context.ts'
import { AdminProblem, idMember, json, wholeMember, type Page } from './page.ts'

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
      const id = idMember(members, 'cluster')
      const number = (name: (typeof MEMBERS)[number]) =>
        wholeMember(members, name, { min: 0, max: MAX })
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
