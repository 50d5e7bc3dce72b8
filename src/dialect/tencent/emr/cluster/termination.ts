/** Ending a cluster: at once, or a subscription in two steps (reference: tencent-emr.md 4.1, 5.4). */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { ClusterState } from '../../../../domain/cluster/lifecycle.ts'
import { Fault } from '../../../../domain/fault.ts'

/** Nothing else is in progress in these; in all others the cluster is "in process". */
const RESTING: ReadonlySet<ClusterState> = new Set([
  'running',
  // What does not answer any more can at least be terminated.
  'impaired',
  'failed',
  'suspended',
  'isolated',
])
const ISOLABLE: ReadonlySet<ClusterState> = new Set(['running', 'impaired', 'suspended'])

/** Throws ClusterNotFound, ClusterBusy. */
export async function terminate(core: Core, call: Call, id: string): Promise<void> {
  const { status, charge } = await core.clusters.get(call, id)
  const { state } = status
  if (!RESTING.has(state)) throw new Fault('ClusterBusy', { id, state, event: 'release' })
  if (charge.mode === 'prepaid' && ISOLABLE.has(state)) await core.clusters.isolate(call, id)
  else await core.clusters.release(call, id)
}
