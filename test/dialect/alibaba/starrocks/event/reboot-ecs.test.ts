import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { diagnose, eventOf, failNode } from '../../../../support/fixture/alibaba-event.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { DAY_MS, HOUR_MS, money, stillClock } from '../../../../support/fixture/money.ts'

const START = '2026-03-01T00:00:00Z'
const startMs = Date.parse(START)
const seconds = (ms: number) => Math.floor(ms / 1000)

/** An instance of whose compute nodes the second one has failed. */
async function start(t: TestContext) {
  const it = await startInstance(t, { cloud: { clock: stillClock(START) } })
  const node: string = (await it.group('CN')).NodeInfo[1].NodeId
  await failNode(it, node, 'end')
  const restarts = async (id = node) => {
    const groups = (await it.document()).spec.groups.flatMap((group) => group.nodes)
    return groups.find((each) => each.id === id)?.restarts
  }
  const event = await eventOf(it)
  return { ...it, ...money(it.cloud), node, event, restarts }
}

test('the node of the event is restarted at once, and no other', async (t) => {
  const it = await start(t)
  const simulation = it.cloud.substrates.get('simulation')!
  simulation.pacing!.set('starrocks', 'manual:1000')
  const { body } = await it.send('RebootECS', { EventId: it.event })
  assert.deepEqual([body.Data, body.Total], [true, 1])
  assert.equal((await it.describe()).InstanceStatus, 'restarting')
  await it.cloud.loop.drain()
  const phases = (await simulation.observe(it.id)).groups.flatMap(({ nodes }) =>
    nodes.flatMap(({ id, phase }) => (phase === 'serving' ? [] : [`${id} ${phase}`])),
  )
  assert.deepEqual(phases, [`${it.node} starting`])
  const busy = await it.refusal('RebootECS', { EventId: it.event })
  assert.equal(busy.code, 'OperationDenied.InstanceStatus')
  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.equal(await it.restarts(), 1)
  const [latest, ...others] = await it.history()
  assert.deepEqual([latest.OperationType, latest.OperationStatus], ['restart_node', 'COMPLETED'])
  assert.deepEqual(
    others.map(({ OperationType }) => OperationType),
    ['create_cluster'],
  )
  const [row] = await diagnose(it, { Dimension: 'node_analysis' })
  assert.deepEqual([row.ItemId, row.Status], [it.event, 'info'])
  assert.match((await it.refusal('RebootECS', { EventId: it.event })).message, /handled already/)
})

test('a time in the future is waited for, and a later request replaces it', async (t) => {
  const it = await start(t)
  const at = (ms: number) => it.send('RebootECS', { EventId: it.event, RebootTime: seconds(ms) })
  await at(startMs + HOUR_MS)
  assert.equal((await it.describe()).InstanceStatus, 'running')
  assert.equal((await it.history()).length, 1, 'nothing has begun')
  const [row] = await diagnose(it, { Dimension: 'node_analysis' })
  assert.match(row.Suggestion, /the reboot at 2026-03-01T01:00:00\.000Z/)
  await at(startMs + 3 * HOUR_MS)
  await it.passUntil(startMs + 3 * HOUR_MS - 1)
  assert.equal(await it.restarts(), 0)
  await it.passUntil(startMs + 3 * HOUR_MS)
  await it.cloud.settle()
  assert.equal(await it.restarts(), 1)
  const audit = await it.cloud.store.read((tx) => tx.audit(undefined, 50))
  const begun = audit.find(({ action }) => action === 'incident:restart')
  assert.equal(begun?.principal, audit.find(({ action }) => action === 'RebootECS')?.principal)
  await it.passUntil(startMs + 48 * HOUR_MS)
  assert.equal(await it.restarts(), 1)
})

test('the server that is started next keeps what this one promised', async (t) => {
  const it = await start(t)
  const RebootTime = seconds(startMs + HOUR_MS)
  await it.send('RebootECS', { EventId: it.event, RebootTime })
  await it.cloud.close()
  const next = await startCloud(t, { dataDir: it.cloud.dataDir, clock: stillClock(START) })
  const restarts = async () =>
    (await next.store.read((tx) => tx.findById('cluster', it.id)))?.document.spec.groups
      .flatMap(({ nodes }) => nodes)
      .map((node) => node.restarts)
  await next.loop.drain()
  assert.ok((await restarts())?.every((count) => count === 0))
  await money(next).passUntil(startMs + HOUR_MS)
  await next.settle()
  assert.equal((await restarts())?.filter((count) => count === 1).length, 1)
})

test('one that is busy at the time is restarted when it runs again', async (t) => {
  const it = await start(t)
  const other: string = (await it.group('CN')).NodeInfo[0].NodeId
  await failNode(it, other, 'hang')
  const event = await eventOf(it, 'NodeProcessUnresponsive')
  for (const EventId of [event, it.event])
    await it.send('RebootECS', { EventId, RebootTime: seconds(startMs + HOUR_MS) })
  await it.passUntil(startMs + HOUR_MS)
  await it.cloud.settle()
  assert.deepEqual([await it.restarts(), await it.restarts(other)], [1, 1])
  const types = (await it.history()).map(({ OperationType }) => OperationType)
  assert.deepEqual(types, ['restart_node', 'restart_node', 'create_cluster'])
})

test('another restart of the node answers its event, and takes the planned one with it', async (t) => {
  const it = await start(t)
  await it.send('RebootECS', { EventId: it.event, RebootTime: seconds(startMs + HOUR_MS) })
  await it.send('RestartInstance')
  await it.cloud.settle()
  assert.equal(await it.restarts(), 1)
  await it.passUntil(startMs + 2 * HOUR_MS)
  await it.cloud.settle()
  assert.equal(await it.restarts(), 1)
  assert.match((await it.refusal('RebootECS', { EventId: it.event })).message, /handled already/)
})

test('what is missing, unknown, too far ahead or of no node is refused, and nothing is planned', async (t) => {
  const it = await start(t)
  const before = await it.document()
  const { event: EventId } = it
  const cases: readonly (readonly [Parameters<typeof it.refusal>[1], string, RegExp])[] = [
    [{}, 'MissingEventId', /EventId/],
    [{ EventId: 'e-0' }, 'InvalidParams', /event not exists/],
    [{ EventId, InstanceId: 'c-0' }, 'Instance.NotFound', /c-0/],
    [
      { EventId, RebootTime: seconds(startMs + 31 * DAY_MS) },
      'InvalidParams',
      /30 days ahead, in seconds/,
    ],
    // Milliseconds.
    [{ EventId, RebootTime: startMs }, 'InvalidParams', /Reboot time should be in range/],
    [{ EventId, RebootTime: -1 }, 'InvalidParams', /Reboot time/],
    [{ EventId, RebootTime: 'soon' }, 'InvalidParameter', /RebootTime/],
  ]
  for (const [query, code, message] of cases) {
    const refusal = await it.refusal('RebootECS', query)
    assert.equal(refusal.code, code, JSON.stringify(query))
    assert.match(refusal.message, message)
  }
  const without = await refusalOf(it.call('RebootECS', { query: { EventId } }))
  assert.equal(without.code, 'MissingInstanceId')
  assert.deepEqual(await it.document(), before)
})

test('an event that is no matter of a process calls for no reboot', async (t) => {
  const it = await start(t)
  await failNode(it, it.node, 'lose')
  const EventId = await eventOf(it, 'NodeLost')
  await it.cloud.settle()
  const refusal = await it.refusal('RebootECS', { EventId })
  assert.match(refusal.message, /event NodeLost calls for no reboot/)
})
