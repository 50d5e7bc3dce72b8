/**
 * TerminateSLInstance: destroys an instance that is paid for as it is used; a prepaid one is isolated first, and destroyed when it is
 * terminated again, as clusters are (reference: tencent-emr.md 4.1, appendix B).
 */
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { terminate } from '../cluster/termination.ts'
import { action } from './action.ts'

export const terminateSLInstance = action({
  name: 'TerminateSLInstance',
  input: { InstanceId: clusterId('InvalidParameter.InvalidClusterId') },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy'],
  asks: ['identity', 'compute'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    await terminate(core, call, id)
    return {}
  },
})
