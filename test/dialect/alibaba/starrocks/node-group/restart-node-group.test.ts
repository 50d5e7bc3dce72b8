import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('the nodes of one group are restarted, and no others', async (t) => {
  const { cloud, send, document, groups, describe, history } = await startInstance(t)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  assert.equal((await send('RestartNodeGroup', { FastMode: true }, 'CN')).body.Data, true)
  assert.equal((await describe()).InstanceStatus, 'restarting')
  assert.deepEqual(
    (await groups()).map(({ ComponentType, Status }) => [ComponentType, Status]),
    [
      ['FE', 'RUNNING'],
      ['CN', 'RESTARTING'],
    ],
  )
  assert.equal((await document()).change?.rolling, false)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  const restarts = (await document()).spec.groups.map(({ role, nodes }) => [
    role,
    ...nodes.map((node) => node.restarts),
  ])
  assert.deepEqual(restarts, [
    ['fe', 0, 0, 0],
    ['cn', 1, 1, 1],
  ])
  const [latest] = await history({ OperationType: 'restart_node_group' })
  assert.deepEqual([latest.OperationStatus, latest.Progress], ['COMPLETED', 100])
  assert.equal((await history({ OperationType: 'restart_cluster' })).length, 0)
})

test('both ids are needed, and both have to be of something', async (t) => {
  const { refusal, group, call, id } = await startInstance(t)
  const { NodeGroupId } = await group('FE')
  assert.equal((await refusal('RestartNodeGroup', { NodeGroupId: '' })).code, 'MissingNodeGroupId')
  const nameless = await refusal('RestartNodeGroup', { NodeGroupId, InstanceId: '' })
  assert.equal(nameless.code, 'MissingInstanceId')
  const strange = await refusal('RestartNodeGroup', { NodeGroupId: 'ng-0' })
  assert.deepEqual([strange.statusCode, strange.code], [404, 'NodeGroup.NotFound'])
  assert.match(strange.message, /Failed to find node group\[ng-0\]/)
  const elsewhere = await refusal('RestartNodeGroup', { NodeGroupId, InstanceId: 'c-0' })
  assert.equal(elsewhere.code, 'Instance.NotFound')
  await call('ReleaseInstance', { query: { InstanceId: id } })
  assert.equal((await refusal('RestartNodeGroup', { NodeGroupId })).code, 'Instance.NotFound')
})
