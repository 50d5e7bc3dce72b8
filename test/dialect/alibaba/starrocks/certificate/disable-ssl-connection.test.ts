import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAccess } from '../../../../support/fixture/alibaba-access.ts'

test('what was enabled is disabled, and only that', async (t) => {
  const it = await startAccess(t)
  assert.match(await it.refused('DisableSSLConnection'), /^InvalidParams .*SSL is not enabled/)
  await it.change('EnableSSLConnection')
  assert.equal(await it.change('DisableSSLConnection'), 'updating')
  assert.equal((await it.describe()).EnableSSL, false)
  assert.equal((await it.document()).spec.access?.encryption, 'off')
  await it.change('EnableSSLConnection')
  assert.equal((await it.describe()).EnableSSL, true)
})
