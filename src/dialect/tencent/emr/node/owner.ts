/** The cluster that nodes are of, for requests that name nodes alone (reference: tencent-emr.md 5.6). */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { nodesOf } from '../../../../domain/cluster/node-group.ts'
import { limits } from '../../../../limits.ts'
import { everyCluster } from '../cluster/every-cluster.ts'
import { invalid } from '../refusal.ts'

/** The first id decides; whether the others are of the same cluster is judged against it. Throws ResourceNotFound, Overloaded. */
export async function ownerOf(
  core: Core,
  call: Call,
  { name, id }: { readonly name: string; readonly id: string },
): Promise<Cluster> {
  const listing = { region: call.region, exceptStates: ['deleted'], order: 'newest' } as const
  const what = `a search in over ${limits.visibilityScan} clusters`
  for await (const cluster of everyCluster(core, call, listing, what))
    if (nodesOf(cluster.spec.groups).some((node) => node.id === id)) return cluster
  const rule = 'it is no node of a cluster of this region'
  throw invalid({ name, code: 'ResourceNotFound.ResourceNotFound', rule, value: id })
}
