/**
 * InquiryPriceScaleOutInstance: what more nodes would cost. The order that they would be bought with is made as ScaleOutInstance makes
 * it; stock and quotas are asked, the funds are not (reference: tencent-emr.md 5.6, appendix B).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ClusterSpec } from '../../../../domain/cluster/spec.ts'
import type { Reservation } from '../../../../domain/environment.ts'
import { excess } from '../../../../domain/supply.ts'
import { choice, flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { toYuan } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkCurrency } from '../cluster/currency.ts'
import { nodesToAdd } from '../node/new-node.ts'
import { readAddition, refuseHardware } from '../node/scale-out.ts'
import { termsOf } from '../node/terms.ts'
import { given, unsupported } from '../refusal.ts'
import { costOf } from './cost.ts'
import { priceResource, viewResource } from './resource.ts'

const count = integer({ min: 0 })
const cost = { OriginalCost: text(), DiscountCost: text(), Unit: text(), PriceSpec: priceResource }

export const inquiryPriceScaleOutInstance = action({
  name: 'InquiryPriceScaleOutInstance',
  input: {
    TimeUnit: text(),
    TimeSpan: integer(),
    ZoneId: integer(),
    PayMode: integer(),
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    CoreCount: count,
    TaskCount: count,
    Currency: text(),
    RouterCount: integer({ min: 0, default: 0 }),
    MasterCount: integer({ min: 0, default: 0 }),
    ResourceBaseType: choice(['EMR', 'ComputeResource'], { default: 'EMR' }),
    ComputeResourceId: optional(text()),
    HardwareResourceType: choice(['HOST', 'POD', 'MNode'], { default: 'HOST', ignoreCase: true }),
  },
  output: {
    ...cost,
    MultipleEmrPrice: list(object({ ...cost, SupportSpotPaid: flag() })),
  },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported', 'ResourceShort', 'QuotaExceeded'],
  asks: ['account', 'identity', 'compute', 'block-storage', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    if (input.ResourceBaseType !== 'EMR') throw unsupported('ResourceBaseType')
    if (given(input.ComputeResourceId) !== undefined) throw unsupported('ComputeResourceId')
    refuseHardware(input.HardwareResourceType)
    checkCurrency(input.Currency)
    const id = input.InstanceId
    const { group } = readAddition(input, await core.clusters.get(call, id))
    let more: readonly Reservation[] = []
    const terms = termsOf(core)
    const quote = await core.clusters.quoteChange(call, id, {
      nodes: (was) => nodesToAdd(was, readAddition(input, was), core.random),
      terms(was: Cluster, next: ClusterSpec) {
        const asked = terms(was, next)
        more = excess(asked.reservations, was.reservations ?? [])
        return asked
      },
    })
    await core.environments.checkSupply(call, more)
    const { original, discounted } = costOf(quote)
    const price = {
      OriginalCost: yuan(original),
      DiscountCost: yuan(discounted),
      Unit: input.TimeUnit,
      PriceSpec: viewResource(group),
    }
    // Nobody sells machines by auction here.
    return { ...price, MultipleEmrPrice: [{ ...price, SupportSpotPaid: false }] }
  },
})

/** Texts, unlike all other prices of this API. */
function yuan(amount: number): string {
  return toYuan(amount).toFixed(2)
}
