/**
 * InquiryPriceUpdateInstance: what other machines for nodes would cost, in all and by node, as ModifyResource would order them. The
 * cluster is found by its nodes (reference: tencent-emr.md 5.6, 8, api.json).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { sizeOf } from '../../../../domain/cluster/node-group.ts'
import { nodesIn } from '../../../../domain/cluster/spec.ts'
import { decimal, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { toYuan, type Term } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { placement } from '../cluster/create-shape.ts'
import { checkCurrency } from '../cluster/currency.ts'
import { checkAgreement } from '../cluster/placement-agreement.ts'
import { readTerm } from '../cluster/purchase.ts'
import { exchangeOf } from '../node/machine-exchange.ts'
import { ownerOf } from '../node/owner.ts'
import { placedNodes, resourceIdList } from '../node/selection.ts'
import { restOfTerm, termsOf } from '../node/terms.ts'
import { given, invalid, missing } from '../refusal.ts'
import { renaming } from '../renaming.ts'
import { costOf, sharesOf } from './cost.ts'
import { listPriceOf } from './node-price.ts'

const cost = { OriginalCost: decimal(), DiscountCost: decimal() }

export const inquiryPriceUpdateInstance = action({
  name: 'InquiryPriceUpdateInstance',
  input: {
    TimeUnit: text(),
    TimeSpan: integer(),
    PayMode: integer(),
    UpdateSpec: optional(
      object({
        Memory: integer({ min: 1, code: 'InvalidParameter.InvalidModifySpec' }),
        CPUCores: integer({ min: 1, code: 'InvalidParameter.InvalidModifySpec' }),
        ResourceId: text({ trim: true, max: 64 }),
        InstanceType: optional(text()),
      }),
    ),
    Placement: optional(placement),
    Currency: optional(text()),
    ResourceIdList: optional(resourceIdList('InvalidParameter.InvalidResourceSpec', { min: 0 })),
  },
  output: {
    ...cost,
    TimeUnit: text(),
    TimeSpan: integer(),
    PriceDetail: list(object({ ResourceId: text(), Formula: text(), ...cost })),
    NewConfigPrice: object(cost),
  },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['account', 'identity', 'compute', 'trade'],
  listing: true,
  resources: (call) => [clusterResource(call, '*')],
  async run(core, call, input) {
    const { UpdateSpec: wanted, ResourceIdList: listed = [] } = input
    if (!wanted) throw missing('UpdateSpec')
    checkCurrency(input.Currency)
    const term = readTerm(input)
    const ids = [...listed, wanted.ResourceId]
    const owner = await ownerOf(core, call, {
      name: 'UpdateSpec.ResourceId',
      id: wanted.ResourceId,
    })
    checkAgreement(input.Placement, owner)
    const machine = {
      payMode: input.PayMode,
      cpu: wanted.CPUCores,
      memoryGb: wanted.Memory,
      instanceType: given(wanted.InstanceType),
    }
    const exchange = (was: Cluster) =>
      renaming({ names: NAMES }, () => exchangeOf(was, { machine, ids }))
    const quote = await core.clusters.quoteChange(call, owner.id, {
      aspect: 'machine',
      rolling: false,
      resize: exchange,
      terms: termsOf(core),
    })
    requireSpan(term, owner)
    const { original, discounted } = costOf(quote)
    const rows = changesOf(owner, term, exchange(owner))
    const weights = rows.map(({ before, after }) => after - before)
    const shares = sharesOf(original, weights)
    const reduced = sharesOf(discounted, weights)
    const config = rows.reduce((sum, { after }) => sum + after, 0)
    const rest = term.payMode === 'prepaid' ? restOfTerm(owner, core.clock.now()) : 1
    return {
      OriginalCost: toYuan(original),
      DiscountCost: toYuan(discounted),
      TimeUnit: input.TimeUnit,
      TimeSpan: input.TimeSpan,
      PriceDetail: rows.map(({ id, before, after }, at) => ({
        ResourceId: id,
        Formula: formulaOf({ before, after, share: shares[at] ?? 0, rest, term }),
        OriginalCost: toYuan(shares[at] ?? 0),
        DiscountCost: toYuan(reduced[at] ?? 0),
      })),
      NewConfigPrice: { OriginalCost: toYuan(config), DiscountCost: toYuan(config) },
    }
  },
})

/** What the exchange itself calls them. */
const NAMES = [
  ['NewCpu', 'UpdateSpec.CPUCores'],
  ['InstanceType', 'UpdateSpec.InstanceType'],
] as const

/** A machine is paid for until its cluster's term ends, whatever the request would like. */
function requireSpan(term: Term, { charge }: Cluster): void {
  if (term.payMode === 'postpaid' || term.months === charge.months) return
  const code = 'InvalidParameter.InvalidTimeSpan'
  const own = charge.months ?? 1
  const rule = `it must be the term of the cluster, ${own}`
  throw invalid({ name: 'TimeSpan', code, rule, value: term.months, example: own })
}

function changesOf(cluster: Cluster, term: Term, { scope, size }: ReturnType<typeof exchangeOf>) {
  const chosen = new Set(nodesIn(cluster.spec, scope))
  return placedNodes(cluster)
    .filter(({ node }) => chosen.has(node.id))
    .map(({ group, node }) => {
      const was = sizeOf(group, node)
      const before = listPriceOf(group, was, term)
      return { id: node.id, before, after: listPriceOf(group, size(was), term) }
    })
}

interface Formula {
  readonly before: number
  readonly after: number
  readonly share: number
  readonly rest: number
  readonly term: Term
}

/** In the form that the documents' example has; its length is what is left of the term. */
function formulaOf({ before, after, share, rest, term }: Formula): string {
  const [length, unit] =
    term.payMode === 'prepaid'
      ? [Math.round(rest * term.months * 10_000) / 10_000, '月']
      : [1, '小时']
  const each = term.payMode === 'prepaid' ? term.months : 1
  const price = (amount: number) => toYuan(amount / each)
  return `(1).变配订单金额：${toYuan(share)} 元[ 新配置单价${price(after)}*时长${length}*折扣100% - 旧配置单价${price(before)}*时长${length}*折扣100%]<br/>(2).时长:${length}${unit}`
}
