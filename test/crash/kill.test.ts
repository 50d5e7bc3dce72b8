/**
 * `kill -9` at random moments, under load from several connections, and then the truth: nothing acknowledged is lost, nothing
 * is doubled, nothing is half there, everything settles. 5 times, or 50 with `npm run test:long`; CRASH_KILLS says otherwise.
 */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { random } from '../../src/kernel/random.ts'
import { client, type Client } from '../support/http/client.ts'
import { startChildServer } from '../support/process/child-server.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import {
  createPromised,
  randomClient,
  type Promised,
  type RandomClient,
} from '../support/http/random-client.ts'

const KILLS = Number(process.env['CRASH_KILLS'] ?? (process.env['EMRYS_LONG'] === '1' ? 50 : 5))
const CONNECTIONS = 4
/** A settling world is asked this often before the test gives up on it. */
const POLLS_MAX = 300

test(`killed ${KILLS} times under load, the server keeps every promise`, async (t) => {
  const seed = process.env['CRASH_SEED'] ?? random().hex(8)
  t.diagnostic(`seed ${seed}`)
  const dice = random(seed)
  const dataDir = temporaryDirectory(t)
  const clients: RandomClient[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await startChildServer(t, dataDir)
    const round = Array.from({ length: CONNECTIONS }, (_, n) =>
      randomClient(`c${kill}x${n}`, dice.fraction),
    )
    const connections = round.map(() => client(server.port))
    const running = round.map((each, at) => each.run(connections[at]!))
    await delay(50 + dice.fraction() * 400)
    await server.kill()
    await Promise.all(running)
    for (const connection of connections) connection.close()
    clients.push(...round)
  }
  const ledger = clients.flatMap((each) => each.ledger)
  assert.ok(
    ledger.filter((each) => each.id !== undefined).length > KILLS * CONNECTIONS,
    'too little happened to prove anything',
  )
  await holdToPromises(t, dataDir, ledger)
})

async function holdToPromises(
  t: TestContext,
  dataDir: string,
  ledger: readonly Promised[],
): Promise<void> {
  const server = await startChildServer(t, dataDir)
  const connection = client(server.port)
  for (const it of ledger) {
    // Every token replays: an acknowledged creation answers with its id again, one in doubt with the one it has or now gets.
    const id = await createPromised(connection, {
      ...it,
      names: new Set([...it.names].slice(0, 1)),
    }).catch(() => undefined)
    if (it.id !== undefined && it.names.size === 1 && !renamed(it))
      assert.equal(id, it.id, `token ${it.token}`)
    if (it.id === undefined && id !== undefined) it.id = id
  }
  await settled(connection, ledger)
  const alive = await everything(connection)
  const expected = new Set(ledger.map((it) => it.id))
  for (const [id, name] of alive) {
    const owner = ledger.find((it) => it.id === id)
    assert.ok(expected.has(id), `${id} (${name}) was never acknowledged to anybody`)
    assert.ok(
      owner?.names.has(name),
      `${id} is called ${name}, not ${[...(owner?.names ?? [])].join(' or ')}`,
    )
    assert.notEqual(owner?.deletion, 'acknowledged', `${id} was deleted and is still there`)
  }
  for (const it of ledger)
    if (it.deletion === 'none') assert.ok(alive.has(it.id ?? ''), `${it.id} (${it.token}) is lost`)
  assert.equal(
    (await server.counts()).swept,
    0,
    'the sweep had to find work that a work item should have stood for',
  )
  t.diagnostic(`${ledger.length} creations, ${alive.size} clusters alive`)
  connection.close()
  await server.kill()
}

function renamed(it: Promised): boolean {
  return [...it.names].some((name) => name.includes('renamed'))
}

/** Waits until nothing is in transition. */
async function settled(connection: Client, ledger: readonly Promised[]): Promise<void> {
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const { states } = await listing(connection)
    if (states.every((state) => state === 'running' || state === '2')) return
    await delay(100)
  }
  assert.fail(
    `not settled: ${JSON.stringify((await listing(connection)).states)} of ${ledger.length}`,
  )
}

/** Id to name of every cluster that either dialect lists. */
async function everything(connection: Client): Promise<Map<string, string>> {
  const { found } = await listing(connection)
  assert.equal(new Set(found.map(([id]) => id)).size, found.length, 'a cluster is listed twice')
  return new Map(found)
}

async function listing(
  connection: Client,
): Promise<{ states: string[]; found: [string, string][] }> {
  const found: [string, string][] = []
  const states: string[] = []
  for (let number = 1; ; number++) {
    const query = { RegionId: 'cn-hangzhou', PageSize: '100', PageNumber: String(number) }
    const { body } = await connection.alibaba('/webapi/starrocks/describeInstances', { query })
    const rows = body['Data'] as readonly Record<string, unknown>[]
    for (const row of rows) {
      found.push([String(row['InstanceId']), String(row['InstanceName'])])
      states.push(String(row['InstanceStatus']))
    }
    if (rows.length < 100) break
  }
  for (let number = 0; ; number++) {
    const page = { DisplayStrategy: 'clusterList', Offset: number, Limit: 100, ProjectId: -1 }
    const answer = await connection.tencent('DescribeInstances', page)
    const rows = answer['ClusterList'] as readonly Record<string, unknown>[]
    for (const row of rows) {
      found.push([String(row['ClusterId']), String(row['ClusterName'])])
      states.push(String(row['Status']))
    }
    if (rows.length < 100) break
  }
  return { states, found }
}
