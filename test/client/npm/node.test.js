import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmrys } from 'emrys/testing'

test('node:test and import', async () => {
  await using emrys = await startEmrys()
  await emrys.clock.advance(1_000)
  assert.deepEqual(await emrys.admin.get('clusters'), { total: 0, clusters: [], next: null })
})
