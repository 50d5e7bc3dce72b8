/**
 * TerminateInstance: destroys a pay-as-you-go cluster. A prepaid one is isolated first, and destroyed when it is terminated
 * again (reference: tencent-emr.md 4.1, 5.4, 7.1).
 */
import { choice, flag, list, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from './cluster-id.ts'
import { containerOf } from '../container/extension.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import { terminate } from './termination.ts'

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
    const [foreign] = containerOf(await core.clusters.get(call, input.InstanceId))?.foreign ?? []
    if (foreign !== undefined) {
      const code = 'FailedOperation.NamespaceHasUserCustomPods'
      const rule = `the pod ${foreign} of yours is in its namespace`
      throw invalid({ name: 'InstanceId', code, rule, value: input.InstanceId })
    }
    await terminate(core, call, input.InstanceId)
    return {}
  },
})
