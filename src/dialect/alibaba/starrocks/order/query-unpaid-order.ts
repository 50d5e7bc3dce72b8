/** QueryUnpaidOrder: the order of an instance that is still to be paid, or null. Facts: reference alibaba-starrocks.md 3.2. */
import type { Order } from '../../../../domain/order.ts'
import { choice, integer, nullable, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { requireBillingInstance } from './billing-instance.ts'

/** Only BUY is in a document; every other word is of an order that is paid when it is placed. */
const orderTypes = ['BUY', 'RENEW', 'UPGRADE', 'DOWNGRADE'] as const

const typeOf: { readonly [kind in Order['kind']]: readonly (typeof orderTypes)[number][] } = {
  buy: ['BUY'],
  renew: ['RENEW'],
  change: ['UPGRADE', 'DOWNGRADE'],
  refund: [],
}

export const queryUnpaidOrder = action({
  name: 'QueryUnpaidOrder',
  input: {
    BillingInstanceId: instanceId,
    InstanceId: instanceId,
    OrderType: optional(choice(orderTypes, { label: 'Order type', ignoreCase: true })),
    RegionId: optional(regionId),
  },
  output: { Data: nullable(integer()) },
  faults: ['ClusterNotFound', 'ParametersRefused'],
  asks: ['identity', 'trade'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { BillingInstanceId, InstanceId, OrderType }) {
    const instance = await core.clusters.get(call, InstanceId)
    requireBillingInstance(instance, BillingInstanceId)
    const order = await core.billing.orders.unpaid(call, InstanceId)
    const wanted = order && (OrderType === undefined || typeOf[order.kind].includes(OrderType))
    return { Data: wanted ? Number(order.id) : null }
  },
})
