import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, shownGroups, user } from '../../../../support/fixture/emr-user.ts'

test('each group is made or says why it is not', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a'))
  const Groups = [
    { GroupName: 'new', Description: 'first', Users: ['a'] },
    { GroupName: 'group1' },
    { GroupName: 'NEW' },
    { GroupName: 'lost', Users: ['nobody'] },
  ]
  const { Data } = await it.answer('CreateGroupsSTD', { Groups })
  assert.deepEqual(Data, [
    { Item: 'new', Result: true, Reason: '' },
    { Item: 'group1', Result: false, Reason: 'Group group1 already exists' },
    { Item: 'NEW', Result: false, Reason: 'Group NEW already exists' },
    { Item: 'lost', Result: false, Reason: 'User nobody not found' },
  ])
  assert.deepEqual(await shownGroups(it), { group1: ['a'], new: ['a'] })
})

test('there are no more groups than there may be, and an unknown cluster has its own code', async (t) => {
  const it = await startEmr(t)
  const many = (from: number) =>
    Array.from({ length: 100 }, (_, at) => ({ GroupName: `g${from + at}` }))
  await it.answer('CreateGroupsSTD', { Groups: many(0) })
  await it.answer('CreateGroupsSTD', { Groups: many(100) })
  const one = { Groups: [{ GroupName: 'one-more' }] }
  await it.refused('CreateGroupsSTD', [
    [one, 'FailedOperation', 'at most 200 groups'],
    [{ ...one, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
    [{ ...one, InstanceId: 'x' }, 'InvalidParameter.InvalidDynamicInstanceType', 'InstanceId'],
  ])
})
