import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('its answer has a lower-case member for what others call Data', async (t) => {
  const it = await startAccess(t)
  const query = { InstanceId: it.id }
  const { body } = await it.call('DescribeInnerIpWhitelistGroups', { query })
  assert.deepEqual((body as unknown as { readonly data: unknown }).data, [])
  assert.ok(!('Data' in body))
  const strange = await it.refused('DescribeInnerIpWhitelistGroups', { InstanceId: 'c-0' })
  assert.match(strange, /^Instance\.NotFound/)
})
