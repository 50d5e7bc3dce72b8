import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { ask, sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

test('the database of metadata is the one that the cluster is shown with', async (t) => {
  const { Software } = sampleCreateRequest()
  const members = { Software: [...Software, 'hive-2.3.7'], MetaType: 'EMR_NEW_META' }
  const it = await startEmr(t, { members })
  const { MetaDBGroupInfo } = await it.answer('DescribeMetaDBInfo')
  const [own] = MetaDBGroupInfo as Record<string, unknown>[]
  assert.deepEqual([own?.['MetaType'], own?.['MetaDataPass']], ['EMR_DEFAULT_META', ''])
  const { response } = await ask(it.cloud, 'DescribeInstances', {
    InstanceIds: [it.id],
    DisplayStrategy: 'clusterList',
  })
  const [cluster] = response['ClusterList'] as Record<string, unknown>[]
  assert.deepEqual(cluster?.['MetaDBGroupInfo'], MetaDBGroupInfo)
})

test('a cluster without one has an empty list, and one that is not there is refused', async (t) => {
  const it = await startEmr(t)
  assert.deepEqual((await it.answer('DescribeMetaDBInfo'))['MetaDBGroupInfo'], [])
  await it.refused('DescribeMetaDBInfo', [
    [{ InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ])
})
