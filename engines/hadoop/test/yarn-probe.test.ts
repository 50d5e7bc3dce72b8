import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test, type TestContext } from 'node:test'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { isNodeManagerDrained } from '../src/yarn-probe.ts'

const HOST = '127.0.0.1'
const OWN = 8041

/** Of a NodeManager whose ResourceManager, the only one, says this of its nodes. */
async function planOf(t: TestContext, node: readonly object[]): Promise<DaemonPlan> {
  const server = createServer(({ url }, response) => {
    const info = { clusterInfo: { state: 'STARTED', haState: 'ACTIVE' } }
    response.end(JSON.stringify(url === '/ws/v1/cluster/info' ? info : { nodes: { node } }))
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const manager = { daemon: 'yarn-resourcemanager', node: 'm-0', host: HOST }
  return {
    host: HOST,
    ports: [OWN],
    peers: [{ ...manager, ports: [1, 2, 3, 4, port] }],
  } as unknown as DaemonPlan
}

const nodeOf = (state: string, numContainers = 0) => ({
  id: `${HOST}:${OWN}`,
  state,
  numContainers,
})

test('a NodeManager that gives no account is drained by what its ResourceManager says of it', async (t) => {
  for (const [node, ended, runs] of [
    [[nodeOf('DECOMMISSIONED')], true, true],
    [[nodeOf('DECOMMISSIONING', 2)], false, false],
    // It was killed, and nothing had run on it.
    [[nodeOf('RUNNING')], true, false],
    [[nodeOf('LOST', 2)], true, false],
    // The ResourceManager has just been started again, and the containers of those that run are there.
    [[], true, false],
    [[{ ...nodeOf('DECOMMISSIONED'), id: `${HOST}:-1` }], true, false],
  ] as const) {
    const plan = await planOf(t, node)
    const said = [await isNodeManagerDrained(plan, false), await isNodeManagerDrained(plan, true)]
    assert.deepEqual(said, [ended, runs], JSON.stringify(node))
  }
})
