/** What keeps an instance on Kubernetes from coming to be, or from being changed, as the vendor's client reads it. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { systemClock } from '../../src/kernel/clock.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { alibabaClient, createBody } from '../support/http/alibaba-client.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { fakeFrontends } from './fake-frontends.ts'
import { onKubernetes } from './instance-cloud.ts'
import { startWebhook } from './webhook.ts'
import { startWorld } from './world.ts'
import { until } from './until.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const MINUTE_MS = 60_000

test('the vendor’s client reads why', { skip, timeout: 600_000 }, async (t) => {
  const world = await startWorld(ending)
  const webhook = await startWebhook(ending, world.ask, [
    { group: 'starrocks.com', resource: 'starrocksclusters' },
  ])
  const { client, kubelet } = world
  await client.apply({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast' },
    provisioner: 'none.example/none',
  })
  const clock = systemClock()
  const { cloud: options, before } = onKubernetes(world, {
    provision: { storageClasses: { '*': 'fast' }, zones: {}, images: 'starrocks' },
    frontends: fakeFrontends(kubelet),
    clock,
  })
  const cloud = await startCloud(t, options)
  await before(cloud)
  const call = alibabaClient(cloud.port)
  const group = { cu: 8, storageSize: 200, storagePerformanceLevel: 'pl1', diskNumber: 1 }
  const create = async () => {
    const body = createBody({
      PromotionOptionNo: '',
      RunMode: 'shared_nothing',
      FrontendNodeGroups: [{ ...group, residentNodeNumber: 1 }],
      BackendNodeGroups: [{ ...group, residentNodeNumber: 3 }],
      ObserverNodeGroups: [],
    })
    const answer = await call('CreateInstanceV1', { body })
    return String(answer.body.Data.InstanceId)
  }
  const reasonOf = async (id: string) => {
    const found = await cloud.store.read((tx) => tx.findById('cluster', id))
    return `${found?.document.status.state}: ${found?.document.status.reason}`
  }
  const activitiesOf = async (id: string) => {
    const query = { RegionId: 'cn-hangzhou', InstanceId: id }
    return JSON.stringify((await call('ListOperationActivity', { query })).body)
  }
  const shown = (id: string, reason: RegExp) =>
    until(async () => reason.test(await reasonOf(id)), { describe: () => reasonOf(id) })
  const released = async (id: string) => {
    await call('ReleaseInstance', { query: { RegionId: 'cn-hangzhou', InstanceId: id } })
    await shown(id, /^deleted/)
    const namespace = { type: resources.namespace, name: `emrys-${id}` }
    assert.equal(await client.find(namespace), undefined)
  }

  await t.test(
    'of an image that cannot be had: while it is waited for, and after that',
    async () => {
      const message = 'Back-off pulling image: manifest unknown'
      kubelet.fail(({ metadata }) =>
        metadata.name === 'sr-be-1' ? { kind: 'image', message } : undefined,
      )
      const id = await create()
      await shown(id, /^creating: sr-be-1: (Err|)Image/)
      clock.advance(6 * MINUTE_MS)
      await shown(
        id,
        /^failed: sr-be-1: ImagePullBackOff, Back-off pulling image: manifest unknown/,
      )
      assert.match(await activitiesOf(id), /sr-be-1: ImagePullBackOff/)
      kubelet.fail(() => undefined)
      await released(id)
    },
  )

  await t.test('of a policy that refuses it, at once; of a change, which goes back', async () => {
    const words = 'no cost centre'
    webhook.refuse({ kind: 'StarRocksCluster', words })
    const refused = await create()
    await shown(refused, /^failed: .*no cost centre/)
    assert.match(await activitiesOf(refused), /no cost centre/)
    await released(refused)
    webhook.refuse(undefined)
    const id = await create()
    await shown(id, /^running/)
    webhook.refuse({ kind: 'StarRocksCluster', words })
    const query = { ClusterId: id }
    const groups = (await call('DescribeNodeGroups', { query })).body.Data
    const { NodeGroupId } = groups.find(
      (each: { readonly ComponentType: string }) => each.ComponentType === 'BE',
    )
    const scale = { RegionId: 'cn-hangzhou', InstanceId: id, NodeGroupId, Target: '4' }
    await call('ModifyNodeNumber', { query: scale })
    await shown(id, /^changing: .*no cost centre/)
    webhook.refuse(undefined)
    await shown(id, /^running/)
    assert.match(await activitiesOf(id), /no cost centre/)
    assert.equal((await client.list(resources.pod, { namespace: `emrys-${id}` })).length, 4)
    await released(id)
  })
})
