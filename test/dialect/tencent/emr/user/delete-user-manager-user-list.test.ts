import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, shownUsers, user } from '../../../../support/fixture/emr-user.ts'

test('users go by name, or by name and group; those that went already are no error', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a'), user('b'), user('c', { UserGroup: 'other' }))
  const gone = await it.answer('DeleteUserManagerUserList', { UserNameList: ['a', 'nobody'] })
  assert.ok(Number(gone['FlowId']) > 0)
  assert.deepEqual(await shownUsers(it), ['c other', 'b group1'])
  const UserGroupList = [
    { UserName: 'b', UserGroup: 'other' },
    { UserName: 'c', UserGroup: 'other' },
  ]
  await it.answer('DeleteUserManagerUserList', { UserGroupList, DeleteHomeDir: true })
  assert.deepEqual(await shownUsers(it), ['b group1'])
  const none = await it.answer('DeleteUserManagerUserList', { UserNameList: ['a'] })
  assert.equal(none['FlowId'], 0)
})

test('a request without users, and one for containers, is refused by name', async (t) => {
  const it = await startEmr(t)
  const request = { UserNameList: ['a'] }
  await it.refused('DeleteUserManagerUserList', [
    [{}, 'MissingParameter', 'UserNameList'],
    [{ ...request, TkeClusterId: 'cls-1' }, 'UnsupportedOperation', '`TkeClusterId`'],
    [{ ...request, DisplayStrategy: 'native' }, 'UnsupportedOperation', '`DisplayStrategy`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
