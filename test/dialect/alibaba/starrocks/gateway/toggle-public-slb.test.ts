import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('a gateway gets a public address, and loses it', async (t) => {
  const it = await startAccess(t, { body: { GatewayType: 'Slb' } })
  const GatewayId = (await it.gateways())[0]?.['GatewayId']
  const open = (EnablePublicSlb: boolean) => ({ GatewayId, EnablePublicSlb })
  assert.equal(await it.change('TogglePublicSlb', open(true)), 'gateway_updating')
  const [shown] = await it.gateways()
  assert.equal(shown?.['EnablePublicNet'], true)
  assert.equal(shown['PublicDomain'], `fe-${it.id}.starrocks.aliyuncs.com`)
  assert.match(String(shown['PublicSlbId']), /^lb-/)
  assert.match(String(shown['PublicSlbAclId']), /^acl-/)
  const { EnablePublicNetwork, PublicAddress } = await it.group('FE')
  assert.deepEqual([EnablePublicNetwork, PublicAddress], [true, shown['PublicDomain']])
  assert.match(await it.refused('TogglePublicSlb', open(true)), /public slb is enabled already/)
  const [latest] = await it.history({ OperationType: 'update_public_network_status' })
  assert.deepEqual(
    [latest.BeforeValue, latest.AfterValue, latest.OperationStatus],
    ['FE enable = false', 'FE enable = true', 'COMPLETED'],
  )
  await it.change('TogglePublicSlb', open(false))
  assert.equal((await it.gateways())[0]?.['PublicDomain'], '')
  assert.equal((await it.group('FE')).EnablePublicNetwork, false)
})

test('a public address takes a load balancer inside first', async (t) => {
  const it = await startAccess(t)
  const GatewayId = (await it.gateways())[0]?.['GatewayId']
  const request = { GatewayId, EnablePublicSlb: true }
  assert.match(await it.refused('TogglePublicSlb', request), /^InvalidParams .*internal slb first/)
  await it.change('EnableInternalSlb')
  await it.change('TogglePublicSlb', request)
  assert.equal((await it.gateways())[0]?.['EnablePublicNet'], true)
})
