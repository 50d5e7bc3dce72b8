/**
 * What a server does by itself, while it is killed (`kill -9`): nodes of a scaling rule come once, and a change that takes too long
 * goes back once. 4 kills each, or 40 with `npm run test:long`; CRASH_KILLS says otherwise.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import type { KeptInstance } from '../support/fixture/instance-shape.ts'
import { recount } from '../support/fixture/recount.ts'
import { limits } from '../../src/limits.ts'
import { changeableBody, type Parameters } from '../support/http/alibaba-request.ts'
import { changing, perform } from '../support/http/random-act.ts'
import { killableServer, type KillableServer } from '../support/process/killable-server.ts'

const KILLS = Number(process.env['CRASH_KILLS'] ?? (process.env['EMRYS_LONG'] === '1' ? 40 : 4))
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const HALF_DAY_MS = 12 * HOUR_MS
/** Far longer than the requests and the steps of one event take. */
const SPAN_MS = 200
const HERE = 'cn-hangzhou-i'
const THERE = 'cn-hangzhou-h'

test(`a rule that fires while the server is killed brings its nodes once, ${KILLS} times`, async (t) => {
  const killable = killableServer(t, 'time:0.02')
  await create(killable, {})
  const group = (await only(killable)).cluster?.spec.groups.find(({ role }) => role === 'cn')
  // Six hours after the full one, and every twelve hours from then: none by the machine's own time.
  const firstMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 6 * HOUR_MS
  const hour = new Date(firstMs + 8 * HOUR_MS).getUTCHours()
  const at = (later: number) => ({
    year: 2026,
    month: 3,
    day: 2,
    hour: (hour + later) % 24,
    minute: 0,
    second: 0,
    recurrenceInterval: 1,
    recurrenceType: 'DAILY',
  })
  const Rule = {
    nodeNumber: 2,
    scalingRuleName: 'nightly',
    scalingOutRule: at(0),
    scalingInRule: at(12),
  }
  const body = { NodeGroupId: group?.id, TriggerType: 'TIME_TRIGGER', Rule }
  await act(killable, 'CreateScalingRule', body)
  for (let kill = 1; kill <= KILLS; kill++) {
    const eventMs = firstMs + (kill - 1) * HALF_DAY_MS
    await killable.passTo(eventMs - MINUTE_MS - Date.now())
    await dieOnTheWay(killable, eventMs + 5 * MINUTE_MS - Date.now(), (kill - 0.5) / KILLS)
    await killable.settle()
    const { cluster, operations } = await only(killable)
    const verbs = operations.map(({ verb, status }) => `${verb} ${status}`)
    const events = Array.from({ length: kill }, (_, n) => (n % 2 === 0 ? 'out' : 'in'))
    assert.deepEqual(verbs, [
      'create completed',
      ...events.map((event) => `elastic-scale-${event} completed`),
    ])
    const now = cluster?.spec.groups.find(({ id }) => id === group?.id)
    assert.equal(now?.nodes.length, (group?.nodes.length ?? 0) + (kill % 2 === 0 ? 0 : 2))
  }
  await killable.end()
  await balanced(killable)
})

test(`a switch of zones that takes too long is undone once, killed ${KILLS} times on its way`, async (t) => {
  const slow = 'time:86000'
  const killable = killableServer(t, slow)
  await killable.setPace('immediate')
  await create(killable, {
    EnableMultiAz: true,
    VSwitches: [HERE, THERE].map((ZoneId, n) => ({ VswId: `vsw-life-${n}`, ZoneId })),
  })
  const zones = async () => (await only(killable)).cluster?.spec.groups.map(({ zone }) => zone)
  const before = await zones()
  const { id: InstanceId } = await only(killable)
  for (let kill = 1; kill <= KILLS; kill++) {
    await killable.setPace(slow)
    await act(killable, 'SwitchActiveStandbyZones', { InstanceId, TargetZoneId: THERE })
    assert.notDeepEqual(await zones(), before)
    const untilMs = (await killable.aheadMs()) + 2 * HOUR_MS
    await dieOnTheWay(killable, untilMs, (kill - 0.5) / KILLS)
    // The server that came after has a time of its own for it.
    await killable.passTo(untilMs + limits.changeAfterStartMs)
    await killable.setPace('immediate')
    await killable.settle()
    assert.deepEqual(await zones(), before)
    const [, ...changes] = (await only(killable)).operations
    assert.equal(changes.length, kill)
    for (const { verb, status, detail = '' } of changes)
      assert.match(`${verb} ${status} ${detail}`, /^switch-zone failed .*took too long/)
  }
  await killable.end()
  await balanced(killable)
})

/** Time passes; the server is killed after a share of the span, and time passes. */
async function dieOnTheWay(
  killable: KillableServer,
  untilMs: number,
  share: number,
): Promise<void> {
  const passing = killable.passTo(untilMs).catch(() => undefined)
  await pause(share * SPAN_MS)
  await killable.die()
  await passing
  await killable.passTo(untilMs)
}

async function create(killable: KillableServer, more: Parameters): Promise<void> {
  await act(killable, 'CreateInstanceV1', changeableBody(more))
  await killable.settle()
}

async function act(killable: KillableServer, name: string, parameters: Parameters): Promise<void> {
  const action = changing.find((each) => each.name === name)
  assert.ok(action)
  const { connection } = await killable.live()
  assert.equal(await perform(connection, action, parameters), '200')
}

async function only(killable: KillableServer): Promise<KeptInstance> {
  const [instance, ...others] = await killable.kept()
  assert.ok(instance && others.length === 0)
  return instance
}

/** Of a server that is gone. */
async function balanced({ dataDir }: KillableServer): Promise<void> {
  const file = join(dataDir, 'emrys.db')
  const store = openSqliteStore(file)
  try {
    await recount(store, file)
  } finally {
    await store.close()
  }
}
