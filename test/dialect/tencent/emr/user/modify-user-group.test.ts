import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, shownGroups, shownUsers, user } from '../../../../support/fixture/emr-user.ts'

test('users move to other groups, which come with them', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a', { Groups: ['more'] }), user('b'), user('c'))
  await it.answer('ModifyUserGroup', { Users: ['a', 'b'], UserGroup: 'other', Remark: 'moved' })
  assert.deepEqual(await shownUsers(it), ['c group1', 'b other', 'a other'])
  assert.deepEqual(await shownGroups(it), { group1: ['c'], more: ['a'], other: ['a', 'b'] })
  await it.answer('ModifyUserGroup', { Users: ['a'], UserGroup: 'other', Groups: ['group1'] })
  assert.deepEqual(await shownGroups(it), { group1: ['a', 'c'], more: [], other: ['a', 'b'] })
})

test('unknown users are refused, and then nobody moves', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a'))
  await it.refused('ModifyUserGroup', [
    [{ Users: ['a'] }, 'MissingParameter', 'UserGroup'],
    [{ Users: ['a', 'nobody'], UserGroup: 'other' }, 'FailedOperation', '`Users.1`'],
    [
      { Users: ['a'], UserGroup: 'x', InstanceId: 'emr 1' },
      'InvalidParameter.InvalidJobFlow',
      'InstanceId',
    ],
  ])
  assert.deepEqual(await shownUsers(it), ['a group1'])
})
