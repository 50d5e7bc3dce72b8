import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('every documented member is there, with the names that the service gives', async (t) => {
  const it = await startAccess(t)
  const tail = it.id.slice(2)
  await it.change('AddGateway', { GatewayName: 'reports', FeNodeNumber: 1 })
  const [first, second] = await it.gateways()
  assert.deepEqual(Object.keys(first ?? {}).toSorted(), [
    'EnablePublicNet',
    'FeNodeNumber',
    'GatewayId',
    'GatewayName',
    'GatewayType',
    'InternalDomain',
    'InternalSlbId',
    'PrivatezoneId',
    'PublicDomain',
    'PublicSlbAclId',
    'PublicSlbId',
  ])
  assert.equal(first?.['GatewayId'], `dg-${tail}`)
  assert.equal(first['InternalDomain'], `fe-${it.id}-internal.starrocks.aliyuncs.com`)
  assert.match(String(first['PrivatezoneId']), /^[0-9a-z]{32}$/)
  assert.deepEqual([first['InternalSlbId'], first['PublicDomain']], ['', ''])
  assert.match(String(second?.['GatewayId']), /^dg-[0-9a-z]{16}$/)
  const own = new RegExp(`^fe-${it.id}-[0-9a-z]{6}-internal\\.starrocks\\.aliyuncs\\.com$`)
  assert.match(String(second?.['InternalDomain']), own)
  assert.match(String(second?.['InternalSlbId']), /^lb-[0-9a-z]{20}$/)
  assert.equal(second?.['PrivatezoneId'], '')
  assert.deepEqual((await it.gateways())[1], second)
})

test('an instance that was ordered with a load balancer has it, and none that is not there is listed', async (t) => {
  const it = await startAccess(t, { body: { GatewayType: 'Slb' } })
  const [first] = await it.gateways()
  assert.equal(first?.['GatewayType'], 'Slb')
  assert.match(String(first?.['InternalSlbId']), /^lb-/)
  assert.match(await it.refused('ListGateway', { InstanceId: 'c-0' }), /^Instance\.NotFound/)
})
