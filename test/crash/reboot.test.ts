/** `kill -9` of the server after it has acknowledged a reboot, at any moment until it is done: the next server has it done once. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { alibabaClient, createBody } from '../support/http/alibaba-client.ts'
import { askAdmin } from '../support/http/admin.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { startChildServer, type ChildServer } from '../support/process/child-server.ts'

const CYCLES = process.env['EMRYS_LONG'] === '1' ? 20 : 4
const KILL_WITHIN_MS = 120
const LOOKS_MAX = 600

test('a reboot that was acknowledged happens once, whenever the server is killed', async (t) => {
  const dataDir = temporaryDirectory(t)
  let server = await startChildServer(t, dataDir)
  const { body } = await alibabaClient(server.port)('CreateInstanceV1', { body: createBody() })
  const id = String(body.Data.InstanceId)
  await untilRunning(server, id)
  const node = documentIn(dataDir, id).spec.groups[0]?.nodes[0]?.id ?? ''
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    await askAdmin(server.port, 'node-faults', {
      method: 'POST',
      body: { cluster: id, node, fault: 'end' },
    })
    const event = await untilEvent(dataDir, id, cycle)
    await untilRunning(server, id)
    const at = Math.ceil(Date.now() / 1000)
    const query = { InstanceId: id, EventId: event, RebootTime: String(at) }
    await alibabaClient(server.port)('RebootECS', { query })
    // Around the time at which it begins.
    const untilMs = at * 1000 - Date.now() + (cycle % 3) * (KILL_WITHIN_MS / 2)
    await pause(Math.max(0, untilMs))
    await server.kill()
    server = await startChildServer(t, dataDir)
    await untilRestarted(server, { dataDir, id, cycle })
  }
  await pause(1_500)
  const { spec, status } = documentIn(dataDir, id)
  const restarts = spec.groups.flatMap(({ nodes }) => nodes.map((each) => each.restarts))
  assert.deepEqual(
    restarts.filter((count) => count > 0),
    [CYCLES],
  )
  assert.ok(status.incidents?.every(({ endedMs, restart }) => endedMs !== undefined && !restart))
})

async function untilRunning({ port }: ChildServer, id: string): Promise<void> {
  const call = alibabaClient(port)
  for (let look = 0; look < LOOKS_MAX; look++) {
    const found = await call('DescribeInstances', { query: { InstanceId: id } })
    if (found.body.Data[0]?.InstanceStatus === 'running') return
    await pause(50)
  }
  throw new Error(`${id} does not run`)
}

async function untilEvent(dataDir: string, id: string, count: number): Promise<string> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const { incidents = [] } = documentIn(dataDir, id).status
    const ended = incidents.filter(({ kind }) => kind === 'node-ended')
    if (ended.length === count) return ended.at(-1)?.id ?? ''
    await pause(50)
  }
  throw new Error('nothing was recorded')
}

async function untilRestarted(
  server: ChildServer,
  { dataDir, id, cycle }: { readonly dataDir: string; readonly id: string; readonly cycle: number },
): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const { spec } = documentIn(dataDir, id)
    if (spec.groups[0]?.nodes[0]?.restarts === cycle) return untilRunning(server, id)
    await pause(50)
  }
  throw new Error('it was not restarted')
}

/** As it is stored, whoever has it open. */
function documentIn(dataDir: string, id: string): Cluster {
  const database = new DatabaseSync(join(dataDir, 'emrys.db'), { readOnly: true })
  try {
    const row = database
      .prepare("select body from document where kind = 'cluster' and id = ?")
      .get(id)
    return JSON.parse(String(row?.['body'])) as Cluster
  } finally {
    database.close()
  }
}
