/**
 * Random lives of StarRocks instances, of every change that the declarations have, under a server that is killed (`kill -9`) again
 * and again in the middle of one. A twin of each instance lives the same life on a server that nobody kills, and says what has to
 * come out: what was acknowledged holds, what was sent and not answered holds whole or not at all, nothing is orphaned or doubled,
 * and the money adds up. 20 kills, or 200 with `npm run test:long`; CRASH_KILLS says otherwise, CRASH_SEED repeats one.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import type { Action } from '../../src/gateway/action.ts'
import { random, type Random } from '../../src/kernel/random.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { openWorld } from '../../src/substrate/simulation/world.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { everyInstance, shapeOf, type KeptInstance } from '../support/fixture/instance-shape.ts'
import { recount } from '../support/fixture/recount.ts'
import { askAdmin } from '../support/http/admin.ts'
import { changeableBody, type Parameters } from '../support/http/alibaba-request.ts'
import { client, type Client } from '../support/http/client.ts'
import { changingInstance, perform, requestOf, type Draw } from '../support/http/random-act.ts'
import { memoryDirectory } from '../support/process/directory.ts'
import { killableServer, type KillableServer } from '../support/process/killable-server.ts'

const LONG = process.env['EMRYS_LONG'] === '1'
const KILLS = Number(process.env['CRASH_KILLS'] ?? (LONG ? 200 : 20))
/** Simulated steps take time, so that kills find them under way. */
const PACE = 'time:0.02'
/** A kill comes at any moment from when the requests are sent until everything has long come to its end. */
const SPAN_MS = 150
const TRIES = 12
const FIRST_NIGHT = 2
const NIGHTS = 0.1
/** In which every rule and policy has its times. */
const NIGHT_MS = 25 * 3_600_000
/** What depends on the very moment; that the sums are right is counted at the end. */
const MOMENTARY = ['usage', 'items', 'renewalItems', 'amount', 'discount', 'usedBytes']

/** What each life begins with. */
const BEGINNINGS: readonly Parameters[] = [
  { Version: '3.2' },
  { RunMode: 'shared_nothing', ObserverNodeGroups: [] },
  { EnableMultiAz: true },
  { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1, AutoRenew: true },
]

type Life = readonly KeptInstance[]

test(`killed ${KILLS} times, every instance is what its twin is`, async (t) => {
  const seed = process.env['CRASH_SEED'] ?? random().hex(8)
  t.diagnostic(`seed ${seed}`)
  const dice = random(seed)
  const twins = await startTwins(t)
  const killable = killableServer(t, PACE)
  for (const [at, more] of BEGINNINGS.entries()) {
    const body = changeableBody({ ...more, InstanceName: `life-${at}` })
    for (const each of [twins.connection, (await killable.live()).connection])
      assert.equal((await each.alibaba('/webapi/cluster/createV1', { body })).status, 200)
  }
  await alike(twins, killable)
  await backUp(twins, killable)
  const done: Record<string, number> = {}
  const count = (what: string) => (done[what] = (done[what] ?? 0) + 1)
  for (let kill = 0; kill < KILLS; kill++) {
    if (kill === FIRST_NIGHT || dice.fraction() < NIGHTS) {
      await night(twins, killable, dice)
      count('night')
    } else {
      const before = await twins.lives()
      const drawn = await twins.live(dice)
      for (const each of drawn) if (each) count(each.action.name)
      const answers = await dieWith(killable, drawn, dice)
      await killable.settle()
      await finish({ before, after: await twins.lives(), drawn, answers, killable, count })
    }
    await alike(twins, killable)
  }
  await release(killable, dice)
  await killable.end()
  await nothingIsLeftOver(killable.dataDir)
  t.diagnostic(JSON.stringify(done))
})

