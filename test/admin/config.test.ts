import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configPage } from '../../src/admin/config.ts'

test('the settings in force are shown with where they came from', async () => {
  const inForce = [{ name: 'port', value: '0', from: 'flag' }]
  const { status, body } = await configPage({ inForce }).run({
    query: new URLSearchParams(),
    members: {},
    name: '',
  })
  assert.equal(status, 200)
  assert.deepEqual(JSON.parse(body), { settings: inForce })
})
