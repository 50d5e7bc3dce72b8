import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../../../../../src/dialect/alibaba/actions.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const specTypes = actions.some(({ name }) => name === 'ModifySpecType')

test('a group says what can be done with it', async (t) => {
  const gatesOf = async (it: Awaited<ReturnType<typeof startInstance>>, component: string) =>
    (await it.send('GetNodeGroupFeatureGate', {}, component)).body.Data
  const separate = await startInstance(t)
  assert.deepEqual(await gatesOf(separate, 'CN'), {
    NeedRestartAfterModifyDiskSize: true,
    SupportFastModeModifyResource: true,
    SupportFastRestart: true,
    SupportModifySpecType: specTypes,
  })
  assert.equal((await gatesOf(separate, 'FE')).SupportModifySpecType, false)
  const nothing = await startInstance(t, { body: { RunMode: 'shared_nothing' } })
  assert.equal((await gatesOf(nothing, 'BE')).SupportFastModeModifyResource, false)
  // The gate tells the truth: what it shuts is refused.
  const fast = await nothing.refusal('ModifyCu', { FastMode: true, Target: 16 }, 'BE')
  assert.match(fast.message, /FastMode is not supported/)
})

test('both ids have to be of something', async (t) => {
  const { refusal } = await startInstance(t)
  const group = await refusal('GetNodeGroupFeatureGate', { NodeGroupId: 'ng-0' })
  assert.equal(group.code, 'NodeGroup.NotFound')
  const instance = await refusal('GetNodeGroupFeatureGate', { InstanceId: 'c-0' }, 'FE')
  assert.equal(instance.code, 'Instance.NotFound')
})
