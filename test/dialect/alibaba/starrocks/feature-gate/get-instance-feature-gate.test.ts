import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '../../../../../src/dialect/alibaba/actions.ts'
import { createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const isBuilt = (name: string) => actions.some((action) => action.name === name)
const [backend] = createBody().BackendNodeGroups
const one = { ...backend, residentNodeNumber: 1 }
const trialBody = {
  PackageType: 'trial',
  FrontendNodeGroups: [{ ...one, cu: 4 }],
  BackendNodeGroups: [one],
}

test('a gate is open where its action is built and takes the instance', async (t) => {
  const official = await startInstance(t)
  const gatesOf = async ({ send }: typeof official) =>
    (await send('GetInstanceFeatureGate')).body.Data
  const { body } = await official.send('GetInstanceFeatureGate')
  assert.equal(body.Total, 1)
  const gates = body.Data
  assert.equal(Object.keys(gates).length, 21)
  for (const [gate, action] of [
    ['SupportCreateAgent', 'CreateAgentResource'],
    ['SupportCreateNonStandardNodeGroup', 'CreateNodeGroup'],
    ['SupportFeGateway', 'AddGateway'],
    ['SupportHostAlias', 'ModifyHostAlias'],
    ['SupportEnableSSL', 'EnableSSLConnection'],
    ['SupportMultiAZ', 'EnableMultiAz'],
    ['SupportFastModeModifyConfig', 'ModifyInstanceConfig'],
  ] as const)
    assert.equal(gates[gate], isBuilt(action), gate)
  assert.deepEqual(
    [gates.UseComputeNode, gates.SupportBackup, gates.SupportFastModeModifyResource],
    [true, false, true],
  )
  const nothing = await gatesOf(await startInstance(t, { body: { RunMode: 'shared_nothing' } }))
  assert.deepEqual(
    [nothing.UseComputeNode, nothing.SupportBackup, nothing.SupportFastModeModifyResource],
    [false, isBuilt('AddBackupPolicy'), false],
  )
  const trial = await startInstance(t, { body: trialBody })
  assert.equal((await gatesOf(trial)).SupportCreateAgent, false)
})

test('what a closed gate shuts is refused', async (t) => {
  const trial = await startInstance(t, { body: trialBody })
  const { SupportCreateNonStandardNodeGroup } = (await trial.send('GetInstanceFeatureGate')).body
    .Data
  assert.equal(SupportCreateNonStandardNodeGroup, false)
  await refusalOf(trial.call('CreateNodeGroup', { body: { instanceId: trial.id } }))
  const unknown = await trial.refusal('GetInstanceFeatureGate', { InstanceId: 'c-0' })
  assert.equal(unknown.code, 'Instance.NotFound')
})
