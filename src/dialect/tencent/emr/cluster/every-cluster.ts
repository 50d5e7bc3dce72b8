/** Clusters of the caller looked through one by one, for questions that no listing answers; the pages are read as they are asked for. */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'

type Listing = Pick<Parameters<Core['clusters']['list']>[1], 'region' | 'exceptStates' | 'order'>

const CHUNK = 500

/** Throws Overloaded, with `what` was asked for, when there are too many to look through. */
export async function* everyCluster(
  core: Core,
  call: Call,
  listing: Listing,
  what: string,
): AsyncGenerator<Cluster> {
  for (let offset = 0; offset < limits.visibilityScan; offset += CHUNK) {
    const { rows } = await core.clusters.list(call, { ...listing, offset, limit: CHUNK })
    for (const { document } of rows) yield document
    if (rows.length < CHUNK) return
  }
  throw new Fault('Overloaded', { what })
}
