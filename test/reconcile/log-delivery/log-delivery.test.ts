import assert from 'node:assert/strict'
import { appendFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { sealer } from '../../../src/kernel/seal.ts'
import { limits } from '../../../src/limits.ts'
import {
  logDeliveryReconciler,
  type LogObject,
} from '../../../src/reconcile/log-delivery/log-delivery.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { readLog } from '../../../src/substrate/local/log-reader.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const later = { done: false, againInMs: limits.logDeliveryMs }

/** A cluster of two nodes, each with a log, and what arrives of them. */
async function stage(t: TestContext) {
  const directory = temporaryDirectory(t)
  const store = openSqliteStore(join(directory, 'emrys.db'))
  const clock = manualClock()
  const simulated = simulation({
    clock,
    world: openWorld(':memory:'),
    progressions: { default: { mode: 'immediate' } },
  })
  t.after(async () => {
    await simulated.close()
    await store.close()
  })
  const file = (node: string) => join(directory, `${node}.log`)
  const nodes = ['n-1', 'n-2']
  const substrate = {
    ...simulated,
    logSources: () => nodes.map((node) => ({ role: 'daemon', node })),
    logs: (_id: string, query: Parameters<typeof readLog>[1]) =>
      readLog(file(query.node ?? ''), query),
  }
  const seal = sealer(new Uint8Array(32))
  const sample = sampleCluster()
  const { id } = sample
  const cluster = {
    ...sample,
    spec: { ...sample.spec, storage: { logs: { bucket: 'b', prefix: 'logs/' } } },
    secrets: {
      'storage.keyId': seal.seal('the-id', `cluster/${id}/storage.keyId`),
      'storage.key': seal.seal('the-key', `cluster/${id}/storage.key`),
    },
  }
  await store.write(async (tx) => {
    await tx.insert('cluster', cluster, clock.now())
    await tx.insert('logDelivery', { id, account: cluster.account, logs: {} }, clock.now())
  })
  const arrived = new Map<string, string>()
  const keys: LogObject['key'][] = []
  const opened = { count: 0 }
  const reached = Promise.withResolvers<void>()
  let holding: Promise<void> | undefined
  let away: 'no' | 'yes' | 'answers nothing' = 'no'
  // Each has nothing in memory: one that was killed is another one.
  const reconciler = () =>
    logDeliveryReconciler({
      store,
      clock,
      sealer: seal,
      log: silentLogger(),
      substrates: new Map([[substrate.name, substrate]]),
      async writer() {
        opened.count++
        return async ({ name, body, key }) => {
          reached.resolve()
          await holding
          if (away === 'yes') throw new Error('the store is away')
          arrived.set(name, Buffer.from(body).toString())
          keys.push(key)
          if (away === 'answers nothing') throw new Error('it was killed here')
        }
      },
    })
  return {
    id,
    cluster,
    store,
    reconciler,
    arrived,
    keys,
    opened,
    write: (node: string, text: string) => appendFileSync(file(node), text),
    rotate: (node: string) => renameSync(file(node), `${file(node)}.1`),
    forgetRotated: (node: string) => rmSync(`${file(node)}.1`),
    set: (next: typeof away) => (away = next),
    hold: (until: Promise<void>) => (holding = until),
    held: () => reached.promise,
    textOf: (node: string) =>
      [...arrived]
        .filter(([name]) => name.startsWith(`${id}/${node}/daemon/`))
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([, text]) => text)
        .join(''),
  }
}

test('what daemons write arrives once, through rotations, with the key of the client', async (t) => {
  const it = await stage(t)
  it.write('n-1', 'one\n')
  assert.deepEqual(await it.reconciler().reconcile(it.id), later)
  assert.deepEqual([...it.arrived], [[`${it.id}/n-1/daemon/00000001.log`, 'one\n']])
  it.write('n-1', 'two\nhal')
  it.write('n-2', 'other\n')
  await it.reconciler().reconcile(it.id)
  it.write('n-1', 'f\n')
  it.rotate('n-1')
  it.write('n-1', 'new\n')
  await it.reconciler().reconcile(it.id)
  await it.reconciler().reconcile(it.id)
  assert.equal(it.textOf('n-1'), 'one\ntwo\nhalf\nnew\n')
  assert.equal(it.textOf('n-2'), 'other\n')
  for (const key of it.keys) assert.deepEqual(key, { keyId: 'the-id', secret: 'the-key' })
})

