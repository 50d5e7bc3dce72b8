/**
 * OfflineIsolatedInstances: what the Terraform provider asks for the metadata database of a cluster that it has destroyed. Such a
 * database goes with its cluster, so that nothing of it is left; one whose cluster is there is in use, and an existing one that a
 * cluster was only pointed at is its owner's, which nothing here could take down.
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { list, text } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'
import { everyCluster } from '../../emr/cluster/every-cluster.ts'
import { clusterExtension } from '../../emr/cluster/extension.ts'
import { invalid } from '../../emr/refusal.ts'
import { action } from '../action.ts'

export const offlineIsolatedInstances = action({
  name: 'OfflineIsolatedInstances',
  input: {
    InstanceIds: list(text({ trim: true, min: 1, max: 64, code: 'InvalidParameter' }), {
      min: 1,
      max: limits.resourcesPerTagging,
      code: 'InvalidParameter',
    }),
  },
  output: {},
  faults: [],
  async run(core, call, { InstanceIds: ids }) {
    const owners = await ownersOf(core, call, new Set(ids))
    for (const [index, id] of ids.entries()) {
      const refused = (code: string, rule: string) =>
        invalid({ name: `InstanceIds.${index}`, code, rule, value: id })
      const owner = owners.get(id)
      if (!owner)
        throw refused('InvalidParameter.InstanceNotFound', 'no cluster came with such a database')
      if (owner.status.state !== 'deleted')
        throw refused('OperationDenied.WrongStatus', 'it is not isolated: its cluster is there')
    }
    return {}
  },
})

/** The clusters that these databases were bought with, those included that were deleted lately. Throws Overloaded. */
async function ownersOf(
  core: Core,
  call: Call,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Cluster>> {
  const owners = new Map<string, Cluster>()
  const listing = { region: call.region, order: 'newest' } as const
  const what = `a search in over ${limits.visibilityScan} clusters`
  for await (const cluster of everyCluster(core, call, listing, what)) {
    const { bought, database } = clusterExtension(cluster).metadata
    if (bought && ids.has(database)) owners.set(database, cluster)
    if (owners.size === ids.size) break
  }
  return owners
}
