import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('the compute nodes get a public address, and lose it, with a word for each way', async (t) => {
  const it = await startAccess(t)
  const request = (PublicNetworkEnabled: boolean) => ({ ComponentType: 'BE', PublicNetworkEnabled })
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  assert.equal(await it.post('UpdatePublicNetworkStatus', request(true)), true)
  await it.cloud.loop.drain()
  assert.equal((await it.describe()).InstanceStatus, 'enable_public_network')
  assert.deepEqual(
    (await it.groups()).map(({ ComponentType, Status }) => [ComponentType, Status]),
    [
      ['FE', 'RUNNING'],
      ['CN', 'ENABLE_PUBLIC_NETWORK'],
    ],
  )
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await it.cloud.settle()
  const { EnablePublicNetwork, PublicAddress, Status } = await it.group('CN')
  assert.deepEqual(
    [EnablePublicNetwork, PublicAddress, Status],
    [true, `be-${it.id}.starrocks.aliyuncs.com`, 'RUNNING'],
  )
  assert.equal((await it.group('FE')).EnablePublicNetwork, false)
  const [latest] = await it.history({ OperationType: 'update_public_network_status' })
  assert.deepEqual(
    [latest.BeforeValue, latest.AfterValue],
    ['CN enable = false', 'CN enable = true'],
  )
  assert.match(await it.refused('UpdatePublicNetworkStatus', request(true)), /enabled already/)
  const status = await it.change('UpdatePublicNetworkStatus', request(false))
  assert.equal(status, 'disable_public_network')
  assert.equal((await it.group('CN')).PublicAddress, '')
})

test('that of the frontends is the default gateway’s', async (t) => {
  const it = await startAccess(t)
  await it.change('UpdatePublicNetworkStatus', { ComponentType: 'FE', PublicNetworkEnabled: true })
  const [gateway] = await it.gateways()
  const { PublicAddress } = await it.group('FE')
  assert.equal(PublicAddress, `fe-${it.id}.starrocks.aliyuncs.com`)
  assert.deepEqual([gateway?.['EnablePublicNet'], gateway?.['PublicDomain']], [true, PublicAddress])
})

test('a group is named by its id or by its component, which have to agree', async (t) => {
  const it = await startAccess(t)
  const { NodeGroupId } = await it.group('CN')
  const request = { PublicNetworkEnabled: true }
  const refused = (more: object) => it.refused('UpdatePublicNetworkStatus', { ...request, ...more })
  assert.match(await refused({}), /^MissingComponentType/)
  assert.match(await refused({ NodeGroupId: 'ng-0' }), /^NodeGroup\.NotFound/)
  assert.match(await refused({ NodeGroupId, ComponentType: 'FE' }), /^InvalidParams .*is of CN/)
  await it.change('UpdatePublicNetworkStatus', { ...request, NodeGroupId })
  assert.equal((await it.group('CN')).EnablePublicNetwork, true)
})
