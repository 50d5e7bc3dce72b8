import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud, type Cloud } from '../../../../support/fixture/cloud.ts'
import { askAdmin } from '../../../../support/http/admin.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { slCreateRequest } from '../../../../support/http/tencent-request.ts'

const ACTION = 'ModifyResourceTags'

function resource(id: string, { region = 'ap-guangzhou', account = '' } = {}) {
  return `qcs::emr:${region}:uin/${account}:emr-instance/${id}`
}

async function shown(cloud: Cloud, id: string): Promise<readonly string[]> {
  const request = { DisplayStrategy: 'clusterList', InstanceIds: [id] }
  const { response } = await ask(cloud, 'DescribeInstances', request)
  const [found] = response['ClusterList'] as { Tags: { TagKey: string; TagValue: string }[] }[]
  return (found?.Tags ?? []).map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`).sort()
}

test('tags are set and removed at once; EMR shows them, its history and the audit know it', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, {
    Tags: [
      { TagKey: 'old', TagValue: '1' },
      { TagKey: 'kept', TagValue: '1' },
    ],
  })
  const ReplaceTags = [
    { TagKey: 'kept', TagValue: '2' },
    { TagKey: 'new', TagValue: '' },
  ]
  const changed = await ask(cloud, ACTION, {
    Resource: resource(id),
    ReplaceTags,
    DeleteTags: [{ TagKey: 'old' }, { TagKey: 'never there' }],
  })
  assert.equal(changed.code, '', changed.message)
  assert.deepEqual(await shown(cloud, id), ['kept=2', 'new='])
  const { body: audit } = await askAdmin(cloud.port, 'audit')
  const entry = (audit.entries as Record<string, string>[]).find(
    (each) => each['action'] === ACTION,
  )
  assert.equal(entry?.['subject'], id)
  assert.equal(entry?.['region'], 'ap-guangzhou')
  const { body: history } = await askAdmin(cloud.port, `operations?cluster=${id}`)
  const verbs = (history.operations as { verb: string }[]).map(({ verb }) => verb)
  assert.ok(verbs.includes('tag'), verbs.join())

  const back = await ask(cloud, 'ModifyResourcesTags', {
    ModifyType: 'Cluster',
    ModifyResourceTagsInfoList: [
      {
        ResourceId: id,
        Resource: resource(id),
        ResourceRegion: 'ap-guangzhou',
        AddTags: [{ TagKey: 'emr', TagValue: 'too' }],
      },
    ],
  })
  assert.deepEqual(back.response['SuccessList'], [id])
  const { response } = await ask(cloud, 'DescribeResourceTags', { ResourceId: id })
  const keys = (response['Rows'] as Record<string, string>[]).map((row) => row['TagKey'])
  assert.deepEqual(new Set(keys), new Set(['emr', 'kept', 'new']))
})

test("a resource may leave its region and account out, and must be the caller's", async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  const code = async (Resource: string) =>
    (await ask(cloud, ACTION, { Resource, ReplaceTags: [{ TagKey: 'k', TagValue: 'v' }] })).code
  for (const it of [
    resource(id),
    resource(id, { region: 'gz' }),
    resource(id, { region: '' }),
    resource(id, { account: '100000000001' }),
  ])
    assert.equal(await code(it), '', it)
  for (const it of [
    resource(id, { region: 'ap-shanghai' }),
    resource(id, { account: '100000000002' }),
    resource('emr-00000000'),
    `qcs::cvm:ap-guangzhou:uin/:instance/${id}`,
    `qcs::emr:ap-guangzhou:uin/:emr-vm/${id}`,
    id,
  ])
    assert.equal(await code(it), 'InvalidParameterValue.ResourceDescriptionError', it)
})

test('what a tag may not be is refused with the codes of the tag service, and nothing is changed', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, { Tags: [{ TagKey: 'kept', TagValue: '1' }] })
  const set = (TagKey: string, TagValue = 'v') => ({ ReplaceTags: [{ TagKey, TagValue }] })
  const many = Array.from({ length: 20 }, (_, at) => ({ TagKey: `k${at}`, TagValue: 'v' }))
  const cases: readonly (readonly [string, object])[] = [
    ['MissingParameter', {}],
    ['InvalidParameterValue.TagKeyEmpty', set('')],
    ['InvalidParameterValue.TagKeyLengthExceeded', set('x'.repeat(256))],
    ['InvalidParameterValue.TagKeyCharacterIllegal', set('a*b')],
    ['InvalidParameter.ReservedTagKey', set('project')],
    ['InvalidParameterValue.TagValueLengthExceeded', set('k', 'x'.repeat(128))],
    ['InvalidParameterValue.TagValueCharacterIllegal', set('k', '\n')],
    ['InvalidParameter.Tag', { ReplaceTags: [many[0], many[0]] }],
    ['InvalidParameter.Tag', { DeleteTags: [] }],
    [
      'InvalidParameterValue.DeleteTagsParamError',
      { ...set('kept'), DeleteTags: [{ TagKey: 'kept' }] },
    ],
    ['LimitExceeded.ResourceAttachedTags', { ReplaceTags: many }],
    [
      'LimitExceeded.ResourceAttachedTags',
      { ReplaceTags: [...many, { TagKey: 'y', TagValue: '' }] },
    ],
  ]
  for (const [code, members] of cases) {
    const answer = await ask(cloud, ACTION, { Resource: resource(id), ...members })
    assert.equal(answer.code, code, JSON.stringify(members).slice(0, 200))
  }
  assert.deepEqual(await shown(cloud, id), ['kept=1'])
})

test('a serverless instance has tags as well, by its own kind of resource', async (t) => {
  const cloud = await startCloud(t)
  const { response } = await ask(cloud, 'CreateSLInstance', slCreateRequest())
  const InstanceId = String(response['InstanceId'])
  await cloud.settle()
  const named = (kind: string) => ({
    Resource: `qcs::emr:ap-guangzhou:uin/:${kind}/${InstanceId}`,
    ReplaceTags: [{ TagKey: 'k', TagValue: 'v' }],
  })
  const changed = await ask(cloud, ACTION, named('emr-serverless-instance'))
  assert.equal(changed.code, '', changed.message)
  const seen = await ask(cloud, 'DescribeSLInstance', { InstanceId })
  assert.deepEqual(seen.response['Tags'], [{ TagKey: 'k', TagValue: 'v' }])
  const cluster = await ask(cloud, ACTION, named('emr-instance'))
  assert.equal(cluster.code, 'InvalidParameterValue.ResourceDescriptionError')
})
