/** Describing a node group anew. Its cluster is not named: it is found by the group, among those that the caller may see. */
import { setGroupDescription } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import type { Reader, Store } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { isPresent, modifyCluster, type OperationParts } from './modify.ts'

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
    const id = await clusterOfGroup(tx, call, group)
    await modifyCluster(tx, parts, {
      call,
      id,
      verb: 'set-description',
      modify: (was) => setGroupDescription(was, group, description),
    })
  })
}

/** A group of what does not exist for the call, or must not be seen, is as absent as one that nobody has. */
async function clusterOfGroup(tx: Reader, call: Call, group: string): Promise<string> {
  const found = (await tx.findByNodeGroup(call.principal.account, group))?.document
  if (!found || !isPresent(found, call) || call.visible?.(found) === false)
    throw new Fault('NodeGroupNotFound', { id: group })
  return found.id
}
