/**
 * Holds a server to what its predecessors, which were killed, acknowledged: first by what its clients can see, then by its store and by
 * the simulated world, read when it is gone.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { nodesOf, sizeOf, type NodeGroup } from '../../src/domain/cluster/node-group.ts'
import { isChangeVerb, type ChangeVerb, type Operation } from '../../src/domain/operation.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { Reader } from '../../src/store/port.ts'
import { openWorld, type World } from '../../src/substrate/simulation/world.ts'
import type { Client } from '../support/http/client.ts'
import {
  createExpected,
  type ExpectedCluster,
  type Shape,
} from '../support/http/expected-cluster.ts'
import { acknowledge, sendAgain } from '../support/http/random-change.ts'
import { recount } from '../support/fixture/recount.ts'

/** A settling world is asked this often before the test gives up on it. */
const POLLS_MAX = 600

/** Every token replays: what was acknowledged is answered as before, what is in doubt as it was done, or is done now. */
export async function repeatRequests(
  connection: Client,
  ledger: readonly ExpectedCluster[],
): Promise<void> {
  for (const it of ledger) {
    const id = await createExpected(connection, it)
    if (it.id === undefined) it.id = id
    else assert.equal(id, it.id, `token ${it.token}`)
  }
  await settled(connection)
  for (const it of ledger.filter(({ deletion }) => deletion === 'none'))
    for (const request of it.tokenRequests) {
      const answer = await sendAgain(connection, request)
      if (request.answer === undefined) acknowledge(it)
      else assert.equal(answer, request.answer, `${request.action} of ${it.id}`)
    }
  await settled(connection)
}

/** What clients can see: every cluster that was acknowledged, under its name, and no other. */
export async function checkListings(
  connection: Client,
  ledger: readonly ExpectedCluster[],
): Promise<number> {
  const alive = await everything(connection)
  const expected = new Set(ledger.map((it) => it.id))
  for (const [id, name] of alive) {
    const owner = ledger.find((it) => it.id === id)
    assert.ok(expected.has(id), `${id} (${name}) was never acknowledged to anybody`)
    const names = [...(owner?.names ?? [])]
    assert.ok(names.includes(name), `${id} is called ${name}, not ${names.join(' or ')}`)
    assert.notEqual(owner?.deletion, 'acknowledged', `${id} was deleted and is still there`)
  }
  for (const it of ledger)
    if (it.deletion === 'none') assert.ok(alive.has(it.id ?? ''), `${it.id} (${it.token}) is lost`)
  return alive.size
}

/** Waits until nothing is in transition. */
async function settled(connection: Client): Promise<void> {
  let open: readonly string[] = []
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const { states } = await listing(connection)
    open = states.filter((state) => state !== 'running' && state !== '2')
    if (open.length === 0) return
    await delay(100)
  }
  assert.fail(`not settled: ${JSON.stringify(open)}`)
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

/** The data directory of a server that is gone. Returns how many changes of each verb there were. */
export async function checkDirectory(
  dataDir: string,
  ledger: readonly ExpectedCluster[],
): Promise<Readonly<Record<string, number>>> {
  const file = join(dataDir, 'emrys.db')
  const store = openSqliteStore(file)
  const world = openWorld(join(dataDir, 'simulation.db'))
  try {
    await recount(store, file)
    const counts: Record<string, number> = {}
    const living = new Set<string>()
    for (const it of ledger) {
      const { cluster, operations } = await store.read((tx) => recordOf(tx, it.id ?? ''))
      for (const { verb } of operations) counts[verb] = (counts[verb] ?? 0) + 1
      const isAlive = cluster?.status.state === 'running'
      if (isAlive) living.add(cluster.id)
      checkOperations(it, operations, isAlive)
      if (isAlive) checkChanges(it, { cluster, operations, world })
    }
    const present = world.all().map(({ id }) => id)
    assert.deepEqual(present.toSorted(), [...living].toSorted(), 'what runs and what is known')
    return counts
  } finally {
    world.close()
    await store.close()
  }
}

interface Found {
  readonly cluster: Cluster | undefined
  readonly operations: readonly Operation[]
}

async function recordOf(tx: Reader, id: string): Promise<Found> {
  const cluster = (await tx.findById('cluster', id))?.document
  const page = { account: undefined, parent: id, order: 'oldest', limit: 1000, offset: 0 } as const
  const { rows } = await tx.list('operation', page)
  return { cluster, operations: rows.map(({ document }) => document) }
}

