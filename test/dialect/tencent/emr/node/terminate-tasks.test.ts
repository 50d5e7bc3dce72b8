import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withTask } from '../../../../support/http/tencent-request.ts'

test('task nodes go by their ids, and no other node does', async (t) => {
  const cloud = await startCloud(t)
  const { ResourceSpec } = withTask()
  const InstanceId = await create(cloud, { ResourceSpec: { ...ResourceSpec, TaskCount: 3 } })
  await cloud.settle()
  const list = async () => {
    const request = { InstanceId, NodeFlag: 'all' }
    const { response } = await ask(cloud, 'DescribeClusterNodes', request)
    return response['NodeList'] as Record<string, string>[]
  }
  const ids = new Map((await list()).map(({ NameTag, EmrResourceId }) => [NameTag, EmrResourceId]))
  const terminate = (...ResourceIds: unknown[]) =>
    ask(cloud, 'TerminateTasks', { InstanceId, ResourceIds })
  const before = await cloud.store.read((tx) => tx.findById('cluster', InstanceId))
  for (const [id, code] of [
    [ids.get('core.0'), 'InvalidParameter.InvalidResourceIds'],
    ['ins-12345678', 'InvalidParameter.InvalidResourceIds'],
    ['emr-vm-zzzzzzzz', 'ResourceNotFound.ResourceNotFound'],
  ])
    assert.equal((await terminate(ids.get('task.0'), id)).code, code)
  assert.deepEqual(await cloud.store.read((tx) => tx.findById('cluster', InstanceId)), before)
  // Nobody carries the change out, so that it is still under way when the next one is requested: task nodes go at once.
  await cloud.loop.stop()
  // As the documents' example writes an id, and the same one twice.
  const answer = await terminate(`${ids.get('task.1')}\r\n`, ids.get('task.1'))
  assert.deepEqual(Object.keys(answer.response), ['RequestId'])
  assert.equal((await terminate(ids.get('task.0'))).code, 'ResourceInUse.InstanceInProcess')
  cloud.loop.start()
  await cloud.settle()
  assert.deepEqual(
    (await list()).map(({ NameTag }) => NameTag),
    ['master.0', 'core.0', 'core.1', 'task.0', 'task.2'],
  )
  const unknown = { InstanceId: 'emr-zzzzzzzz', ResourceIds: ['emr-vm-zzzzzzzz'] }
  const lost = await ask(cloud, 'TerminateTasks', unknown)
  assert.equal(lost.code, 'ResourceNotFound.InstanceNotFound')
})
