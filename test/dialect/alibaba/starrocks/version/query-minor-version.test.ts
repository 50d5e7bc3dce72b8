import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestMinorOf } from '../../../../../src/dialect/alibaba/catalogue/version.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('the newest minor version of a major one is what new instances run', async (t) => {
  const { send, describe, refusal } = await startInstance(t, { body: { Version: '3.2' } })
  const { MinorVersion } = await describe()
  assert.equal((await send('QueryMinorVersion', { Version: '3.2' })).body.Data, MinorVersion)
  assert.equal((await send('QueryMinorVersion')).body.Data, newestMinorOf('3.3')?.text)
  const unknown = await refusal('QueryMinorVersion', { Version: '9.9' })
  assert.equal(unknown.code, 'InvalidParams')
  assert.match(unknown.message, /select from set \[2\.5, 3\.2, 3\.3\]/)
})
