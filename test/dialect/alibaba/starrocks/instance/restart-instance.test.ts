import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('every node is restarted once, one after the other unless it shall be fast', async (t) => {
  const { cloud, send, document, describe, history } = await startInstance(t)
  const restarts = async () =>
    (await document()).spec.groups.flatMap(({ nodes }) => nodes.map((node) => node.restarts))
  assert.deepEqual(new Set(await restarts()), new Set([0]))
  for (const [time, fast] of [
    [1, undefined],
    [2, true],
  ] as const) {
    cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
    const answer = await send('RestartInstance', fast === undefined ? {} : { FastMode: fast })
    assert.equal(answer.body.Data, true)
    assert.equal((await describe()).InstanceStatus, 'restarting')
    assert.equal((await document()).change?.rolling, fast !== true)
    cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
    await cloud.settle()
    assert.deepEqual(new Set(await restarts()), new Set([time]))
    assert.equal((await describe()).InstanceStatus, 'running')
  }
  const types = (await history()).map(({ OperationType }) => OperationType)
  assert.deepEqual(types, ['restart_cluster', 'restart_cluster', 'create_cluster'])
})

test('an instance that does not run, or is not there, is not restarted', async (t) => {
  const { cloud, refusal, send, call, id } = await startInstance(t)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('RestartInstance')
  const busy = await refusal('RestartInstance')
  assert.equal(busy.code, 'OperationDenied.InstanceStatus')
  assert.match(busy.message, /in status restarting/)
  assert.equal((await refusal('RestartInstance', { InstanceId: 'c-0' })).code, 'Instance.NotFound')
  assert.equal(
    (await refusal('RestartInstance', { RegionId: 'cn-beijing' })).code,
    'Instance.NotFound',
  )
  await call('ReleaseInstance', { query: { InstanceId: id } })
  assert.equal((await refusal('RestartInstance')).code, 'Instance.NotFound')
})

test('a trial instance may be restarted', async (t) => {
  const body = { PackageType: 'trial', FrontendNodeGroups: [], BackendNodeGroups: [] }
  const { send, cloud, describe } = await startInstance(t, { body })
  assert.equal((await send('RestartInstance')).body.Data, true)
  await cloud.settle()
  assert.equal((await describe()).InstanceStatus, 'running')
})
