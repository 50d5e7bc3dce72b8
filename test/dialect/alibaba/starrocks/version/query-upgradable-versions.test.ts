import assert from 'node:assert/strict'
import { test } from 'node:test'
import { upgradesOf } from '../../../../../src/dialect/alibaba/catalogue/version.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('later minor versions of the major one that runs, or the next major one', async (t) => {
  const { send, refusal } = await startInstance(t, { body: { Version: '3.2' } })
  const versions = async (query = {}) => (await send('QueryUpgradableVersions', query)).body.Data
  assert.deepEqual(await versions(), [])
  assert.deepEqual(await versions({ Minor: true }), [])
  assert.deepEqual(await versions({ Minor: false }), ['3.3'])
  const absent = await refusal('QueryUpgradableVersions', { InstanceId: 'c-0' })
  assert.equal(absent.code, 'Instance.NotFound')
})

test('2.5 leads nowhere, and neither does the newest of all', () => {
  assert.deepEqual(upgradesOf('2.5.22-1.60-1.6.0', 'major'), [])
  assert.deepEqual(upgradesOf('3.3.13-1.0-1.7.12', 'major'), [])
  assert.deepEqual(upgradesOf('3.3.13-1.0-1.7.12', 'minor'), [])
  assert.deepEqual(upgradesOf('3.1.17-1.70-1.6.3', 'major'), ['3.2'])
  assert.deepEqual(upgradesOf('3.3.8-1.94-1.7.10', 'minor'), [
    '3.3.13-1.0-1.7.2',
    '3.3.13-1.0-1.7.12',
  ])
  assert.deepEqual(upgradesOf('9.9.9-1.0-1.0.0', 'minor'), [])
})
