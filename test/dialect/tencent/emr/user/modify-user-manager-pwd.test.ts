import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { addUsers, flowStatus, storedPassword, user } from '../../../../support/fixture/emr-user.ts'

test('a new password takes the place of the old one, sealed', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a'), user('b'))
  const before = [await storedPassword(it, 'a'), await storedPassword(it, 'b')]
  const request = { UserName: 'a', PassWord: 'EyKkiwbj2Nmmpg74' }
  const { FlowId } = await it.answer('ModifyUserManagerPwd', request)
  assert.equal(await flowStatus(it, FlowId), 2)
  const after = [await storedPassword(it, 'a'), await storedPassword(it, 'b')]
  assert.notEqual(after[0], before[0])
  assert.equal(after[1], before[1])
  assert.ok(!after[0]!.includes('EyKkiwbj2Nmmpg74'))
})

test('unknown users and what has no effect are refused by name', async (t) => {
  const it = await startEmr(t)
  await addUsers(it, user('a'))
  const request = { UserName: 'a', PassWord: 'EyKkiwbj2Nmmpg74' }
  await it.refused('ModifyUserManagerPwd', [
    [{ ...request, UserName: 'nobody' }, 'FailedOperation', '`UserName`'],
    [{ ...request, SyncPwd: true }, 'UnsupportedOperation', '`SyncPwd`'],
    [{ ...request, PassWord: 'short' }, 'InvalidParameterValue', '`PassWord`'],
    [{ ...request, InstanceId: 'emr-0' }, 'ResourceNotFound.InstanceNotFound', 'emr-0'],
  ])
})
