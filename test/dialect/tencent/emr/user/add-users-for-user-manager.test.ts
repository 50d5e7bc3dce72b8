import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import {
  addUsers,
  flowStatus,
  shownGroups,
  shownUsers,
  storedPassword,
  user,
} from '../../../../support/fixture/emr-user.ts'
import { sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

test('users are there with their groups, and their passwords are sealed', async (t) => {
  const it = await startEmr(t)
  const first = await addUsers(it, user('user1', { Groups: ['group1', 'more', 'more'] }))
  assert.deepEqual([first['SuccessUserList'], first['FailedUserList']], [['user1'], []])
  assert.equal(await flowStatus(it, first['FlowId']), 2)
  it.cloud.clock.advance(1000)
  const second = await addUsers(it, user('user2'), user('user1'), user('user2'))
  assert.deepEqual(second['SuccessUserList'], ['user2'])
  assert.deepEqual(second['FailedUserList'], ['user1', 'user2'])
  const third = await addUsers(it, user('USER2'))
  assert.deepEqual(third['FailedUserList'], ['USER2'])
  assert.deepEqual(await shownUsers(it), ['user2 group1', 'user1 group1'])
  assert.deepEqual(await shownGroups(it), { group1: ['user1', 'user2'], more: ['user1'] })
  const sealed = await storedPassword(it, 'user1')
  assert.ok(sealed.length > 20 && !sealed.includes('PassWord_123'))
})

test('when nobody is added there is no flow', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('user1'))
  const again = await addUsers(it, user('user1'))
  assert.deepEqual([again['SuccessUserList'], again['FlowId']], [[], 0])
})

test('what cannot be added is refused by name, and passwords are never repeated', async (t) => {
  const it = await startEmr(t)
  const users = (...UserManagerUserList: object[]) => ({ UserManagerUserList })
  const many = (count: number, from = 0) =>
    Array.from({ length: count }, (_, at) => user(`user-${from + at}`))
  await it.refused('AddUsersForUserManager', [
    [users(user('1st')), 'InvalidParameterValue', 'UserManagerUserList.0.UserName'],
    [users(user('a', { UserGroup: '' })), 'InvalidParameterValue', 'UserGroup'],
    [users(user('a', { PassWord: 'short' })), 'InvalidParameterValue', 'PassWord'],
    [users(...many(101)), 'LimitExceeded.RequestBacklogExceedsLimit', 'UserManagerUserList'],
    [{ ...users(user('a')), InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
  const secret = await it.ask('AddUsersForUserManager', users(user('a', { PassWord: 'has space' })))
  assert.ok(!secret.message.includes('has space'), secret.message)
  for (let at = 0; at < 5; at++) await addUsers(it, ...many(100, at * 100))
  await it.refused('AddUsersForUserManager', [
    [users(user('one-more')), 'LimitExceeded.UserCountExceedsLimit', 'UserManagerUserList'],
  ])
})

test('a cluster has no more groups than it may, and none twice', async (t) => {
  const it = await startEmr(t)
  const grouped = (at: number) =>
    user(`u${at}`, { Groups: Array.from({ length: 99 }, (_, each) => `g${at}-${each}`) })
  const twice = [user('a'), user('b', { UserGroup: 'Group1' })]
  await it.refused('AddUsersForUserManager', [
    [{ UserManagerUserList: [1, 2, 3].map(grouped) }, 'FailedOperation', 'at most 200 groups'],
    [{ UserManagerUserList: twice }, 'FailedOperation', 'differ by more than case'],
  ])
})

test('a cluster without a directory keeps no users', async (t) => {
  const { ResourceSpec } = sampleCreateRequest()
  const common = { CommonResourceSpec: ResourceSpec.CoreResourceSpec, CommonCount: 3 }
  const members = {
    SceneName: 'Hadoop-Zookeeper',
    Software: ['zookeeper-3.6.1'],
    SupportHA: 1,
    ResourceSpec: common,
  }
  const it = await startEmr(t, { members })
  await it.refused('AddUsersForUserManager', [
    [{ UserManagerUserList: [user('a')] }, 'FailedOperation', 'OpenLDAP'],
  ])
})

test('the users of a cluster go with it', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('user1'))
  await it.answer('TerminateInstance')
  await it.cloud.settle()
  const found = await it.cloud.store.read((tx) => tx.findById('directory', it.id))
  assert.equal(found, undefined)
})