/** Those that can be are backed up from the beginning, so that there is something to restore. */
async function backUp(twins: Twins, killable: KillableServer): Promise<void> {
  const action = changingInstance.find(({ name }) => name === 'AddBackupPolicy')
  assert.ok(action)
  const draw = { action, fraction: 0 }
  const { connection } = await killable.live()
  const [twin, own] = [await twins.lives(), livesOf(await killable.kept())].map(
    (lives) => lives[1]![0]!,
  )
  assert.equal(await perform(twins.connection, action, requestOf(draw, twin!)), '200')
  assert.equal(await perform(connection, action, requestOf(draw, own!)), '200')
}

interface Twins {
  readonly connection: Client
  lives(): Promise<readonly Life[]>
  /** One act in each life, such as is not refused; undefined where none was found. */
  live(dice: Random): Promise<readonly (Draw | undefined)[]>
  pass(ms: number): Promise<void>
}

async function startTwins(t: TestContext): Promise<Twins> {
  const cloud = await startCloud(t, { dataDir: memoryDirectory(t) })
  const connection = client(cloud.port)
  t.after(() => connection.close())
  const lives = async () => livesOf(await everyInstance(cloud.store))
  /** What each life has not done yet, nor tried; when it has tried everything, all of it again. */
  const decks = BEGINNINGS.map((): Action[] => [])
  const one = async (of: Life, at: number, dice: Random): Promise<Draw | undefined> => {
    const [first] = of
    const deck = decks[at]
    if (!first || !deck) return undefined
    for (let tried = 0; tried < TRIES; tried++) {
      if (deck.length === 0) deck.push(...changingInstance)
      const [action] = deck.splice(Math.floor(dice.fraction() * deck.length), 1)
      const draw = { action: action!, fraction: dice.fraction() }
      if ((await perform(connection, draw.action, requestOf(draw, first))) === '200') return draw
    }
    return undefined
  }
  return {
    connection,
    async lives() {
      await cloud.settle()
      return lives()
    },
    async live(dice) {
      const drawn: (Draw | undefined)[] = []
      for (const [at, each] of (await lives()).entries()) drawn.push(await one(each, at, dice))
      return drawn
    },
    async pass(ms) {
      await askAdmin(cloud.port, 'clock', { method: 'POST', body: { advanceMs: ms } })
      await cloud.settle()
    },
  }
}

type Answers = readonly (string | undefined)[]

/**
 * Sends one act in each life and is killed a moment after some of them were answered. The code of each answer, undefined where
 * there was none.
 */
async function dieWith(
  killable: KillableServer,
  drawn: readonly (Draw | undefined)[],
  dice: Random,
): Promise<Answers> {
  const { server, connection } = await killable.live()
  const lives = livesOf(await server.kept())
  const awaited = Math.floor(dice.fraction() * (drawn.length + 1))
  const enough = Promise.withResolvers<void>()
  let answered = 0
  const onAnswer = () => {
    if (++answered >= awaited) enough.resolve()
  }
  if (awaited === 0) enough.resolve()
  const sent = drawn.map(async (draw, at) => {
    if (!draw) return undefined
    const parameters = requestOf(draw, lives[at]![0]!)
    const answer = await perform(connection, draw.action, parameters).catch(() => undefined)
    onAnswer()
    return answer
  })
  const all = Promise.all(sent)
  await Promise.race([enough.promise, all])
  await pause(dice.fraction() * SPAN_MS)
  await killable.die()
  return all
}

/** What was not answered and did not happen is asked for again. */
async function finish(it: {
  readonly before: readonly Life[]
  readonly after: readonly Life[]
  readonly drawn: readonly (Draw | undefined)[]
  readonly answers: Answers
  readonly killable: KillableServer
  readonly count: (what: string) => void
}): Promise<void> {
  const found = livesOf(await it.killable.kept())
  for (const [at, draw] of it.drawn.entries()) {
    if (!draw) continue
    const answer = it.answers[at]
    const [was, shall, is] = [it.before, it.after, found].map((lives) => shapesOf(lives[at]!))
    if (answer !== undefined) {
      assert.equal(answer, '200', draw.action.name)
      continue
    }
    it.count('in doubt')
    if (!isDeepStrictEqual(is, was) || isDeepStrictEqual(was, shall)) continue
    it.count('not done')
    const { connection } = await it.killable.live()
    const again = await perform(connection, draw.action, requestOf(draw, found[at]![0]!))
    assert.equal(again, '200', draw.action.name)
  }
}

