/**
 * ConvertPreToPostCluster: from now on a subscription is paid for as it is used; what is left of its term is paid back. Its nodes are
 * not touched (reference: tencent-emr.md 1, appendix B, api.json).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { optional, text } from '../../../../shape/shape.ts'
import { checkOffer } from '../../catalogue/instance-type.ts'
import { action } from '../action.ts'
import { placedNodes } from '../node/selection.ts'
import { hourlyTerms, machineOf } from '../node/terms.ts'
import { invalid } from '../refusal.ts'
import { sizeOf } from '../../../../domain/cluster/node-group.ts'
import { clusterId, clusterResource } from './cluster-id.ts'
import { checkToken } from './option.ts'

export const convertPreToPostCluster = action({
  name: 'ConvertPreToPostCluster',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ClientToken: optional(text()),
  },
  output: {},
  faults: [
    'ClusterNotFound',
    'ClusterBusy',
    'IdempotencyConflict',
    'BalanceShort',
    'ResourceShort',
    'QuotaExceeded',
  ],
  asks: ['account', 'identity', 'compute', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, ClientToken }) {
    const token = checkToken(ClientToken)
    await core.billing.subscriptions.end(call, id, {
      key: { token, parameters: { InstanceId: id, Region: call.region } },
      buy(was) {
        requireConvertible(was)
        return hourlyTerms(was)
      },
    })
    return {}
  },
})

/** Throws FailedOperation, the only code that the documents have for it. */
function requireConvertible(cluster: Cluster): void {
  const { charge, spec } = cluster
  const refused = (rule: string) =>
    invalid({ name: 'InstanceId', code: 'FailedOperation', rule, value: cluster.id })
  if (charge.mode !== 'prepaid') throw refused('the cluster is paid for as it is used already')
  const offer = { zone: spec.network.zone, payMode: 'postpaid' } as const
  for (const { group, node } of placedNodes(cluster)) {
    const type = machineOf(sizeOf(group, node))
    if (checkOffer(type, offer)) throw refused(`${type.name} is sold by the month only`)
  }
}