/** Each once: under a flow number and a trace of its own, and ended. A release ends what is under way. */
function checkOperations(
  it: ExpectedCluster,
  operations: readonly Operation[],
  isAlive: boolean,
): void {
  for (const key of ['flow', 'trace'] as const) {
    const values = operations.map((operation) => operation[key])
    assert.equal(new Set(values).size, values.length, `operations of ${it.id} share a ${key}`)
  }
  assert.ok(
    operations.every(({ status }) => status !== 'running'),
    `${it.id} has an open operation`,
  )
  const failed = operations.filter(({ status }) => status === 'failed')
  assert.ok(failed.length <= (isAlive ? 0 : 1), `${failed[0]?.verb} of ${it.id} failed`)
  for (const { action, answer } of it.tokenRequests)
    if (answer !== undefined)
      assert.ok(
        operations.some(({ trace }) => trace === answer),
        `${action} of ${it.id} left no operation`,
      )
  if (isAlive) return
  const done = verbsOf(operations)
  const doubt = it.doubt ? [it.doubt.verb] : []
  const possible = [it.changes, [...it.changes, ...doubt]].map(counted)
  assert.ok(
    possible.some((each) => isDeepStrictEqual(each, counted(done))),
    `${it.id} had ${done.join()}`,
  )
}

interface Truth {
  readonly cluster: Cluster
  readonly operations: readonly Operation[]
  readonly world: World
}

/** As the last acknowledged change left it, or as the one in doubt did, with the operations to match. */
function checkChanges(it: ExpectedCluster, { cluster, operations, world }: Truth): void {
  const found = {
    shape: it.dialect === 'alibaba' ? instanceShapeOf(cluster) : hadoopShapeOf(cluster),
    verbs: counted(verbsOf(operations)),
  }
  const { shape, changes, doubt } = it
  const acknowledged = { shape, verbs: counted(changes) }
  const other = doubt && { shape: doubt.shape, verbs: counted([...changes, doubt.verb]) }
  if (!other || !isDeepStrictEqual(found, other)) assert.deepEqual(found, acknowledged, it.id)
  // The first node of a cluster is only ever restarted: its process was started as often as that says.
  const front = nodesOf(cluster.spec.groups)[0]
  const started = world.find(cluster.id)?.groups.flatMap(({ nodes }) => nodes)[0]
  assert.equal(started?.starts, 1 + (front?.restarts ?? 0), `starts of ${front?.id}`)
}

function verbsOf(operations: readonly Operation[]): readonly ChangeVerb[] {
  return operations.map(({ verb }) => verb).filter((verb) => isChangeVerb(verb))
}

function counted(verbs: readonly ChangeVerb[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const verb of verbs) counts[verb] = (counts[verb] ?? 0) + 1
  return counts
}

function instanceShapeOf({ spec }: Cluster): Shape {
  const [front, compute] = ['fe', 'cn'].map((name) => roleIn(spec.groups, name))
  return {
    nodes: compute!.nodes.length,
    tasks: 0,
    cpu: same(compute!, (size) => size.cpu),
    diskGib: same(compute!, (size) => size.disks[0]?.sizeGib),
    frontRestarts: front!.nodes[0]!.restarts,
    restarts: compute!.nodes[0]!.restarts,
  }
}

function hadoopShapeOf({ spec }: Cluster): Shape {
  const [core, task] = ['core', 'task'].map((name) => roleIn(spec.groups, name))
  return {
    nodes: core!.nodes.length,
    tasks: task!.nodes.length,
    cpu: same(task!, (size) => size.cpu),
    diskGib: same(core!, (size) => size.disks.find(({ use }) => use === 'data')?.sizeGib),
    frontRestarts: 0,
    restarts: 0,
  }
}

function roleIn(groups: readonly NodeGroup[], role: string): NodeGroup {
  const group = groups.find((each) => each.role === role)
  assert.ok(group, `there is no group of ${role}`)
  return group
}

/** What all nodes of a group have in common, and the group itself for nodes to come. */
function same(
  group: NodeGroup,
  of: (size: ReturnType<typeof sizeOf>) => number | undefined,
): number {
  const values = new Set([of(group), ...group.nodes.map((node) => of(sizeOf(group, node)))])
  const [value = 0] = values
  assert.equal(values.size, 1, `nodes of ${group.id} differ`)
  return value
}
