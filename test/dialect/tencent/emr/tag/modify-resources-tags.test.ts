import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

function change(id: string, members: object) {
  return {
    ResourceId: id,
    Resource: `qcs::emr:ap-guangzhou:uin/:emr-instance/${id}`,
    ResourcePrefix: 'emr-instance',
    ResourceRegion: 'ap-guangzhou',
    ServiceType: 'emr',
    ...members,
  }
}

test('tags are added, changed and removed for each cluster by itself, and what fails is reported', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, {
    Tags: [
      { TagKey: 'old', TagValue: '1' },
      { TagKey: 'kept', TagValue: '1' },
    ],
  })
  const modify = (...changes: readonly object[]) =>
    ask(cloud, 'ModifyResourcesTags', {
      ModifyType: 'cluster',
      ModifyResourceTagsInfoList: changes,
    })
  const first = {
    AddTags: [{ TagKey: 'new', TagValue: '2' }],
    ModifyTags: [{ TagKey: 'kept', TagValue: '2' }],
    DeleteTags: [{ TagKey: 'old', TagValue: '' }],
  }
  const { response } = await modify(change(id, first), change('emr-00000000', first))
  assert.deepEqual([response['SuccessList'], response['FailList']], [[id], ['emr-00000000']])
  const list = await ask(cloud, 'DescribeInstances', {
    DisplayStrategy: 'clusterList',
    InstanceIds: [id],
  })
  const [found] = list.response['ClusterList'] as { Tags: { TagKey: string; TagValue: string }[] }[]
  const tags = found?.Tags.map((tag) => `${tag.TagKey}=${tag.TagValue}`).sort()
  assert.deepEqual(tags, ['kept=2', 'new=2'])
})

test('nodes have no tags of their own, and a resource must name its cluster', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  const modify = (ModifyType: string, it: object) =>
    ask(cloud, 'ModifyResourcesTags', { ModifyType, ModifyResourceTagsInfoList: [it] })
  assert.equal((await modify('Node', change(id, {}))).code, 'UnsupportedOperation')
  const other = change(id, { Resource: 'qcs::emr:ap-guangzhou:uin/:emr-instance/emr-00000000' })
  assert.equal((await modify('Cluster', other)).code, 'InvalidParameterValue')
})

test('prefix and service are read from the resource when they are not sent, as the Terraform provider does', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  const modify = (it: object) =>
    ask(cloud, 'ModifyResourcesTags', {
      ModifyType: 'Cluster',
      ModifyResourceTagsInfoList: [
        {
          ResourceId: id,
          Resource: `qcs::emr:ap-guangzhou:uin/:emr-instance/${id}`,
          ResourceRegion: 'ap-guangzhou',
          AddTags: [{ TagKey: 'k', TagValue: 'v' }],
          ...it,
        },
      ],
    })
  assert.deepEqual((await modify({})).response['SuccessList'], [id])
  // The same again: the tag is there already, and what is deleted is gone already.
  const again = await modify({ DeleteTags: [{ TagKey: 'gone', TagValue: '' }] })
  assert.deepEqual(again.response['SuccessList'], [id])
  assert.deepEqual((await modify({ ResourcePrefix: 'emr' })).response['SuccessList'], [id])
  for (const contradiction of [
    { ResourcePrefix: 'emr-vm' },
    { ServiceType: 'cvm' },
    { ResourceRegion: 'ap-shanghai' },
    { Resource: `qcs::emr:ap-guangzhou:uin/100000000002:emr-instance/${id}` },
    { Resource: `qcs::cvm:ap-guangzhou:uin/:emr-instance/${id}` },
    { Resource: `qcs::emr:ap-guangzhou:uin/:emr-vm/${id}` },
  ])
    assert.equal((await modify(contradiction)).code, 'InvalidParameterValue')
})
