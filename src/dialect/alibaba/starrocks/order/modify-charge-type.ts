/**
 * ModifyChargeType: a pay-as-you-go instance becomes a subscription from now on, without being touched. The answer is the id of its
 * order. Facts: reference alibaba-starrocks.md 3.2, 10 (C5), 11.5.
 */
import { integer } from '../../../../shape/shape.ts'
import { orderItems } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { reservationsOf } from '../instance/prerequisites.ts'
import { promotionOf } from '../node-group/terms.ts'
import { instanceResources } from '../shape.ts'
import {
  chargeTypeFaults,
  chargeTypeMembers,
  readChargeTerm,
  requireSubscribable,
} from './charge-type.ts'
import { priceOfTerm, termMonths } from './term.ts'

export const modifyChargeType = action({
  name: 'ModifyChargeType',
  input: chargeTypeMembers,
  output: { Data: integer() },
  faults: [...chargeTypeFaults, 'BalanceShort', 'ResourceShort', 'QuotaExceeded'],
  asks: ['identity', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const { AutoRenew: autoRenew = false, BillingInstanceIds, InstanceId } = input
    const term = readChargeTerm(input)
    const coupon = await promotionOf(core, call, input.PromotionOptionNo)
    const order = await core.billing.subscriptions.begin(call, InstanceId, (was) => {
      requireSubscribable(was, BillingInstanceIds)
      const price = priceOfTerm(was, term)
      return {
        autoRenew,
        months: termMonths(term),
        currency: price.currency,
        items: orderItems(price),
        reservations: reservationsOf(was.spec.groups, 'prepaid'),
        ...(coupon === undefined ? {} : { coupon }),
      }
    })
    return { Data: Number(order.id) }
  },
})
