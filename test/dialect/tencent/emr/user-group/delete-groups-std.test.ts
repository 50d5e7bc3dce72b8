import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, shownGroups, user } from '../../../../support/fixture/emr-user.ts'

test('each group goes or says why it does not; who was in it is so no longer', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a', { Groups: ['more'] }))
  const { Data, FlowId } = await it.answer('DeleteGroupsSTD', {
    GroupNames: ['more', 'none', 'group1'],
  })
  assert.deepEqual(Data, [
    { Item: 'more', Result: true, Reason: '' },
    { Item: 'none', Result: false, Reason: 'Group none not found or being processed' },
    { Item: 'group1', Result: false, Reason: 'Group group1 is the first group of users' },
  ])
  assert.ok(Number(FlowId) > 0)
  assert.deepEqual(await shownGroups(it), { group1: ['a'] })
  await it.answer('CreateGroupsSTD', { Groups: [{ GroupName: 'more' }] })
  assert.deepEqual(await shownGroups(it), { group1: ['a'], more: [] })
  const nothing = await it.answer('DeleteGroupsSTD', { GroupNames: ['none'] })
  assert.equal(nothing['FlowId'], 0)
})
