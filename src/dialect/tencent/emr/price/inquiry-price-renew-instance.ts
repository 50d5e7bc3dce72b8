/**
 * InquiryPriceRenewInstance: what one more term of nodes costs, of those that are named or of all of a cluster; with ModifyPayMode,
 * what a first one would cost of nodes that are paid for as they are used (reference: tencent-emr.md 5.6, appendix B).
 */
import { flag, integer, list, object, optional, text, decimal } from '../../../../shape/shape.ts'
import { toYuan } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { placement } from '../cluster/create-shape.ts'
import { checkCurrency } from '../cluster/currency.ts'
import { checkAgreement } from '../cluster/placement-agreement.ts'
import { ownerOf } from '../node/owner.ts'
import { resourceIdList, selectNodes } from '../node/selection.ts'
import { invalid, missing } from '../refusal.ts'
import { nodeCosts } from './node-price.ts'
import {
  readRenewalTerm,
  renewalCost,
  renewalTerm,
  requireRenewable,
  sumOf,
  viewRenewal,
} from './renewal.ts'

export const inquiryPriceRenewInstance = action({
  name: 'InquiryPriceRenewInstance',
  input: {
    ...renewalTerm,
    ResourceIds: optional(resourceIdList('InvalidParameter.InvalidResourceIds', { min: 0 })),
    Placement: optional(placement),
    ModifyPayMode: integer({ allowed: [0, 1], default: 0 }),
    NeedDetail: flag({ default: false }),
    InstanceId: optional(clusterId('InvalidParameter.InvalidClusterId')),
  },
  output: {
    ...renewalCost,
    PriceDetail: list(
      object({
        ResourceId: text(),
        Formula: text(),
        OriginalCost: decimal(),
        DiscountCost: decimal(),
      }),
    ),
  },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['account', 'identity', 'trade'],
  listing: true,
  resources: (call, { InstanceId: id = '*' }) => [clusterResource(call, id)],
  async run(core, call, input) {
    checkCurrency(input.Currency)
    const term = readRenewalTerm(input)
    const { ResourceIds: ids = [], InstanceId: named, ModifyPayMode } = input
    const [first] = ids
    if (named === undefined && first === undefined) throw missing('ResourceIds')
    const cluster =
      named === undefined
        ? await ownerOf(core, call, { name: 'ResourceIds.0', id: first ?? '' })
        : await core.clusters.get(call, named)
    const own = cluster.charge.mode === 'prepaid' ? 0 : 1
    if (ModifyPayMode !== own) {
      const code = 'InvalidParameter.PayModeResourceNotMatch'
      const rule = `of nodes that are paid for ${own === 0 ? 'by the month' : 'as they are used'} it must be ${own}`
      throw invalid({ name: 'ModifyPayMode', code, rule, value: ModifyPayMode, example: own })
    }
    checkAgreement(input.Placement, cluster)
    requireRenewable(cluster)
    const code = 'ResourceNotFound.ResourceNotFound'
    selectNodes(cluster, { name: 'ResourceIds', ids, idOf: (node) => node.id, code })
    const chosen = new Set(ids)
    const costs = nodeCosts(cluster, term).filter(({ id }) => chosen.size === 0 || chosen.has(id))
    const { original, discounted } = sumOf(costs)
    return {
      OriginalCost: toYuan(original),
      DiscountCost: toYuan(discounted),
      TimeUnit: 'm',
      TimeSpan: term.months,
      PriceDetail: costs.map((cost) => ({
        ResourceId: cost.id,
        Formula: `${toYuan(cost.original / term.months)}*${term.months}*100%`,
        OriginalCost: toYuan(cost.original),
        DiscountCost: toYuan(cost.discounted),
      })),
      NodeRenewPriceDetails: input.NeedDetail
        ? costs.map((cost) => viewRenewal(cluster, cost))
        : [],
    }
  },
})
