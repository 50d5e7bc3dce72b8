import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, user } from '../../../../support/fixture/emr-user.ts'

test('groups are sorted, filtered and shown page by page', async (t) => {
  const it = await startEmr(t)
  for (const GroupName of ['b', 'a', 'c']) {
    it.cloud.clock.advance(1000)
    await it.answer('CreateGroupsSTD', { Groups: [{ GroupName, Description: `is ${GroupName}` }] })
  }
  await addUsers(it, user('u', { UserGroup: 'a' }))
  const names = async (members: object) => {
    const { Data, TotalCount } = await it.answer('DescribeGroupsSTD', members)
    return [TotalCount, ...(Data as { GroupName: string }[]).map(({ GroupName }) => GroupName)]
  }
  assert.deepEqual(await names({}), [3, 'c', 'a', 'b'])
  const byName = { Name: 'group_name', Direction: 'Asc' }
  assert.deepEqual(await names({ OrderFields: byName }), [3, 'a', 'b', 'c'])
  assert.deepEqual(await names({ OrderFields: { Direction: 'asc' }, Limit: 2 }), [3, 'b', 'a'])
  assert.deepEqual(await names({ Offset: 2 }), [3, 'b'])
  const Filters = [{ Name: 'groupName', Values: ['a', 'x'] }]
  const { Data } = await it.answer('DescribeGroupsSTD', { Filters })
  const [{ CreateTime, ...found }, ...others] = Data as [Record<string, unknown>]
  assert.match(String(CreateTime), /^20\d\d-/)
  assert.deepEqual(others, [])
  assert.deepEqual(found, {
    GroupName: 'a',
    Users: ['u'],
    Description: 'is a',
    GroupType: 2,
    GroupTypeDesc: 'NormalUserGroup',
  })
})
