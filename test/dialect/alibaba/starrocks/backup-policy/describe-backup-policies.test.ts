import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daily, startBackedUp } from '../../../../support/fixture/alibaba-backup.ts'

const NAME = 'DescribeBackupPolicies'

test('a policy reads back as it was sent, each member with its type', async (t) => {
  const { ask, call, id } = await startBackedUp(t)
  const sent = { ...daily, RecurrenceType: 'MONTHLY', RecurrenceValues: [1, 15] }
  await ask('AddBackupPolicy', sent)
  const { body } = await call(NAME, { query: { InstanceId: id } })
  assert.equal(body.Total, 1)
  const { PolicyId, ...rest } = body.Data[0]
  assert.match(PolicyId, /^bk-policy-[0-9a-f]{16}$/)
  // Where they are sent, the hour and the minute are numbers.
  assert.deepEqual(rest, { ...sent, InstanceId: id, Hour: '2', Minute: '30' })
})

test('the listing is filtered, and knows no policy of what is not there', async (t) => {
  const { ask, call, id, policies } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  const [{ PolicyId }] = await policies()
  const found = async (query: Record<string, string>) =>
    (await call(NAME, { query })).body.Data.map((each: { PolicyId: string }) => each.PolicyId)
  assert.deepEqual(await found({}), [PolicyId])
  assert.deepEqual(await found({ PolicyId, InstanceId: id, RegionId: 'cn-hangzhou' }), [PolicyId])
  assert.deepEqual(await found({ PolicyId: 'bk-policy-0' }), [])
  assert.deepEqual(await found({ InstanceId: 'c-0' }), [])
  assert.deepEqual(await found({ RegionId: 'cn-beijing' }), [])
})
