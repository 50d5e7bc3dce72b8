import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { refusalOf } from '../../../../support/http/alibaba-client.ts'

const observers = [{ vswId: 'vsw-second', zoneId: 'cn-hangzhou-h' }]

// That it is what the order says: enable-multi-az.test.ts.
test('the price of another zone is shown by module, and nothing is begun', async (t) => {
  const it = await startInstance(t)
  const before = await it.document()
  const body = { instanceId: it.id, observers }
  const { Data } = (await it.call('QueryEnableMultiAzPrice', { body })).body
  const sum = Data.ModuleInstance.reduce(
    (all: number, { StandPrice }: { StandPrice: string }) => all + Number(StandPrice) * 10_000,
    0,
  )
  assert.ok(Data.TradeAmount > 0)
  assert.equal(Math.round(sum), Math.round(Data.OriginalAmount * 10_000))
  assert.deepEqual(await it.document(), before)
  const refused = await refusalOf(
    it.call('QueryEnableMultiAzPrice', { body: { ...body, instanceId: 'c-0' } }),
  )
  assert.equal(refused.code, 'Instance.NotFound')
})
