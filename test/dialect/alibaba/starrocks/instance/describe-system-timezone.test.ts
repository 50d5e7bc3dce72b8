import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

// That it is the engine's: test/scenario/alibaba-password-local.test.ts.
test('the time zone is the one that the instance was made with', async (t) => {
  const it = await startInstance(t)
  const zone = async () => (await it.send('DescribeSystemTimezone')).body.Data
  assert.equal(await zone(), 'Asia/Shanghai')
  await it.cloud.store.write(async (tx) => {
    const found = (await tx.findById('cluster', it.id))!
    const { spec } = found.document
    const software = { ...spec.software, timeZone: 'Europe/Berlin' }
    await tx.save('cluster', found, { ...found.document, spec: { ...spec, software } })
  })
  assert.equal(await zone(), 'Europe/Berlin')
  const refused = await it.refusal('DescribeSystemTimezone', { InstanceId: 'c-0' })
  assert.equal(refused.code, 'Instance.NotFound')
})
