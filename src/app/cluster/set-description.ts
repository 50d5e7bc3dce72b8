/** Describing a node group again. Its cluster is not named: it is found by the group, among those that the caller may see. */
import { setGroupDescription } from '../../domain/cluster/cluster.ts'
import type { Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { findByGroup } from './find-by-group.ts'
import { modifyCluster, type OperationParts } from './modify.ts'

export interface DescriptionParts extends OperationParts {
  readonly store: Store
}

/** Throws NodeGroupNotFound, also for a group of a cluster that is going or gone. */
export async function setDescription(
  parts: DescriptionParts,
  call: Call,
  it: { readonly group: string; readonly description: string },
): Promise<void> {
  const { group, description } = it
  await parts.store.write(async (tx) => {
    const { id } = await findByGroup(tx, call, group)
    await modifyCluster(tx, parts, {
      call,
      id,
      verb: 'set-description',
      modify: (was) => setGroupDescription(was, group, description),
    })
  })
}