/**
 * Hours pass, in which rules and policies have their times, and what they began is cut off. A kill on the way would leave changes
 * behind that are hours old for the next server, and undone by it: see by-itself.test.ts.
 */
async function night(twins: Twins, killable: KillableServer, dice: Random): Promise<void> {
  await twins.pass(NIGHT_MS)
  await killable.passTo((await killable.aheadMs()) + NIGHT_MS)
  await pause(dice.fraction() * SPAN_MS)
  await killable.die()
}

/** All that are paid for by the hour; a subscription stays until its end. */
async function release(killable: KillableServer, dice: Random): Promise<void> {
  const ask = async () => {
    const hourly = (await killable.kept()).filter(
      ({ cluster }) => cluster?.charge.mode === 'postpaid',
    )
    const { connection } = await killable.live()
    return hourly.map(({ id: InstanceId }) =>
      connection.alibaba('/webapi/cluster/release', { query: { InstanceId } }),
    )
  }
  const asked = Promise.allSettled(await ask())
  await pause(dice.fraction() * SPAN_MS)
  await killable.die()
  await asked
  await killable.settle()
  for (const { status, body } of await Promise.all(await ask()))
    assert.equal(status, 200, JSON.stringify(body))
  await killable.settle()
  // Work items of what went with an instance are due again.
  await killable.passTo((await killable.aheadMs()) + NIGHT_MS)
  await killable.settle()
  assert.ok((await killable.kept()).every(({ cluster }) => cluster?.charge.mode === 'prepaid'))
}

async function alike(twins: Twins, killable: KillableServer): Promise<void> {
  await killable.settle()
  const shall = await twins.lives()
  const is = livesOf(await killable.kept())
  assert.equal(is.length, shall.length)
  for (const [at, life] of shall.entries())
    assert.deepEqual(shapesOf(is[at]!), shapesOf(life), `life ${at}`)
}

/** Each instance with those that were restored of its backups. */
function livesOf(all: readonly KeptInstance[]): readonly Life[] {
  const firsts = all.filter(({ cluster }) => cluster?.spec.origin === undefined)
  return firsts.map((first) => [
    first,
    ...all.filter(({ cluster }) => cluster?.spec.origin?.cluster === first.id),
  ])
}

function shapesOf(life: Life): readonly unknown[] {
  return life.map((each) => shapeOf(each, MOMENTARY))
}

/** In the directory of a server that is gone. */
async function nothingIsLeftOver(dataDir: string): Promise<void> {
  const file = join(dataDir, 'emrys.db')
  const store = openSqliteStore(file)
  const world = openWorld(join(dataDir, 'simulation.db'))
  try {
    await recount(store, file)
    const all = await everyInstance(store)
    const ids = (of: readonly { readonly id: string }[]) => of.map(({ id }) => id).toSorted()
    assert.deepEqual(ids(world.all()), ids(all), 'what runs and what is known')
    const copies = world.snapshots().map(({ snapshot: id }) => ({ id }))
    const kept = all.flatMap(({ backups }) => backups).filter(({ state }) => state === 'completed')
    assert.deepEqual(ids(copies), ids(kept), 'copies and backups')
    for (const { orders, id } of all) {
      const paid = orders.filter(({ state }) => state === 'paid')
      const sum = paid
        .flatMap(({ items }) => items)
        .reduce((before, { amount }) => before + amount, 0)
      assert.ok(sum >= 0, `${id} was paid back more than it paid`)
    }
  } finally {
    world.close()
    await store.close()
  }
  const database = new DatabaseSync(file, { readOnly: true })
  const orphans = database
    .prepare(
      `select w.kind, w.id from work_item w left join document d on d.kind = w.kind and d.id = w.id where d.id is null`,
    )
    .all()
  database.close()
  assert.deepEqual(orphans, [], 'work items of nothing')
}
