import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('a gateway gets another name and another number of frontends', async (t) => {
  const it = await startAccess(t)
  await it.change('AddGateway', { GatewayName: 'reports', FeNodeNumber: 1 })
  const GatewayId = (await it.gateways())[1]?.['GatewayId']
  const shown = async () =>
    (await it.gateways()).map(({ GatewayName, FeNodeNumber }) => [GatewayName, FeNodeNumber])
  const more = { GatewayId, GatewayName: 'loads', FeNodeNumber: 2 }
  assert.equal(await it.change('UpdateGateway', more), 'gateway_updating')
  assert.deepEqual(await shown(), [
    ['default', 1],
    ['loads', 2],
  ])
  await it.change('UpdateGateway', { GatewayId, FeNodeNumber: 1 })
  assert.deepEqual(await shown(), [
    ['default', 2],
    ['loads', 1],
  ])
  assert.match(
    await it.refused('UpdateGateway', { GatewayId, FeNodeNumber: 3 }),
    /The available number of nodes exceed/,
  )
  assert.match(await it.refused('UpdateGateway', { GatewayId }), /^MissingFeNodeNumber/)
})

test('the default gateway has a name of its own, and as many frontends as the others leave', async (t) => {
  const it = await startAccess(t)
  const GatewayId = (await it.gateways())[0]?.['GatewayId']
  await it.change('UpdateGateway', { GatewayId, GatewayName: 'front' })
  assert.equal((await it.gateways())[0]?.['GatewayName'], 'front')
  assert.match(
    await it.refused('UpdateGateway', { GatewayId, FeNodeNumber: 1 }),
    /^InvalidParams .*default gateway/,
  )
  assert.match(
    await it.refused('UpdateGateway', { GatewayId: 'dg-0', GatewayName: 'x' }),
    /^InvalidParams .*gateway \[dg-0\] not exists/,
  )
})
