import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { money } from '../../../../support/fixture/money.ts'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'

const UNPAID = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1, AutoPay: false }

test('the order of an instance that waits for its payment is found until it is paid', async (t) => {
  const cloud = await startCloud(t)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody(UNPAID) })
  const { InstanceId, OrderId } = created.body.Data
  const ask = async (more: Record<string, string> = {}) =>
    (
      await call('QueryUnpaidOrder', {
        query: { InstanceId, BillingInstanceId: InstanceId, ...more },
      })
    ).body.Data
  assert.equal(await ask(), OrderId)
  assert.equal(await ask({ OrderType: 'buy' }), OrderId)
  assert.equal(await ask({ OrderType: 'RENEW' }), null)
  await money(cloud).post(`orders/${OrderId}/pay`)
  assert.equal(await ask(), null)
  await cloud.settle()
  assert.equal(await ask({ OrderType: 'BUY' }), null)
  const refusal = (more: Record<string, string>) =>
    refusalOf(
      call('QueryUnpaidOrder', { query: { InstanceId, BillingInstanceId: InstanceId, ...more } }),
    )
  assert.equal((await refusal({ BillingInstanceId: 'ng-0' })).code, 'InvalidParams')
  assert.equal((await refusal({ InstanceId: 'c-0' })).code, 'Instance.NotFound')
})
