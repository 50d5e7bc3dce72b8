/** QueryRenewPrice: what RenewInstance would cost, by billing instance. Facts: reference alibaba-starrocks.md 3.2, 6.11. */
import { list, object, text } from '../../../../shape/shape.ts'
import { orderItems } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { amountMembers, sharesOf, viewAmounts } from '../price/amount.ts'
import { discountOn, promotionNamed } from '../price/view.ts'
import { instanceResources } from '../shape.ts'
import { renewalFaults, renewalMembers, requireSubscription } from './renewal.ts'
import { partsOfTerm, priceOfTerm, readTerm, termMonths } from './term.ts'

const { ComponentPrices: _components, ...amounts } = amountMembers

export const queryRenewPrice = action({
  name: 'QueryRenewPrice',
  input: renewalMembers,
  output: { Data: list(object({ BillingInstanceId: text(), ...amounts })) },
  faults: renewalFaults,
  asks: ['identity', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const term = readTerm(input)
    const instance = await core.clusters.get(call, input.InstanceId)
    requireSubscription(instance, input.BillingInstanceIds)
    const promotion = await promotionNamed(core, call, input.PromotionOptionNo)
    const price = priceOfTerm(instance, term)
    const reduction = { months: termMonths(term), ...(promotion ? { promotion } : {}) }
    const discount = discountOn(orderItems(price), reduction)
    const parts = partsOfTerm(instance, term)
    const shares = sharesOf(
      discount,
      parts.map(({ amount }) => amount),
      price.original,
    )
    const { currency } = price
    return {
      Data: parts.map(({ id, amount }, at) => {
        const whole = { components: [{ name: id, amount }], discount: shares[at] ?? 0 }
        const shown = viewAmounts({ ...whole, currency, coupon: promotion?.id })
        const { ComponentPrices: _whole, ...rest } = shown
        return { BillingInstanceId: id, ...rest }
      }),
    }
  },
})
