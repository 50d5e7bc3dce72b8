import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'

const shown = (all: readonly Record<string, unknown>[]) =>
  all.map(({ GatewayName, FeNodeNumber, GatewayType }) => [GatewayName, FeNodeNumber, GatewayType])

test('a gateway takes frontends from the default one, while nothing is restarted', async (t) => {
  const { change, gateways, history, document } = await startAccess(t)
  assert.deepEqual(shown(await gateways()), [['default', 3, 'Privatezone']])
  const status = await change('AddGateway', { GatewayName: 'reports', FeNodeNumber: 1 })
  assert.equal(status, 'gateway_updating')
  assert.deepEqual(shown(await gateways()), [
    ['default', 2, 'Privatezone'],
    ['reports', 1, 'Slb'],
  ])
  const { spec } = await document()
  const leader = spec.groups[0]?.nodes[0]?.id
  assert.ok(!spec.access?.gateways[1]?.frontends.includes(leader ?? ''), 'the leader stays')
  assert.ok(spec.groups.every(({ nodes }) => nodes.every(({ restarts }) => restarts === 0)))
  const [latest] = await history()
  assert.deepEqual([latest.OperationType, latest.OperationStatus], ['resource_change', 'COMPLETED'])
})

test('more frontends than the default gateway has to give are refused', async (t) => {
  const it = await startAccess(t)
  const add = (FeNodeNumber: number) => ({ GatewayName: 'reports', FeNodeNumber })
  const exceeds = /^InvalidParams .*\[The available number of nodes exceed\]/
  assert.match(await it.refused('AddGateway', add(3)), exceeds)
  await it.change('AddGateway', add(2))
  assert.match(await it.refused('AddGateway', add(1)), exceeds)
  assert.match(
    await it.refused('AddGateway', add(0)),
    /Fe node number should be in range \[1, 11\]/,
  )
})

test('an instance whose frontends cannot be divided has the default gateway only', async (t) => {
  const [group] = createBody().FrontendNodeGroups
  const single = { FrontendNodeGroups: [{ ...group, residentNodeNumber: 1 }] }
  const few = await startAccess(t, { body: single })
  const add = { GatewayName: 'reports', FeNodeNumber: 1 }
  assert.match(await few.refused('AddGateway', add), /The available number of nodes exceed/)
  const old = await startAccess(t, { body: { Version: '3.2', RunMode: 'shared_nothing' } })
  assert.match(
    await old.refused('AddGateway', add),
    /^UnsupportedOperation .*3\.2\.11-1\.79-1\.6\.5.*1\.7\.6/,
  )
})

test('one that is being changed, and one that is not there, are refused', async (t) => {
  const it = await startAccess(t)
  const add = { GatewayName: 'reports', FeNodeNumber: 1 }
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.post('AddGateway', add)
  const busy = await it.refused('AddGateway', add)
  assert.match(busy, /^OperationDenied\.InstanceStatus .*gateway_updating/)
  assert.match(await it.refused('AddGateway', { ...add, InstanceId: 'c-0' }), /^Instance\.NotFound/)
})
