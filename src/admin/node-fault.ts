/** Nodes that fail on request: where nothing runs really, a test says which process ends or hangs, and which node is lost. */
import { nodeFaults } from '../substrate/port.ts'
import type { AdminContext } from './context.ts'
import { AdminProblem, idMember, json, type Page } from './page.ts'

export function nodeFaultPage({
  store,
  clock,
  failNode,
}: Pick<AdminContext, 'store' | 'clock' | 'failNode'>): Page {
  return {
    method: 'POST',
    path: '/_emrys/node-faults',
    does: `lets a simulated node fail: {"cluster":"…","node":"…","fault":"${nodeFaults.join('|')}"}`,
    members: ['cluster', 'node', 'fault'],
    async run({ members }) {
      const [id, node] = [idMember(members, 'cluster'), idMember(members, 'node')]
      const fault = nodeFaults.find((each) => each === members['fault'])
      if (!fault) throw new AdminProblem(`fault must be one of ${nodeFaults.join(', ')}`)
      const found = await store.read((tx) => tx.findById('cluster', id))
      if (!found) throw new AdminProblem(`there is no cluster ${id}`, 404)
      const done = await failNode(found.document, node, fault)
      if (done === undefined)
        throw new AdminProblem(
          `${id} runs on ${found.document.substrate}, whose nodes fail by themselves`,
        )
      if (!done) throw new AdminProblem(`${id} has no node ${node} that runs`, 404)
      await store.write((tx) => tx.enqueue('cluster', id, clock.now()))
      return json({ cluster: id, node, fault })
    },
  }
}
