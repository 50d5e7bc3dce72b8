import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configPage } from '../../src/admin/config.ts'
import { bodyText } from '../../src/gateway/dialect.ts'

test('the settings in force are shown with where they came from', async () => {
  const inForce = [{ name: 'port', value: '0', from: 'flag' }]
  const answer = await configPage({ inForce }).run({
    query: new URLSearchParams(),
    members: {},
    name: '',
  })
  assert.equal(answer.status, 200)
  assert.deepEqual(JSON.parse(bodyText(answer)), { settings: inForce })
})
