import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, shownGroups, user } from '../../../../support/fixture/emr-user.ts'

test('members are added, taken out or set, and the description with them', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a'), user('b'), user('c'))
  await it.answer('CreateGroupsSTD', { Groups: [{ GroupName: 'g', Users: ['a'] }] })
  const members = async (request: object) => {
    const { Data } = await it.answer('ModifyUsersOfGroupSTD', { Group: 'g', ...request })
    assert.equal(Data, true)
    return (await shownGroups(it))['g']
  }
  assert.deepEqual(await members({ Users: ['b', 'a'], OperateAction: 'ADD' }), ['a', 'b'])
  assert.deepEqual(await members({ Users: ['a', 'nobody'], OperateAction: 'DELETE' }), ['b'])
  assert.deepEqual(await members({ Users: ['c'] }), ['c'])
  assert.deepEqual(await members({ Description: 'said' }), ['c'])
  const { Data } = await it.answer('DescribeGroupsSTD', {
    Filters: [{ Name: 'groupName', Values: ['g'] }],
  })
  assert.equal((Data as Record<string, unknown>[])[0]?.['Description'], 'said')
  assert.deepEqual(await members({ Users: [] }), [])
})

test('unknown groups and users are refused by name', async (t) => {
  const it = await startEmr(t)
  await it.answer('CreateGroupsSTD', { Groups: [{ GroupName: 'g' }] })
  await it.refused('ModifyUsersOfGroupSTD', [
    [{ Group: 'x' }, 'FailedOperation', '`Group`'],
    [{ Group: 'g', Users: ['nobody'] }, 'FailedOperation', '`Users.0`'],
    [{ Group: 'g', InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
