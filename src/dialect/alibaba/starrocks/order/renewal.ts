/** What RenewInstance and its inquiry have in common. Facts: reference alibaba-starrocks.md 3.2 (billing), 11.5. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault, type FaultCode } from '../../../../domain/fault.ts'
import { integer, optional } from '../../../../shape/shape.ts'
import { instanceId, regionId, shortText } from '../shape.ts'
import { billingInstanceIds, requireBillingInstances } from './billing-instance.ts'

export const renewalMembers = {
  BillingInstanceIds: billingInstanceIds,
  Duration: integer({ min: 0, max: 1000, label: 'Duration' }),
  InstanceId: instanceId,
  PricingCycle: shortText('Pricing cycle'),
  PromotionOptionNo: optional(shortText('Promotion option no')),
  RegionId: optional(regionId),
}

export const renewalFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'ParametersRefused',
  'NotSupported',
  'ResourceMissing',
  'ResourceUnfit',
]

/** Throws NotSupported, ParametersRefused. */
export function requireSubscription(instance: Cluster, ids: string): void {
  if (instance.charge.mode !== 'prepaid')
    throw new Fault('NotSupported', {
      what: 'Renewing a postPaid instance',
      detail: 'only a subscription has a term',
    })
  requireBillingInstances(instance, ids)
}