test('the store is looked for once, however much there is to deliver, and not at all for nothing', async (t) => {
  const it = await stage(t)
  await it.reconciler().reconcile(it.id)
  assert.equal(it.opened.count, 0)
  it.write('n-1', 'one\n')
  it.write('n-2', 'other\n')
  await it.reconciler().reconcile(it.id)
  assert.deepEqual([it.arrived.size, it.opened.count], [2, 1])
})

test('a piece that arrived without anybody knowing it is delivered again under its name, with what came behind it', async (t) => {
  const it = await stage(t)
  it.write('n-1', 'one\n')
  it.set('answers nothing')
  assert.deepEqual(await it.reconciler().reconcile(it.id), later)
  it.set('no')
  it.write('n-1', 'two\n')
  await it.reconciler().reconcile(it.id)
  assert.deepEqual([...it.arrived], [[`${it.id}/n-1/daemon/00000001.log`, 'one\ntwo\n']])
})

test('a store that is away delays the pieces; what is deleted meanwhile is said to be missing, and replaces nothing', async (t) => {
  const it = await stage(t)
  it.write('n-1', 'one\n')
  await it.reconciler().reconcile(it.id)
  it.write('n-1', 'two\n')
  it.set('answers nothing')
  await it.reconciler().reconcile(it.id)
  it.set('yes')
  assert.deepEqual(await it.reconciler().reconcile(it.id), later)
  it.rotate('n-1')
  it.write('n-1', 'three\n')
  it.forgetRotated('n-1')
  it.set('no')
  await it.reconciler().reconcile(it.id)
  const text = it.textOf('n-1')
  assert.match(text, /^one\ntwo\n\(lines before this were deleted .*\)\nthree\n$/)
})

test('a log that grows faster than pieces is delivered in pieces of bounded size, the others in between', async (t) => {
  const it = await stage(t)
  const line = `${'x'.repeat(1_023)}\n`
  it.write('n-1', line.repeat(5_000))
  it.write('n-2', 'other\n')
  const { reconcile } = it.reconciler()
  assert.deepEqual(await reconcile(it.id), { done: false, againInMs: 0 })
  assert.equal(it.textOf('n-2'), 'other\n')
  assert.deepEqual(await reconcile(it.id), later)
  assert.equal(it.textOf('n-1'), line.repeat(5_000))
  for (const text of it.arrived.values()) assert.ok(text.length <= 524_288)
})

test('a store that hangs holds up two clusters at once, and no more', async (t) => {
  const it = await stage(t)
  it.write('n-1', 'one\n')
  const hang = Promise.withResolvers<void>()
  it.hold(hang.promise)
  const { reconcile } = it.reconciler()
  const held = [reconcile(it.id), reconcile(it.id)]
  await it.held()
  assert.deepEqual(await reconcile(it.id), { done: false, againInMs: limits.pollMs })
  hang.resolve()
  assert.deepEqual(await Promise.all(held), [later, later])
  assert.equal(it.textOf('n-1'), 'one\n')
})

test('before a cluster is removed its last lines are delivered, and a store that is away holds its end up once', async (t) => {
  const it = await stage(t)
  it.write('n-1', 'last\n')
  const reconciler = it.reconciler()
  it.set('yes')
  await reconciler.deliverLast(it.cluster)
  it.set('no')
  await reconciler.deliverLast(it.cluster)
  assert.equal(it.textOf('n-1'), '')
  const next = it.reconciler()
  await Promise.all([next.deliverLast(it.cluster), next.reconcile(it.id)])
  assert.equal(it.textOf('n-1'), 'last\n')
})

test('with its cluster, how far its logs came is forgotten', async (t) => {
  const it = await stage(t)
  await it.store.write(async (tx) => {
    const found = await tx.findById('cluster', it.id)
    if (!found) throw new Error('it is there')
    const status = { ...found.document.status, state: 'deleted' as const }
    await tx.save('cluster', found, { ...found.document, status })
  })
  assert.deepEqual(await it.reconciler().reconcile(it.id), { done: true })
  assert.equal(await it.store.read((tx) => tx.findById('logDelivery', it.id)), undefined)
})
