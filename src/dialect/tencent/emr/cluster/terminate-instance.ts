/**
 * TerminateInstance: destroys a pay-as-you-go cluster. A prepaid one is isolated first, and destroyed when it is terminated
 * again (reference: tencent-emr.md 4.1, 5.4, 7.1).
 */
import type { ClusterState } from '../../../../domain/cluster/lifecycle.ts'
import { Fault } from '../../../../domain/fault.ts'
import { choice, flag, list, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from './cluster-id.ts'
import { given, unsupported } from '../refusal.ts'

/** Nothing else is going on in these; in all others the cluster is "in process". */
const RESTING: ReadonlySet<ClusterState> = new Set([
  'running',
  // What does not answer any more can at least be terminated.
  'impaired',
  'failed',
  'suspended',
  'isolated',
])
const ISOLABLE: ReadonlySet<ClusterState> = new Set(['running', 'impaired', 'suspended'])

export const terminateInstance = action({
  name: 'TerminateInstance',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ResourceIds: optional(list(text())),
    ResourceBaseType: choice(['EMR', 'ComputeResource'], { default: 'EMR' }),
    ComputeResourceId: optional(text()),
    RetainTkeCluster: flag({ default: false }),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  asks: ['identity', 'compute'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    if ((input.ResourceIds ?? []).length > 0)
      throw unsupported('ResourceIds', 'it is reserved; a cluster is terminated as a whole')
    if (input.ResourceBaseType !== 'EMR') throw unsupported('ResourceBaseType')
    if (given(input.ComputeResourceId) !== undefined) throw unsupported('ComputeResourceId')
    if (input.RetainTkeCluster) throw unsupported('RetainTkeCluster')
    const id = input.InstanceId
    const { status, charge } = await core.clusters.get(call, id)
    const { state } = status
    if (!RESTING.has(state)) throw new Fault('ClusterBusy', { id, state, event: 'release' })
    if (charge.mode === 'prepaid' && ISOLABLE.has(state)) await core.clusters.isolate(call, id)
    else await core.clusters.release(call, id)
    return {}
  },
})
