/** The strategies of a cluster that its owner finds. */
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { ScalingStrategy } from '../domain/scaling-strategy.ts'
import { limits } from '../limits.ts'
import type { Reader } from '../store/port.ts'

/** The oldest first. */
export async function strategiesOf(
  tx: Reader,
  { account, id }: Pick<Cluster, 'account' | 'id'>,
): Promise<readonly ScalingStrategy[]> {
  // Those that are on their way out count for nothing and are few.
  const limit = 2 * limits.strategiesPerCluster
  const listing = { account, parent: id, order: 'oldest', limit, offset: 0 } as const
  const { rows } = await tx.list('scalingStrategy', listing)
  return rows.map(({ document }) => document).filter(({ removed }) => !removed)
}
