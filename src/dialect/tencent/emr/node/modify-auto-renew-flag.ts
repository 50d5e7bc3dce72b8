/**
 * ModifyAutoRenewFlag: whether a subscription is renewed at its end (reference: tencent-emr.md 4.5, appendix B). Nodes are renewed with
 * their cluster, so that all of its nodes must be named. Nobody is notified here, so that the two flags without renewal are one.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { choice, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { placedNodes, resourceIdList, selectNodes } from './selection.ts'

const FLAGS = [
  'NOTIFY_AND_MANUAL_RENEW',
  'NOTIFY_AND_AUTO_RENEW',
  'DISABLE_NOTIFY_AND_MANUAL_RENEW',
] as const

export const modifyAutoRenewFlag = action({
  name: 'ModifyAutoRenewFlag',
  input: {
    InstanceId: clusterId('InvalidParameter'),
    ResourceIds: resourceIdList('InvalidParameter', { min: 1 }),
    RenewFlag: choice(FLAGS, { code: 'InvalidParameter' }),
    ComputeResourceId: optional(text()),
  },
  output: {},
  faults: ['ClusterNotFound', 'NotSupported'],
  asks: ['identity', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    if (given(input.ComputeResourceId) !== undefined) throw unsupported('ComputeResourceId')
    await core.billing.subscriptions.setRenewal(call, input.InstanceId, {
      autoRenew: input.RenewFlag === 'NOTIFY_AND_AUTO_RENEW',
      require: (was) => requireWhole(was, input.ResourceIds),
    })
    return {}
  },
})

function requireWhole(cluster: Cluster, ids: readonly string[]): void {
  if (cluster.charge.mode !== 'prepaid') {
    const rule = 'only a subscription is renewed'
    throw invalid({ name: 'InstanceId', code: 'InvalidParameter', rule, value: cluster.id })
  }
  const code = 'ResourceNotFound.ResourceNotFound'
  const chosen = selectNodes(cluster, { name: 'ResourceIds', ids, idOf: (node) => node.id, code })
  const all = placedNodes(cluster).length
  if (chosen.length < all)
    throw unsupported('ResourceIds', `nodes are renewed with their cluster: name all ${all} of it`)
}
