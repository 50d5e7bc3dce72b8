/** The cluster that has a node group, for requests that name no cluster. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import type { Reader } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { isPresent } from './modify.ts'

/**
 * Throws NodeGroupNotFound: a group of what does not exist for the call, or must not be seen, is as absent as one that nobody has.
 */
export async function findByGroup(tx: Reader, call: Call, group: string): Promise<Cluster> {
  const found = (await tx.findByNodeGroup(call.principal.account, group))?.document
  if (!found || !isPresent(found, call) || call.visible?.(found) === false)
    throw new Fault('NodeGroupNotFound', { id: group })
  return found
}
