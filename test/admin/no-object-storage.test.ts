import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'

test('where nothing keeps objects, there is no key', async (t) => {
  const { port } = await startCloud(t)
  for (const cloud of ['alibaba', 'tencent', 'other']) {
    const { status, text } = await askAdmin(port, 'object-storage/key', {
      method: 'POST',
      body: { cloud },
    })
    assert.equal(status, 404, text)
    assert.match(text, /has no object storage in the environment; `object-storage: /)
  }
})
