import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

test('a flow is followed by its number to its end, and by its trace when it has one', async (t) => {
  const cloud = await startCloud(t)
  const InstanceId = await create(cloud)
  await cloud.settle()
  const change = {
    ResourceId: InstanceId,
    Resource: `qcs::emr:ap-guangzhou:uin/:emr-instance/${InstanceId}`,
    ResourcePrefix: 'emr-instance',
    ResourceRegion: 'ap-guangzhou',
    ServiceType: 'emr',
    AddTags: [{ TagKey: 'k', TagValue: 'v' }],
  }
  const tagged = await ask(cloud, 'ModifyResourcesTags', {
    ModifyType: 'Cluster',
    ModifyResourceTagsInfoList: [change],
  })
  const [flow] = tagged.response['ClusterToFlowIdList'] as { FlowId: number }[]
  const FlowParam = { FKey: 'FlowId', FValue: String(flow?.FlowId) }
  const seen = await ask(cloud, 'DescribeClusterFlowStatusDetail', { InstanceId, FlowParam })
  assert.deepEqual([seen.response['FlowTotalStatus'], seen.response['FlowTotalProgress']], [2, 1])
})

test('a flow that is not there is initial and empty, as the service answers; a cluster that is not there is refused', async (t) => {
  const cloud = await startCloud(t)
  const InstanceId = await create(cloud)
  const FlowParam = { FKey: 'TraceId', FValue: '1-2-3' }
  const unknown = await ask(cloud, 'DescribeClusterFlowStatusDetail', { InstanceId, FlowParam })
  assert.deepEqual(
    [unknown.response['FlowTotalStatus'], unknown.response['StageDetails']],
    [0, null],
  )
  const gone = await ask(cloud, 'DescribeClusterFlowStatusDetail', {
    InstanceId: 'emr-00000000',
    FlowParam,
  })
  assert.equal(gone.code, 'ResourceNotFound.InstanceNotFound')
})
