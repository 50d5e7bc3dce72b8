/**
 * From pay as you go to a subscription, which is the only direction: who may, and what is bought. Inquiry and order read the same.
 * Facts: reference alibaba-starrocks.md 3.2, 10 (C5).
 */
import { requireIdle } from '../../../../domain/cluster/change.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault, type FaultCode } from '../../../../domain/fault.ts'
import { flag, optional, text } from '../../../../shape/shape.ts'
import { instanceExtension } from '../instance/extension.ts'
import { instanceId, regionId, shortText } from '../shape.ts'
import { billingInstanceIds, requireBillingInstances } from './billing-instance.ts'
import { readTerm, type SubscriptionTerm } from './term.ts'

/** The number of terms is a text here. */
const duration = text({
  pattern: /^\d{1,4}$/,
  message: 'Duration should be a number of at most 4 digits',
})

export const chargeTypeMembers = {
  AutoRenew: optional(flag()),
  BillingInstanceIds: optional(billingInstanceIds),
  Duration: optional(duration),
  InstanceId: instanceId,
  PricingCycle: optional(shortText('Pricing cycle')),
  PromotionOptionNo: optional(shortText('Promotion option no')),
  RegionId: optional(regionId),
}

export const chargeTypeFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'ClusterBusy',
  'ParametersRefused',
  'NotSupported',
  'ResourceMissing',
  'ResourceUnfit',
]

export function readChargeTerm(it: {
  readonly PricingCycle?: string
  readonly Duration?: string
}): SubscriptionTerm {
  const { Duration, PricingCycle } = it
  return readTerm({
    ...(PricingCycle === undefined ? {} : { PricingCycle }),
    ...(Duration === undefined ? {} : { Duration: Number(Duration) }),
  })
}

/** Throws ClusterBusy, NotSupported, ParametersRefused. */
export function requireSubscribable(instance: Cluster, ids: string | undefined): void {
  requireIdle(instance, 'subscribe')
  const refuse = (detail: string) =>
    new Fault('NotSupported', { what: 'Another charge type', detail })
  if (instance.charge.mode === 'prepaid')
    throw refuse('a prePaid instance stays one; only postPaid ones become prePaid')
  if (instanceExtension(instance).packageType === 'trial') throw refuse('it is a trial instance')
  if (ids !== undefined) requireBillingInstances(instance, ids)
}
