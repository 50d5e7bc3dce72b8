/**
 * Clusters that others carry cost the Kubernetes cluster nothing: an idle server asks it for no more beside many of them than beside none.
 * 10 000 with EMRYS_LONG, else fewer.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Store } from '../../src/store/port.ts'
import { startInstance, untilRunning } from '../support/fixture/alibaba-instance.ts'
import { createBody } from '../support/http/alibaba-client.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { DISCOVERY, type Asked } from './counted-client.ts'
import { fakeFrontends } from './fake-frontends.ts'
import { onKubernetes } from './instance-cloud.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const BESIDE = process.env['EMRYS_LONG'] === '1' ? 10_000 : 500
const BATCH = 500
/** Longer than what is looked for now and then comes back. */
const IDLE_MS = 20_000

const group = { cu: 8, storageSize: 100, storagePerformanceLevel: 'pl1', diskNumber: 1 }
const body = {
  RunMode: 'shared_nothing',
  PromotionOptionNo: '',
  ObserverNodeGroups: [],
  FrontendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
  BackendNodeGroups: [{ ...group, residentNodeNumber: 3 }],
}

/** Copies of a cluster, without going through the API. */
async function copied(store: Store, id: string, count: number): Promise<void> {
  const sample = await store.read((tx) => tx.findById('cluster', id))
  assert.ok(sample)
  const { document } = sample
  for (let from = 0; from < count; from += BATCH)
    await store.write(async (tx) => {
      for (let at = from; at < from + BATCH; at++) {
        const copy = { ...document, id: `c-copy${at}`, name: `copy-${at}` }
        await tx.insert('cluster', copy, document.createdMs)
      }
    })
}

test(
  'an idle server asks for no more beside many simulated clusters',
  { skip, timeout: 600_000 },
  async (t) => {
    const world = await startWorld(t)
    await world.client.create('/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'none.example/none',
    })
    const asked: Asked = { requests: 0, watches: 0 }
    const instance = await startInstance(t, {
      body,
      ...onKubernetes(world, {
        provision: { storageClasses: { pl1: 'fast' }, zones: {}, images: 'starrocks' },
        frontends: fakeFrontends(world.kubelet, { any: true }),
        asked,
      }),
    })
    const { call, cloud } = instance
    const simulated = await call('CreateInstanceV1', {
      body: createBody({ ...body, Tags: [{ key: 'emrys:substrate', value: 'simulation' }] }),
    })
    const id = String(simulated.body.Data.InstanceId)
    const describe = async () =>
      (await call('DescribeInstances', { query: { InstanceId: id } })).body.Data[0]
    await untilRunning({ describe })
    const idle = async () => {
      await pause(IDLE_MS)
      const before = asked.requests
      const started = process.cpuUsage()
      await pause(IDLE_MS)
      const { user, system } = process.cpuUsage(started)
      const memoryMib = Math.round(process.memoryUsage().rss / 2 ** 20)
      const processorMs = Math.round((user + system) / 1_000)
      return { requests: asked.requests - before, watches: asked.watches, processorMs, memoryMib }
    }
    const alone = await idle()
    await copied(cloud.store, id, BESIDE)
    const beside = await idle()
    t.diagnostic(`alone ${JSON.stringify(alone)}; beside ${BESIDE} ${JSON.stringify(beside)}`)
    assert.equal(beside.watches, alone.watches)
    assert.ok(beside.requests <= alone.requests + DISCOVERY)
  },
)
