import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { loadConfig } from '../../src/config/config.ts'
import { askAdmin } from '../support/http/admin.ts'
import { instanceBody } from '../support/http/body.ts'
import { client } from '../support/http/client.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import {
  createInstance,
  directoriesOf,
  enginesOf,
  localDataDirectory,
} from '../support/engine/local-instances.ts'

const create = '/webapi/cluster/createV1'

test('a reset removes everything, tokens and the simulated world included, and the server continues', async (t) => {
  const cloud = await startCloud(t, { config: { allowReset: true } })
  const api = client(cloud.port)
  t.after(() => api.close())
  const body = instanceBody('one', 'token-1')
  const first = await api.alibaba(create, { body })
  await cloud.settle()
  const { status, body: reported } = await askAdmin(cloud.port, 'reset', {
    method: 'POST',
    body: {},
  })
  assert.deepEqual([status, reported], [200, { removedClusters: 1 }])
  assert.equal((await askAdmin(cloud.port, 'clusters')).body.total, 0)
  assert.equal((await askAdmin(cloud.port, 'operations')).body.total, 0)
  const idOf = (answer: typeof first) => (answer.body['Data'] as { InstanceId: string }).InstanceId
  const world = await cloud.substrates.get('simulation')!.observe(idOf(first))
  assert.equal(world.present, false)
  assert.equal(await cloud.store.nextDueMs(), undefined)
  const again = await api.alibaba(create, { body })
  assert.equal(again.status, 200)
  assert.notEqual(idOf(again), idOf(first))
  await cloud.settle()
  const { clusters } = (await askAdmin(cloud.port, 'clusters')).body
  assert.deepEqual([clusters.length, clusters[0].state], [1, 'running'])
  const { entries } = (await askAdmin(cloud.port, 'audit')).body
  assert.ok(entries.some((entry: { action: string }) => entry.action === 'reset'))
})

test('a server that was not started for it refuses, and keeps everything', async (t) => {
  const cloud = await startCloud(t)
  const api = client(cloud.port)
  t.after(() => api.close())
  await api.alibaba(create, { body: instanceBody('one') })
  const { status, body } = await askAdmin(cloud.port, 'reset', { method: 'POST', body: {} })
  assert.equal(status, 403)
  assert.match(body.error, /--allow-reset/)
  assert.equal((await askAdmin(cloud.port, 'clusters')).body.total, 1)
})

test(
  'instances on this machine end with their data as well',
  { skip: !existsSync('/proc') },
  async (t) => {
    const dataDir = localDataDirectory(t)
    const { local } = loadConfig({}).config
    const config = {
      allowReset: true,
      local: { ...local, keepRunning: false },
      substrates: { default: 'simulation', starrocks: 'local' },
    }
    const cloud = await startCloud(t, { dataDir, config })
    await createInstance(cloud.port)
    assert.equal(enginesOf(dataDir).length, 1)
    const { status, body } = await askAdmin(cloud.port, 'reset', { method: 'POST', body: {} })
    assert.deepEqual([status, body.removedClusters], [200, 1])
    assert.deepEqual([enginesOf(dataDir), directoriesOf(dataDir)], [[], []])
  },
)
