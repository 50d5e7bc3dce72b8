/** QueryModifyChargeTypePrice: what ModifyChargeType would cost, of the same instances. Facts: reference alibaba-starrocks.md 3.2, 6.11. */
import { action } from '../action.ts'
import { priceView, promotionNamed, viewPrice } from '../price/view.ts'
import { instanceResources } from '../shape.ts'
import {
  chargeTypeFaults,
  chargeTypeMembers,
  readChargeTerm,
  requireSubscribable,
} from './charge-type.ts'
import { priceOfTerm, termMonths } from './term.ts'

export const queryModifyChargeTypePrice = action({
  name: 'QueryModifyChargeTypePrice',
  input: chargeTypeMembers,
  output: { Data: priceView },
  faults: chargeTypeFaults,
  asks: ['identity', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const term = readChargeTerm(input)
    const instance = await core.clusters.get(call, input.InstanceId)
    requireSubscribable(instance, input.BillingInstanceIds)
    const promotion = await promotionNamed(core, call, input.PromotionOptionNo)
    const reduction = { months: termMonths(term), ...(promotion ? { promotion } : {}) }
    return { Data: viewPrice(priceOfTerm(instance, term), reduction) }
  },
})
