import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const asked = { Cu: 2, PayType: 'postPaid' }

test('an agent is made beside the engine, once, and can be released', async (t) => {
  const it = await startInstance(t)
  const simulation = it.cloud.substrates.get('simulation')!
  simulation.pacing!.set('starrocks', 'manual:1000')
  const { Data } = (await it.send('CreateAgentResource', asked)).body
  assert.equal(Data.OrderId, 0)
  assert.equal((await it.describe()).InstanceStatus, 'agent_creating')
  const listed = await it.call('DescribeInstances', { query: { InstanceStatus: 'agent_creating' } })
  assert.equal(listed.body.Total, 1)
  const agent = await it.group('AGENT')
  assert.deepEqual(
    [agent.NodeGroupId, agent.Status, agent.Cu, agent.SpecType, agent.ResidentNodeNumber],
    [Data.NodeGroupId, 'CREATING', 2, 'standard', 1],
  )
  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.equal((await it.group('AGENT')).Status, 'RUNNING')
  assert.equal((await it.history())[0].OperationType, 'create_agent')
  const [order] = await it.orders()
  assert.deepEqual(order!.items.filter(({ name }) => name.startsWith('AGENT')).length, 1)
  assert.match((await it.refusal('CreateAgentResource', asked)).message, /there already/)
  await it.send('ReleaseNodeGroup', { NodeGroupId: Data.NodeGroupId })
  await it.cloud.settle()
  assert.equal(await it.group('AGENT'), undefined)
})

test('what an agent cannot be is refused', async (t) => {
  const it = await startInstance(t)
  for (const [more, code, says] of [
    [{ Cu: 3 }, 'InvalidParams', /Cu of agent should be select from set \[1, 2, 4, 8\]/],
    [{ PayType: 'prePaid' }, 'UnsupportedOperation', /paid for as its instance/],
    [{ SpecType: 'ramEnhanced' }, 'InvalidParams', /Spec type of agent/],
    [{ InstanceId: 'c-0' }, 'Instance.NotFound', /c-0/],
  ] as const) {
    const refused = await it.refusal('CreateAgentResource', { ...asked, ...more })
    assert.equal(refused.code, code)
    assert.match(refused.message, says)
  }
  const [backend] = createBody().BackendNodeGroups
  const one = { ...backend, residentNodeNumber: 1 }
  const trial = await startInstance(t, {
    body: {
      PackageType: 'trial',
      FrontendNodeGroups: [{ ...one, cu: 4 }],
      BackendNodeGroups: [one],
    },
  })
  assert.match(
    (await trial.refusal('CreateAgentResource', asked)).message,
    /Agent node group is not supported when package type is trial/,
  )
})
