/**
 * QueryRefundPrice: what unsubscribing would pay back now. Its names are of lower camel case, in the request and in the whole answer.
 * Facts: reference alibaba-starrocks.md 3.1, 3.2, 11.5.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { decimal, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { yuan } from '../price/amount.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'
import { billingInstanceIds, requireBillingInstances } from './billing-instance.ts'

export const queryRefundPrice = action({
  name: 'QueryRefundPrice',
  input: {
    billingInstanceIds: optional(billingInstanceIds),
    instanceId,
    RegionId: optional(regionId),
  },
  output: { Data: decimal() },
  faults: ['ClusterNotFound', 'ParametersRefused', 'NotSupported'],
  asks: ['identity', 'trade'],
  resources: (call, input) => instanceResources(call, [input.instanceId]),
  async run(core, call, { billingInstanceIds: ids, instanceId: id }) {
    const left = await core.billing.subscriptions.refundable(call, id, (instance) => {
      requireRefundable(instance)
      if (ids !== undefined) requireBillingInstances(instance, ids, 'billingInstanceIds')
    })
    return { Data: yuan(left) }
  },
})

function requireRefundable({ charge }: Cluster): void {
  if (charge.mode === 'prepaid') return
  throw new Fault('NotSupported', {
    what: 'A refund of a postPaid instance',
    detail: 'nothing of it is paid ahead',
  })
}
