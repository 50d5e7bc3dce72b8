/** InquirePriceRenewEmr: what one more term of a whole cluster costs (reference: tencent-emr.md 5.6, 5.12). */
import { toYuan } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { placement } from '../cluster/create-shape.ts'
import { checkCurrency } from '../cluster/currency.ts'
import { getCluster } from '../cluster/look-up.ts'
import { checkAgreement } from '../cluster/placement-agreement.ts'
import { invalid } from '../refusal.ts'
import { nodeCosts } from './node-price.ts'
import {
  readRenewalTerm,
  renewalCost,
  renewalTerm,
  requireRenewable,
  sumOf,
  viewRenewal,
} from './renewal.ts'

export const inquirePriceRenewEmr = action({
  name: 'InquirePriceRenewEmr',
  input: {
    ...renewalTerm,
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    Placement: placement,
  },
  output: renewalCost,
  faults: ['ClusterBusy'],
  asks: ['account', 'identity', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    checkCurrency(input.Currency)
    const term = readRenewalTerm(input)
    const cluster = await getCluster(core, call, {
      name: 'InstanceId',
      id: input.InstanceId,
      code: 'InvalidParameter.InvalidClusterId',
    })
    if (cluster.charge.mode !== 'prepaid') {
      const code = 'InvalidParameter.PayModeResourceNotMatch'
      const rule = 'the cluster is paid for as it is used, which needs no renewal'
      throw invalid({ name: 'PayMode', code, rule, value: input.PayMode })
    }
    checkAgreement(input.Placement, cluster)
    requireRenewable(cluster)
    const costs = nodeCosts(cluster, term)
    const { original, discounted } = sumOf(costs)
    return {
      OriginalCost: toYuan(original),
      DiscountCost: toYuan(discounted),
      TimeUnit: 'm',
      TimeSpan: term.months,
      NodeRenewPriceDetails: costs.map((cost) => viewRenewal(cluster, cost)),
    }
  },
})
