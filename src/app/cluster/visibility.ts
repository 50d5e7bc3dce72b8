/**
 * Listings for callers whose policies let them see some clusters only. The store cannot filter by policies, so the clusters are
 * walked, a bounded number of them; what is counted and paged is what may be seen, and nothing reveals that there is more.
 */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import { limits } from '../../limits.ts'
import type { Listing, Page, Reader, Stored } from '../../store/port.ts'
import type { Call } from '../call.ts'

const CHUNK = 500

/** One page of what `visible` lets through. Throws Overloaded when there are too many clusters to look through. */
export async function listVisible(
  tx: Reader,
  listing: Listing,
  visible: (cluster: Cluster) => boolean,
): Promise<Page<'cluster'>> {
  const { behindSeq, ...whole } = listing
  const isBehind = (seq: number) =>
    behindSeq === undefined || (listing.order === 'oldest' ? seq > behindSeq : seq < behindSeq)
  const rows: Stored<'cluster'>[] = []
  let total = 0
  let passed = 0
  for (let offset = 0; offset < limits.visibilityScan; offset += CHUNK) {
    const page = await tx.list('cluster', { ...whole, offset, limit: CHUNK })
    for (const row of page.rows) {
      if (!visible(row.document)) continue
      total++
      if (!isBehind(row.seq)) continue
      if (passed++ >= listing.offset && rows.length < listing.limit) rows.push(row)
    }
    if (page.rows.length < CHUNK) return { total, rows }
  }
  throw new Fault('Overloaded', {
    what: `a listing by policy over ${limits.visibilityScan} clusters`,
  })
}

/** Another region's cluster is as absent as another account's. */
export async function peekClusters(
  tx: Pick<Reader, 'find'>,
  call: Call,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Cluster>> {
  const found = new Map<string, Cluster>()
  for (const id of ids) {
    const cluster = (await tx.find('cluster', call.principal.account, id))?.document
    if (cluster?.product !== call.product) continue
    if (call.region === '' || cluster.region === call.region) found.set(id, cluster)
  }
  return found
}
