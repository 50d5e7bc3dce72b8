import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('what terminating cannot do is refused by name, and the cluster stays', async (t) => {
  const cloud = await startCloud(t)
  const InstanceId = await create(cloud)
  await cloud.settle()
  for (const option of [
    { ResourceIds: ['emr-vm-12345678'] },
    { ResourceBaseType: 'ComputeResource' },
    { ComputeResourceId: 'emr-cr-12345678' },
    { RetainTkeCluster: true },
  ]) {
    const answer = await ask(cloud, 'TerminateInstance', { InstanceId, ...option })
    assert.equal(answer.code, 'UnsupportedOperation')
    assert.ok(answer.message.includes(`\`${Object.keys(option)[0]}\``), answer.message)
  }
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal((list.response['ClusterList'] as { Status: number }[])[0]?.Status, 2)
})

test('a cluster is terminated once: then it is in process, and then not found', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'time', seconds: 60 } } },
  })
  const InstanceId = await create(cloud)
  const terminate = () => ask(cloud, 'TerminateInstance', { InstanceId })
  assert.equal((await terminate()).code, 'ResourceInUse.InstanceInProcess')
  await cloud.settle()
  assert.equal((await terminate()).code, '')
  assert.equal((await terminate()).code, 'ResourceInUse.InstanceInProcess')
  await cloud.settle()
  assert.equal((await terminate()).code, 'ResourceNotFound.InstanceNotFound')
})

test('two terminations at once end in one', async (t) => {
  const cloud = await startCloud(t)
  const InstanceId = await create(cloud)
  await cloud.settle()
  const answers = await Promise.all(
    [1, 2, 3].map(() => ask(cloud, 'TerminateInstance', { InstanceId })),
  )
  const codes = answers.map((answer) => answer.code).sort()
  assert.equal(codes[0], '')
  for (const code of codes.slice(1)) {
    assert.ok(
      ['ResourceInUse.InstanceInProcess', 'ResourceNotFound.InstanceNotFound'].includes(code),
      code,
    )
  }
})

test('two creations at once with one token make one cluster', async (t) => {
  const cloud = await startCloud(t)
  const ids = await Promise.all([1, 2, 3].map(() => create(cloud, { ClientToken: 'same' })))
  assert.equal(new Set(ids).size, 1)
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(list.response['TotalCnt'], 1)
})

test('a cluster that does not answer any more can be terminated', async (t) => {
  const cloud = await startCloud(t)
  const InstanceId = await create(cloud)
  await cloud.settle()
  await cloud.store.write(async (tx) => {
    const found = (await tx.findById('cluster', InstanceId))!
    const { document } = found
    await tx.save('cluster', found, {
      ...document,
      status: { ...document.status, state: 'impaired' },
    })
  })
  assert.equal((await ask(cloud, 'TerminateInstance', { InstanceId })).code, '')
  await cloud.settle()
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  assert.equal(list.response['TotalCnt'], 0)
})
