import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../../../../../src/domain/cluster/cluster.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const [backend] = createBody().BackendNodeGroups
const two = { BackendNodeGroups: [backend, { ...backend, nodeGroupName: 'second' }] }

const cusOf = ({ reservations = [] }: Cluster) =>
  reservations
    .filter(({ measure }) => measure === 'machine')
    .reduce((sum, { amount }) => sum + amount, 0)

test('a group is drained, shown as it goes, and leaves nothing', async (t) => {
  const it = await startInstance(t, { body: two })
  const simulation = it.cloud.substrates.get('simulation')!
  const before = await it.document()
  const { NodeGroupId } = (await it.groups())[2]
  simulation.pacing!.set('starrocks', 'manual:1000')
  assert.equal((await it.send('ReleaseNodeGroup', { NodeGroupId })).body.Data, true)
  await it.cloud.loop.drain()
  const phases = (await simulation.observe(it.id)).groups
    .find(({ id }) => id === NodeGroupId)
    ?.nodes.map(({ phase }) => phase)
  assert.deepEqual(phases, ['draining', 'draining', 'draining'])
  const [, , going] = await it.groups()
  assert.deepEqual([going.NodeGroupId, going.Status], [NodeGroupId, 'DELETING'])
  assert.equal((await it.describe()).InstanceStatus, 'updating')
  const busy = await it.refusal('ReleaseNodeGroup', { NodeGroupId })
  assert.equal(busy.code, 'OperationDenied.InstanceStatus')

  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.equal((await it.groups()).length, 2)
  const [done] = await it.history()
  assert.deepEqual([done.OperationType, done.OperationStatus], ['delete_node_group', 'COMPLETED'])
  assert.ok(!JSON.stringify(await simulation.observe(it.id)).includes(NodeGroupId))
  const now = await it.document()
  assert.deepEqual(now.spec.groups, before.spec.groups.slice(0, 2))
  assert.equal(cusOf(now), cusOf(before) - 24)
  assert.equal((await it.refusal('ReleaseNodeGroup', { NodeGroupId })).code, 'NodeGroup.NotFound')
  // Its addresses are free again: a group of the same size gets them.
  await it.call('CreateNodeGroup', { body: { instanceId: it.id, residentNodeNumber: 3 } })
  await it.cloud.settle()
  const addresses = (cluster: typeof now) =>
    cluster.spec.groups[2]!.nodes.map((node) => node.address)
  assert.deepEqual(addresses(await it.document()), addresses(before))
})

test('a group without nodes goes as well', async (t) => {
  const it = await startInstance(t, { body: two })
  const { NodeGroupId } = (await it.groups())[2]
  await it.send('ModifyNodeNumber', { NodeGroupId, Target: 0 })
  await it.cloud.settle()
  await it.send('ReleaseNodeGroup', { NodeGroupId })
  await it.cloud.settle()
  assert.equal((await it.groups()).length, 2)
  assert.equal((await it.describe()).InstanceStatus, 'running')
})

test('what belongs to its instance stays, and a subscription is unsubscribed', async (t) => {
  const observers = createBody().ObserverNodeGroups
  const it = await startInstance(t, { body: { ObserverNodeGroups: observers } })
  for (const component of ['FE', 'CN', 'OBSERVER']) {
    const refused = await it.refusal('ReleaseNodeGroup', {}, component)
    assert.equal(refused.code, 'UnsupportedOperation', component)
    assert.match(refused.message, /belongs to its instance/)
  }
  const [first, ...more] = createBody().BackendNodeGroups
  const nothing = await startInstance(t, {
    body: {
      RunMode: 'shared_nothing',
      BackendNodeGroups: [first, { ...first, nodeGroupName: 'b' }, ...more],
    },
  })
  const { NodeGroupId: backends } = (await nothing.groups())[2]
  const data = await nothing.refusal('ReleaseNodeGroup', { NodeGroupId: backends })
  assert.match(data.message, /belongs to its instance/)
  const prepaid = await startInstance(t, { body: { ...two, PayType: 'prePaid' } })
  const { NodeGroupId } = (await prepaid.groups())[2]
  const paid = await prepaid.refusal('ReleaseNodeGroup', { NodeGroupId })
  assert.match(paid.message, /Releasing a prePaid node group is not supported/)
  assert.equal(
    (await prepaid.refusal('ReleaseNodeGroup', { NodeGroupId: 'ng-0' })).code,
    'NodeGroup.NotFound',
  )
  assert.equal(
    (await prepaid.refusal('ReleaseNodeGroup', { NodeGroupId, InstanceId: 'c-0' })).code,
    'Instance.NotFound',
  )
})
