import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { tree } from '../../../../support/fixture/emr-schedule.ts'
import { sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

test('a scheduler begins with one queue below the root', async (t) => {
  const it = await startEmr(t)
  const capacity = await tree(it, 'capacity')
  assert.deepEqual([capacity.myId, capacity['isRoot'], capacity.queues.length], ['root', true, 1])
  const [first] = capacity.queues
  assert.deepEqual(
    [first?.myId, first?.['isDefault'], first?.['parentId']],
    ['root.default', true, 'root'],
  )
  const [config] = first!['configs'] as { labels: unknown[] }[]
  assert.deepEqual(config?.labels, [
    { labelName: '<DEFAULT_PARTITION>', capacity: 100, 'maximum-capacity': 100 },
  ])
  assert.deepEqual(
    (await tree(it, 'fair')).queues.map(({ myId }) => myId),
    ['root.default'],
  )
  await it.refused('DescribeYarnQueue', [
    [{ Scheduler: 'fair', InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})

test('a cluster without YARN has no queues', async (t) => {
  const { ResourceSpec } = sampleCreateRequest()
  const members = {
    SceneName: 'Hadoop-Zookeeper',
    Software: ['zookeeper-3.6.1'],
    SupportHA: 1,
    ResourceSpec: { CommonResourceSpec: ResourceSpec.CoreResourceSpec, CommonCount: 3 },
  }
  const it = await startEmr(t, { members })
  await it.refused('DescribeYarnQueue', [[{ Scheduler: 'fair' }, 'FailedOperation', 'YARN']])
})
