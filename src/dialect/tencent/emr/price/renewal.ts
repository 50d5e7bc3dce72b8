/** What the two inquiries about renewals have in common (reference: tencent-emr.md 5.6, 8; appendix B). */
import { changeVerb } from '../../../../domain/cluster/change.ts'
import { isStopped } from '../../../../domain/billing.ts'
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import {
  decimal,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { prepaidMonths, toYuan, type Term } from '../../catalogue/price.ts'
import { roleOf } from '../../states.ts'
import { invalid, oneOf } from '../refusal.ts'
import { noTime, timeText } from '../time-text.ts'
import type { NodeCost } from './node-price.ts'

export const renewalTerm = {
  TimeSpan: integer({ code: 'InvalidParameter.InvalidTimeSpan' }),
  PayMode: integer({ allowed: [1], code: 'InvalidParameter.InvalidPaymode' }),
  TimeUnit: optional(text()),
  Currency: optional(text()),
}

const cost = { OriginalCost: decimal(), DiscountCost: decimal() }

const nodeRenewal = object({
  ChargeType: integer(),
  EmrResourceId: text(),
  NodeType: text(),
  Ip: text(),
  ExpireTime: text(),
  ...cost,
  RenewPriceDetails: list(
    object({ BillingName: text(), Policy: decimal(), Quantity: integer(), ...cost }),
  ),
})

export const renewalCost = {
  ...cost,
  TimeUnit: text(),
  TimeSpan: integer(),
  NodeRenewPriceDetails: list(nodeRenewal),
}

/** Throws InvalidTimeUnit, InvalidTimeSpan. */
export function readRenewalTerm(input: {
  readonly TimeSpan: number
  readonly TimeUnit?: string | undefined
}): Extract<Term, { payMode: 'prepaid' }> {
  const { TimeSpan: months, TimeUnit: unit = 'm' } = input
  if (unit !== 'm') {
    const code = 'InvalidParameter.InvalidTimeUnit'
    throw invalid({ name: 'TimeUnit', code, rule: 'it must be m', value: unit, example: 'm' })
  }
  if (!prepaidMonths.includes(months)) {
    const code = 'InvalidParameter.InvalidTimeSpan'
    const rule = oneOf(prepaidMonths)
    throw invalid({ name: 'TimeSpan', code, rule, value: months, example: 1 })
  }
  return { payMode: 'prepaid', months }
}

/** A change that is under way has another price at its end. Throws ClusterBusy. */
export function requireRenewable(cluster: Cluster): void {
  const { id, status, change } = cluster
  const { state } = status
  if (state === 'running' || state === 'impaired' || isStopped(cluster)) return
  const about = change ? { change: changeVerb(change) } : {}
  throw new Fault('ClusterBusy', { id, state, event: 'renew', ...about })
}

export function sumOf(costs: readonly NodeCost[]): Pick<NodeCost, 'original' | 'discounted'> {
  return {
    original: costs.reduce((sum, { original }) => sum + original, 0),
    discounted: costs.reduce((sum, { discounted }) => sum + discounted, 0),
  }
}

export function viewRenewal(
  cluster: Cluster,
  { of, id, original, discounted, parts }: NodeCost,
): Static<typeof nodeRenewal> {
  const { expiresMs } = cluster.charge
  return {
    ChargeType: 1,
    EmrResourceId: id,
    NodeType: of ? (roleOf.get(of.group.role)?.title ?? of.group.role) : 'MySQL',
    Ip: of ? nodeStatus(cluster, of.node).address : '',
    ExpireTime: expiresMs === undefined ? noTime : timeText(expiresMs),
    OriginalCost: toYuan(original),
    DiscountCost: toYuan(discounted),
    RenewPriceDetails: parts.map((part) => ({
      BillingName: part.part,
      Policy: part.percent / 10,
      Quantity: part.goodsNum,
      OriginalCost: toYuan(part.price * part.goodsNum),
      DiscountCost: toYuan(part.realTotalCost),
    })),
  }
}
