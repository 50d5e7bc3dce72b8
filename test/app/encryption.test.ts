import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { manualClock } from '../../src/kernel/clock.ts'
import { sealer } from '../../src/kernel/seal.ts'
import { encryption } from '../../src/app/encryption.ts'
import { DATA_KEY } from '../../src/domain/encryption-key.ts'
import { environments } from '../../src/app/environment/environments.ts'
import { builtInKeys } from '../../src/adapter/kms/built-in.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { sampleEnvironment, type EnvironmentChange } from '../support/fixture/environment.ts'
import { sampleCall, sampleCluster } from '../support/fixture/sample.ts'

const region = 'r-1'
const call = sampleCall({ region })
const account = call.principal.account
const key = (id: string) => ({ account, region, id })
const resource = (id: string, more: object = {}) =>
  ({ kind: 'encryption-key', id, region, ...more }) as const

function fresh(t: TestContext, change: EnvironmentChange = {}) {
  const store = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => store.close())
  const sealing = sealer(new Uint8Array(32))
  const keys = builtInKeys({ store, sealer: sealing, clock: manualClock() })
  let environment = sampleEnvironment(change)
  const inForce = () => environment
  const around = environments({ store, inForce })
  const it = encryption({ keys, inForce, environments: around, sealer: sealing })
  const clusterOf = (id: string, wrapped: string, secretOf = 'c-1') =>
    sampleCluster({
      region,
      account,
      spec: { encryption: { key: id } },
      secrets: { [DATA_KEY]: sealing.seal(wrapped, `cluster/${secretOf}/${DATA_KEY}`) },
    })
  const declare = (next: EnvironmentChange) => (environment = sampleEnvironment(next))
  return { keys, it, clusterOf, declare }
}

const missing = (id: string, known: readonly string[] = []) => ({
  code: 'ResourceMissing',
  facts: { what: 'encryption-key', id, known },
})

test('an open environment adopts a key on first sight, a closed one wants it declared', async (t) => {
  const open = fresh(t)
  const { uses } = await open.it.dataKey(call, 'key-1')
  assert.deepEqual(uses, resource('key-1'))
  const closed = fresh(t, { mode: 'closed', resources: [resource('key-2')] })
  await assert.rejects(closed.it.dataKey(call, 'key-1'), missing('key-1', ['key-2']))
  assert.deepEqual((await closed.it.dataKey(call, 'key-2')).uses, resource('key-2'))
})

test('a key that was made needs no declaration', async (t) => {
  const { keys, it } = fresh(t, { mode: 'closed' })
  await keys.generateDataKey(key('key-1'), {})
  assert.equal((await it.dataKey(call, 'key-1')).uses, undefined)
})

test('what the environment declares as absent or unusable is so, whatever the key service has', async (t) => {
  const { keys, it, clusterOf, declare } = fresh(t)
  const { wrapped } = await it.dataKey(call, 'key-1')
  const cluster = clusterOf('key-1', wrapped)
  assert.equal((await it.open(cluster))?.length, 32)
  assert.equal(await keys.describe(key('key-1')), 'enabled')
  declare({ resources: [resource('key-1', { absent: true })] })
  await assert.rejects(it.dataKey(call, 'key-1'), missing('key-1'))
  await assert.rejects(it.open(cluster), missing('key-1'))
  declare({ resources: [resource('key-1', { problem: 'it is being rotated' })] })
  const unfit = { code: 'ResourceUnfit' }
  await assert.rejects(it.dataKey(call, 'key-1'), unfit)
  await assert.rejects(it.open(cluster), unfit)
})

test('each cluster has a data key of its own', async (t) => {
  const { it, clusterOf } = fresh(t)
  const opened = await Promise.all(
    [1, 2].map(async () => it.open(clusterOf('key-1', (await it.dataKey(call, 'key-1')).wrapped))),
  )
  assert.notDeepEqual(opened[0], opened[1])
})

test('a wrapped key that was sealed for another cluster is not opened', async (t) => {
  const { it, clusterOf } = fresh(t)
  const { wrapped } = await it.dataKey(call, 'key-1')
  await assert.rejects(it.open(clusterOf('key-1', wrapped, 'c-2')))
})

test('a cluster without encryption has no data key', async (t) => {
  assert.equal(await fresh(t).it.open(sampleCluster()), undefined)
})

test('disabling the key later keeps it closed', async (t) => {
  const { keys, it, clusterOf } = fresh(t)
  const cluster = clusterOf('key-1', (await it.dataKey(call, 'key-1')).wrapped)
  await keys.administration.setState(key('key-1'), 'disabled')
  await assert.rejects(it.open(cluster), { code: 'ResourceUnfit' })
  await assert.rejects(it.dataKey(call, 'key-1'), { code: 'ResourceUnfit' })
})
