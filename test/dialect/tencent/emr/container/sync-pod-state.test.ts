import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

const report = (OwnerCluster: string, members: object) => ({
  InstanceId: undefined,
  Message: {
    Name: 'pod-1',
    Uuid: '3435346',
    State: 'POD_STATE_RUNNING',
    Reason: '',
    OwnerCluster,
    Memory: 0,
    ...members,
  },
})
const DELETED = { State: 'POD_STATE_DELETED' }

test('a pod of the cluster that was deleted is recreated, and no other one', async (t) => {
  const it = await startContainers(t, { seconds: 60 })
  const [first] = await it.pods()
  const own = { Name: first?.NameTag, Uuid: first?.SerialNo, ...DELETED }
  const starts = async () => {
    const found = await it.cloud.store.read((tx) => tx.findById('cluster', it.id))
    return found!.document.spec.groups.flatMap(({ nodes }) => nodes.map(({ restarts }) => restarts))
  }
  await it.answer('SyncPodState', report(it.id, own))
  assert.equal(await it.status(), 8)
  await it.cloud.settle()
  assert.equal(await it.status(), 2)
  const { ServiceNodeList } = await it.answer('DescribeServiceNodeInfos')
  const times = (ServiceNodeList as { LastRestartTime: string }[]).map(
    ({ LastRestartTime }) => LastRestartTime,
  )
  const [restarted, ...others] = times
  assert.ok(others.every((time) => time < restarted!))
  assert.deepEqual(await starts(), [1, 0, 0, 0, 0, 0, 0, 0])
})

test("a pod of its owner's keeps the cluster from being terminated until it is gone", async (t) => {
  const it = await startContainers(t)
  await it.answer('SyncPodState', report(it.id, {}))
  const custom = 'FailedOperation.NamespaceHasUserCustomPods'
  await it.refused('TerminateInstance', [[{}, custom, 'pod-1']])
  await it.answer('SyncPodState', report(it.id, DELETED))
  await it.answer('TerminateInstance')
})

test('what says nothing is refused by name', async (t) => {
  const it = await startContainers(t)
  const machines = await startEmr(t)
  const [first] = await it.pods()
  const Name = first?.NameTag
  const IPV = 'InvalidParameterValue'
  await it.refused('SyncPodState', [
    [report('emr-0', {}), IPV, 'Message.OwnerCluster'],
    [report(it.id, { State: 'GONE' }), IPV, 'Message.State'],
    [report(it.id, { Name }), IPV, 'Message.State'],
    [report(it.id, { Name, ...DELETED }), IPV, 'Message.Uuid'],
  ])
  const answer = await machines.ask('SyncPodState', report(machines.id, {}))
  assert.equal(answer.code, IPV)
})
