/**
 * RenewInstance: one more term of a subscription, from the end of what was bought on. One that has ended comes back, with a term from
 * now on. One order renews all billing instances. Facts: reference alibaba-starrocks.md 3.1 (envelope), 3.2, 11.5.
 */
import { list, object, text } from '../../../../shape/shape.ts'
import { orderItems } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { promotionOf } from '../node-group/terms.ts'
import { instanceResources } from '../shape.ts'
import { renewalFaults, renewalMembers, requireSubscription } from './renewal.ts'
import { priceOfTerm, readTerm, termMonths } from './term.ts'

export const renewInstance = action({
  name: 'RenewInstance',
  input: renewalMembers,
  output: { Data: object({ OrderIds: list(text()) }) },
  faults: [...renewalFaults, 'ClusterBusy', 'BalanceShort'],
  asks: ['identity', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { BillingInstanceIds, InstanceId, PromotionOptionNo } = input
    const term = readTerm(input)
    const coupon = await promotionOf(core, call, PromotionOptionNo)
    const order = await core.billing.subscriptions.renew(call, InstanceId, (was) => {
      requireSubscription(was, BillingInstanceIds)
      const price = priceOfTerm(was, term)
      const { currency } = price
      const bought = { months: termMonths(term), currency, items: orderItems(price) }
      return { ...bought, ...(coupon === undefined ? {} : { coupon }) }
    })
    return { Data: { OrderIds: [order.id] } }
  },
})
