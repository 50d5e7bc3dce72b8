import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('the default gateway becomes a load balancer, once', async (t) => {
  const it = await startAccess(t)
  assert.equal(await it.change('EnableInternalSlb'), 'gateway_updating')
  const [shown] = await it.gateways()
  assert.equal(shown?.['GatewayType'], 'Slb')
  assert.equal(shown['PrivatezoneId'], '')
  assert.match(await it.refused('EnableInternalSlb'), /^InvalidParams .*enabled already/)
})
