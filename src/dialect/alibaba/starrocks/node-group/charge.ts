/**
 * How a node group that is added is paid for: as its instance, and to the end of the instance's subscription.
 * Facts: reference alibaba-starrocks.md 4.1 (PayType), 4.3 (X1), 13 (U11).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { choice, flag, integer, optional } from '../../../../shape/shape.ts'
import { shortText } from '../shape.ts'
import { payTypeOnWire } from '../instance/view.ts'

const DURATION_MAX = 1000

export const payType = choice(['prePaid', 'postPaid'], {
  label: 'Pay type',
  ignoreCase: true,
  example: 'postPaid',
})
export const duration = optional(integer({ min: 0, max: DURATION_MAX, label: 'Duration' }))
export const pricingCycle = optional(shortText('Pricing cycle', 'Month'))
export const autoRenew = optional(flag())

export interface GroupCharge {
  readonly payType: string | undefined
  readonly duration: number | undefined
  readonly pricingCycle: string | undefined
  readonly autoRenew: boolean | undefined
}

/** Throws NotSupported for terms of its own. With pay as you go they mean nothing, as for an instance (X1). */
export function requireChargeOf(instance: Cluster, asked: GroupCharge): void {
  const { mode, autoRenew: renewed } = instance.charge
  const own = payTypeOnWire(instance)
  if ((asked.payType ?? own) !== own)
    throw unsupported(`Pay type ${asked.payType}`, `a group is paid for as its instance, ${own}`)
  if (mode === 'postpaid') return
  const ends = 'a group is paid for until the subscription of its instance ends'
  if ((asked.duration ?? 0) !== 0) throw unsupported('Duration', ends)
  if ((asked.pricingCycle ?? '') !== '') throw unsupported('Pricing cycle', ends)
  if ((asked.autoRenew ?? renewed) !== renewed)
    throw unsupported(`Auto renew ${asked.autoRenew}`, 'a group is renewed with its instance')
}

function unsupported(what: string, detail: string): Fault {
  return new Fault('NotSupported', { what, detail })
}
