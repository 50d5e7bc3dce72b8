import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('a group without rules has none, and neither has one that does not exist', async (t) => {
  const it = await startInstance(t)
  const rulesOf = async (query: Readonly<Record<string, string>>) =>
    (await it.send('DescribeTimeTriggerScalingRules', query)).body.Data
  const { NodeGroupId } = await it.group('CN')
  assert.deepEqual(await rulesOf({ NodeGroupId }), [])
  assert.deepEqual(await rulesOf({ NodeGroupId: 'ng-0' }), [])
  const nameless = await it.refusal('DescribeTimeTriggerScalingRules')
  assert.equal(nameless.code, 'MissingNodeGroupId')
})
