/** ModifySLInstance: another number of nodes in a zone; those with the highest numbers go first (reference: tencent-emr.md api.json). */
import type { NodesToAdd, NodesToRemove } from '../../../../app/cluster/scale.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { nextIndex } from '../../../../domain/cluster/node-group.ts'
import { highestNodes } from '../../../../domain/cluster/spec.ts'
import type { Random } from '../../../../kernel/random.ts'
import { integer, optional, text } from '../../../../shape/shape.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkToken } from '../cluster/option.ts'
import { termsBy } from '../node/terms.ts'
import { action } from './action.ts'
import { newNode } from './new-instance.ts'
import { serverlessTariff } from './terms.ts'
import { resizeOf } from './zone.ts'

export const modifySLInstance = action({
  name: 'ModifySLInstance',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    Zone: text({ trim: true, max: 64 }),
    NodeNum: integer({ min: 1, code: 'InvalidParameter.InvalidNodeCount' }),
    ClientToken: optional(text()),
  },
  output: {},
  faults: [
    'ClusterNotFound',
    'ClusterBusy',
    'IdempotencyConflict',
    'BalanceShort',
    'NotSupported',
    'ResourceFull',
    'ResourceShort',
    'QuotaExceeded',
  ],
  asks: ['account', 'identity', 'compute', 'block-storage', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { ClientToken, ...parameters } = input
    const token = checkToken(ClientToken)
    const wanted = { zone: input.Zone, count: input.NodeNum }
    await core.clusters.scale(call, input.InstanceId, {
      key: { token, parameters: { ...parameters, Region: call.region } },
      nodes: (was) => nodesOf(was, wanted, core.random),
      terms: termsBy(serverlessTariff, core),
    })
    return {}
  },
})

function nodesOf(
  was: Cluster,
  wanted: { readonly zone: string; readonly count: number },
  random: Random,
): NodesToAdd | NodesToRemove {
  const more = resizeOf(was, wanted)
  const group = was.spec.groups.find(({ zone }) => zone === wanted.zone)!
  if (more < 0) return { remove: highestNodes(group, -more) }
  const from = nextIndex(group.nodes)
  const nodes = Array.from({ length: more }, (_, at) => newNode(from + at, random))
  return { add: [{ group: group.id, nodes }] }
}
