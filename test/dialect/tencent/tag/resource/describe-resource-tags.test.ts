import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { wires } from '../../../../support/http/wire.ts'

const ACTION = 'DescribeResourceTags'

test('without an id the tags of all clusters are listed, of all regions or of one', async (t) => {
  const cloud = await startCloud(t)
  const tagged = (value: string) => ({ Tags: [{ TagKey: 'k', TagValue: value }] })
  const here = await create(cloud, tagged('gz'))
  const there = await create(
    { port: cloud.port, region: 'ap-shanghai' },
    {
      ...tagged('sh'),
      Placement: { Zone: 'ap-shanghai-2', ProjectId: 0 },
      VPCSettings: { VpcId: 'vpc-87654321', SubnetId: 'subnet-87654321' },
    },
  )
  const values = async (members: object) => {
    const { response } = await ask(cloud, ACTION, members)
    const rows = response['Rows'] as Record<string, string>[]
    return rows.map((row) => `${row['ResourceId']} ${row['TagValue']}`)
  }
  assert.deepEqual(await values({}), [`${here} gz`, `${there} sh`])
  assert.deepEqual(await values({ ResourceRegion: 'ap-shanghai' }), [`${there} sh`])
  assert.deepEqual(await values({ ResourceId: here }), [`${here} gz`])
  assert.deepEqual(await values({ ResourceId: here, ResourceRegion: 'ap-shanghai' }), [])
  for (const members of [{ CreateUin: 1 }, { CosResourceId: 1 }])
    assert.equal((await ask(cloud, ACTION, members)).code, 'UnsupportedOperation')
})

test('a user who may see one cluster sees its tags alone, whatever region the request names', async (t) => {
  const cloud = await startCloud(t)
  const wire = wires.find(({ dialect }) => dialect === 'tencent')!
  const mine = await wire.create(cloud.port, { name: 'mine', tag: 'a' })
  const other = await wire.create(cloud.port, { name: 'other', tag: 'b' })
  const { account } = wire
  const { users, policies, keys } = cloud.identity
  const key = async (name: string, statement: object) => {
    await users.add({ account, name })
    const text = JSON.stringify({ version: '2.0', statement: [statement].flat() })
    await policies.add({ account, name, text })
    await users.attach({ account, name, policy: name })
    const made = await keys.add({ account, user: name })
    return { port: cloud.port, keyId: made.key.id, secret: made.secret }
  }
  const resource = [wire.resource(account, mine)]
  const one = await key('one', { effect: 'allow', action: ['tag:*'], resource })
  const { response } = await ask(one, ACTION, {})
  const rows = response['Rows'] as Record<string, string>[]
  assert.deepEqual(
    rows.map((row) => row['ResourceId']),
    [mine],
  )
  assert.equal(response['TotalCount'], 1)
  const denied = 'AuthFailure.UnauthorizedOperation'
  assert.equal((await ask(one, ACTION, { ResourceId: other })).code, denied)

  // A statement about tags finds them though the request is signed for another region.
  const condition = { 'for_any_value:string_equal': { 'qcs:resource_tag': ['team&b'] } }
  const notB = await key('not-b', [
    { effect: 'allow', action: ['*'], resource: ['*'] },
    { effect: 'deny', action: ['tag:*', 'emr:ModifyResourcesTags'], resource: ['*'], condition },
  ])
  const far = { ...notB, region: 'ap-shanghai' }
  assert.equal((await ask(far, ACTION, { ResourceId: mine })).code, '')
  assert.equal((await ask(far, ACTION, { ResourceId: other })).code, denied)
  const change = (id: string) => ({
    ModifyType: 'Cluster',
    ModifyResourceTagsInfoList: [
      {
        ResourceId: id,
        Resource: `qcs::emr:ap-guangzhou:uin/:emr-instance/${id}`,
        ResourceRegion: 'ap-guangzhou',
      },
    ],
  })
  assert.equal((await ask(far, 'ModifyResourcesTags', change(mine))).code, '')
  assert.equal((await ask(far, 'ModifyResourcesTags', change(other))).code, denied)
})
