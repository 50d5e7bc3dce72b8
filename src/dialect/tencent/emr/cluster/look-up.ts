/** A cluster where the refusal of an unknown id is not the usual one (reference: tencent-emr.md 5.12). */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { invalid } from '../refusal.ts'

/** Undefined for one that the caller does not have. */
export async function findCluster(
  core: Core,
  call: Call,
  id: string,
): Promise<Cluster | undefined> {
  try {
    return await core.clusters.get(call, id)
  } catch (problem) {
    if (problem instanceof Fault && problem.code === 'ClusterNotFound') return undefined
    throw problem
  }
}

/** Throws the code, with the parameter's name. */
export async function getCluster(
  core: Core,
  call: Call,
  it: { readonly name: string; readonly id: string; readonly code: string },
): Promise<Cluster> {
  const { name, id, code } = it
  const found = await findCluster(core, call, id)
  if (found) return found
  throw invalid({ name, code, rule: 'there is no such cluster', value: id })
}
