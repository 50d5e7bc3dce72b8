import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('the frontends of a gateway that is deleted are the default one’s again', async (t) => {
  const it = await startAccess(t)
  await it.change('AddGateway', { GatewayName: 'reports', FeNodeNumber: 2 })
  const [first, second] = await it.gateways()
  assert.deepEqual([first?.['FeNodeNumber'], second?.['FeNodeNumber']], [1, 2])
  const status = await it.change('DeleteGateway', { GatewayId: second?.['GatewayId'] })
  assert.equal(status, 'gateway_updating')
  const left = await it.gateways()
  assert.deepEqual(
    left.map(({ GatewayId, FeNodeNumber }) => [GatewayId, FeNodeNumber]),
    [[first?.['GatewayId'], 3]],
  )
  const again = await it.refused('DeleteGateway', { GatewayId: second?.['GatewayId'] })
  assert.match(again, /^InvalidParams .*not exists/)
  const whole = await it.refused('DeleteGateway', { GatewayId: first?.['GatewayId'] })
  assert.match(whole, /^InvalidParams .*the default gateway cannot be deleted/)
})
