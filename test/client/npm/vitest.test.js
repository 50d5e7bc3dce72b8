import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmrys } from 'emrys/testing'

let emrys
beforeAll(async () => {
  emrys = await startEmrys()
}, 240_000)
afterAll(() => emrys.close(), 240_000)

test('vitest and import', async () => {
  await emrys.clock.advance(1_000)
  expect(await emrys.admin.get('clusters')).toEqual({ total: 0, clusters: [], next: null })
}, 240_000)
