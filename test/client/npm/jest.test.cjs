const { startEmrys } = require('emrys/testing')

// Jest replaces timers where a test asks for it, and modules and globals in any case.
jest.useFakeTimers()

let emrys
beforeAll(async () => {
  emrys = await startEmrys()
}, 240_000)
afterAll(() => emrys.close(), 240_000)

test('jest and require', async () => {
  await emrys.clock.advance(1_000)
  expect(await emrys.admin.get('clusters')).toEqual({ total: 0, clusters: [], next: null })
}, 240_000)
