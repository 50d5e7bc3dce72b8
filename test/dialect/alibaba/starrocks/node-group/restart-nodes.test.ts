import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  startInstance,
  type AlibabaInstance,
} from '../../../../support/fixture/alibaba-instance.ts'
import { refusalOf } from '../../../../support/http/alibaba-client.ts'

const restart = ({ call, id }: AlibabaInstance, ...RestartNodeGroups: readonly object[]) =>
  call('RestartNodes', { query: { InstanceId: id }, body: { RestartNodeGroups } })

/** By group, how often the process of each node was asked to start again. */
async function restartsOf({ document }: AlibabaInstance): Promise<readonly (readonly number[])[]> {
  return (await document()).spec.groups.map(({ nodes }) => nodes.map(({ restarts }) => restarts))
}

test('the named nodes are restarted, and no others', async (t) => {
  const it = await startInstance(t)
  const simulation = it.cloud.substrates.get('simulation')!
  const seen = async () =>
    (await simulation.observe(it.id)).groups.map(({ nodes }) => nodes.map(({ phase }) => phase))
  const { NodeGroupId, NodeInfo } = await it.group('CN')
  simulation.pacing!.set('starrocks', 'manual:1000')
  const NodeIds = [NodeInfo[1].NodeId, NodeInfo[1].NodeId]
  assert.equal((await restart(it, { NodeGroupId, NodeIds, FastMode: true })).body.Data, true)
  await it.cloud.loop.drain()
  assert.deepEqual(await seen(), [
    ['serving', 'serving', 'serving'],
    ['serving', 'starting', 'serving'],
  ])
  assert.deepEqual(
    (await it.groups()).map(({ Status }) => Status),
    ['RUNNING', 'RESTARTING'],
  )
  assert.equal((await it.describe()).InstanceStatus, 'restarting')
  assert.equal(
    (await refusalOf(restart(it, { NodeGroupId }))).code,
    'OperationDenied.InstanceStatus',
  )
  simulation.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  assert.deepEqual(await restartsOf(it), [
    [0, 0, 0],
    [0, 1, 0],
  ])
  const [latest] = await it.history()
  assert.deepEqual([latest.OperationType, latest.OperationStatus], ['restart_node', 'COMPLETED'])
})

test('nodes of several groups are restarted together, all of a group of which none is named', async (t) => {
  const it = await startInstance(t)
  const [fe, cn] = [await it.group('FE'), await it.group('CN')]
  await restart(
    it,
    { NodeGroupId: fe.NodeGroupId },
    { NodeGroupId: cn.NodeGroupId, NodeIds: [cn.NodeInfo[0].NodeId] },
  )
  assert.equal((await it.document()).change?.rolling, true)
  await it.cloud.settle()
  assert.deepEqual(await restartsOf(it), [
    [1, 1, 1],
    [1, 0, 0],
  ])
})

test('what is missing, strange or at two paces is refused, and nothing is restarted', async (t) => {
  const it = await startInstance(t)
  const [fe, cn] = [await it.group('FE'), await it.group('CN')]
  const cases: readonly (readonly [Promise<unknown>, string])[] = [
    [it.call('RestartNodes', { body: { RestartNodeGroups: [cn] } }), 'MissingInstanceId'],
    [restart(it), 'MissingRestartNodeGroups'],
    [restart(it, { NodeGroupId: 'ng-0' }), 'NodeGroup.NotFound'],
    [restart(it, { NodeGroupId: cn.NodeGroupId, NodeIds: ['cn-0'] }), 'Node.NotFound'],
    [
      restart(it, { NodeGroupId: cn.NodeGroupId, NodeIds: [fe.NodeInfo[0].NodeId] }),
      'Node.NotFound',
    ],
    [
      restart(it, { NodeGroupId: fe.NodeGroupId, FastMode: true }, { NodeGroupId: cn.NodeGroupId }),
      'UnsupportedOperation',
    ],
    [restart({ ...it, id: 'c-0' }, { NodeGroupId: cn.NodeGroupId }), 'Instance.NotFound'],
  ]
  for (const [answer, code] of cases)
    assert.equal((await refusalOf(answer as ReturnType<typeof restart>)).code, code)
  assert.equal((await it.document()).spec.generation, 1)
})

test('single nodes are not restarted where one process stands for all', async (t) => {
  const it = await startInstance(t, {
    cloud: {
      wrap: {
        substrate: (substrate) => ({
          ...substrate,
          capabilities: () => ({ ...substrate.capabilities(), rollout: 'cluster' }),
        }),
      },
    },
  })
  const { NodeGroupId, NodeInfo } = await it.group('CN')
  const single = await refusalOf(restart(it, { NodeGroupId, NodeIds: [NodeInfo[0].NodeId] }))
  assert.equal(single.code, 'UnsupportedOperation')
  assert.match(single.message, /restarting single nodes is not supported/)
  await restart(it, { NodeGroupId })
  await it.cloud.settle()
  assert.deepEqual((await restartsOf(it))[1], [1, 1, 1])
})
