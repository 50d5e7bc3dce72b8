import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create, REGION } from '../../../../support/http/tencent-client.ts'

test('the flow of a creation is followed by number or trace from its first stage to its last', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'time', seconds: 30 } } },
  })
  const id = await create(cloud)
  const { rows } = await cloud.store.read((tx) =>
    tx.list('operation', { account: '100000000001', parent: id, order: 'id', limit: 9, offset: 0 }),
  )
  const { flow, trace } = rows[0]!.document
  const english = { port: cloud.port, language: 'en-US' as const }
  const follow = async (FKey: string, FValue: string) =>
    (
      await ask(english, 'DescribeClusterFlowStatusDetail', {
        InstanceId: id,
        FlowParam: { FKey, FValue },
        NeedExtraDetail: true,
      })
    ).response
  const started = await follow('FlowId', String(flow))
  assert.equal(started['FlowTotalStatus'], 1)
  assert.equal(started['FlowName'], 'Create Cluster')
  const stages = started['StageDetails'] as Record<string, unknown>[]
  assert.deepEqual(
    stages.map((stage) => [stage['Stage'], stage['Status']]),
    [
      ['applyCvm', 2],
      ['initializeService', 1],
      ['endPoint', 0],
    ],
    'what it needs was allocated with the request',
  )
  assert.equal(stages[2]?.['Starttime'], '0000-00-00 00:00:00')
  await cloud.settle()
  const done = await follow('TraceId', trace)
  assert.equal(done['FlowTotalStatus'], 2)
  assert.equal(done['FlowTotalProgress'], 1)
  for (const stage of done['StageDetails'] as Record<string, unknown>[]) {
    assert.equal(stage['Status'], 2)
    assert.match(String(stage['TimeConsuming']), /^takes \d+s$/)
  }
})

test('a flow that nobody knows is answered as one that has not begun', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  for (const FlowParam of [
    { FKey: 'FlowId', FValue: '999999' },
    { FKey: 'FlowId', FValue: 'first' },
    { FKey: 'TraceId', FValue: '1-2-3' },
  ]) {
    const request = { InstanceId: id, FlowParam }
    const { response } = await ask(cloud, 'DescribeClusterFlowStatusDetail', request)
    assert.equal(response['FlowTotalStatus'], 0)
    assert.equal(response['StageDetails'], null)
    assert.equal(response['FlowInfo'], '等待计费处理资源申请中')
  }
})

test('tagging several clusters tells of each how it went', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, { Tags: [{ TagKey: 'a', TagValue: '1' }] })
  await cloud.settle()
  const change = (ResourceId: string, members: Record<string, unknown>) => ({
    ResourceId,
    Resource: `qcs::emr:${REGION}:uin/:emr-instance/${ResourceId}`,
    ResourcePrefix: 'emr-instance',
    ResourceRegion: REGION,
    ServiceType: 'emr',
    ...members,
  })
  const tags = Array.from({ length: 20 }, (_, at) => ({ TagKey: `k${at}`, TagValue: '' }))
  const { response } = await ask(cloud, 'ModifyResourcesTags', {
    ModifyType: 'cluster',
    ModifyResourceTagsInfoList: [
      change(id, { ModifyTags: [{ TagKey: 'a', TagValue: '2' }], AddTags: [{ TagKey: 'b' }] }),
      change('emr-00000000', { DeleteTags: [{ TagKey: 'a' }] }),
      change(id, { AddTags: tags }),
    ],
  })
  assert.deepEqual(response['SuccessList'], [id])
  assert.deepEqual(response['FailList'], ['emr-00000000', id])
  assert.equal((response['ClusterToFlowIdList'] as unknown[]).length, 1)
  const list = await ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList' })
  const [cluster] = list.response['ClusterList'] as Record<string, unknown>[]
  assert.deepEqual(cluster?.['Tags'], [
    { TagKey: 'a', TagValue: '2' },
    { TagKey: 'b', TagValue: '' },
  ])
  assert.deepEqual(list.response['TagKeys'], ['a', 'b'])
})

test('tags of nodes and resources of another name are refused by name', async (t) => {
  const cloud = await startCloud(t)
  const info = {
    ResourceId: 'emr-vm-12345678',
    Resource: 'qcs::emr:ap-guangzhou:uin/:emr-vm/emr-vm-12345678',
    ResourcePrefix: 'emr-vm',
    ResourceRegion: REGION,
    ServiceType: 'emr',
  }
  const modify = (ModifyType: string, change: Record<string, unknown> = {}) =>
    ask(cloud, 'ModifyResourcesTags', {
      ModifyType,
      ModifyResourceTagsInfoList: [{ ...info, ...change }],
    })
  assert.equal((await modify('Node')).code, 'UnsupportedOperation')
  assert.match((await modify('Cluster')).message, /ResourcePrefix/)
  const other = await modify('Cluster', { ResourcePrefix: 'emr-instance' })
  assert.match(other.message, /ModifyResourceTagsInfoList\.0\.Resource/)
})
