import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('without the last group everyone may connect again; one that is not there is refused', async (t) => {
  const it = await startAccess(t)
  const group = { InnerIpWhitelistGroupId: 'office' }
  assert.match(
    await it.refused('DeleteInnerIpWhitelistGroup', group),
    /^InvalidParams .*\[office\] not exists/,
  )
  await it.change('UpdateInnerIpWhitelistGroup', { ...group, CidrIpList: ['10.0.0.0/8'] })
  assert.equal(await it.change('DeleteInnerIpWhitelistGroup', group), 'updating')
  assert.deepEqual((await it.document()).spec.access?.allowLists, [])
})
