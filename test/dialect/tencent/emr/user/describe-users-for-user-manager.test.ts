import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, shownUsers, user } from '../../../../support/fixture/emr-user.ts'

test('users are found by name, group and type, page by page', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a'), user('b', { UserGroup: 'other' }), user('c', { Groups: ['other'] }))
  assert.deepEqual(await shownUsers(it), ['c group1', 'b other', 'a group1'])
  assert.deepEqual(await shownUsers(it, { UserName: 'a' }), ['a group1'])
  assert.deepEqual(await shownUsers(it, { Groups: 'other' }), ['c group1', 'b other'])
  assert.deepEqual(await shownUsers(it, { UserType: 'Manager' }), [])
  assert.equal((await shownUsers(it, { UserType: 'NormalUser', UserName: '' })).length, 3)
  const page = await it.answer('DescribeUsersForUserManager', { PageNo: 2, PageSize: 2 })
  const [last, ...none] = page['UserManagerUserList'] as Record<string, unknown>[]
  assert.deepEqual([page['TotalCnt'], last?.['UserName'], none], [3, 'a', []])
  assert.match(String(last?.['CreateTime']), /^20\d\d-/)
  assert.ok(!JSON.stringify(page).includes('PassWord_123'))
})

test('key tables are for clusters with Kerberos, and none is ready', async (t) => {
  for (const [CheckSecurity, expected] of [
    [0, false],
    [1, true],
  ] as const) {
    const it = await startEmr(t, { members: { CheckSecurity } })
    await addUsers(it, user('a'))
    for (const NeedKeytabInfo of [true, false]) {
      const request = { PageNo: 0, PageSize: 0, NeedKeytabInfo }
      const { UserManagerUserList } = await it.answer('DescribeUsersForUserManager', request)
      const [found] = UserManagerUserList as Record<string, unknown>[]
      assert.equal(found?.['SupportDownLoadKeyTab'], expected && NeedKeytabInfo)
      assert.equal(found?.['DownLoadKeyTabUrl'], '')
    }
  }
})
