/** Questions to the services of a cluster. They are only asked: nothing of the cluster is different afterwards. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Inquiries } from '../../domain/inquiry.ts'
import type { Call } from '../call.ts'
import type { Clusters } from '../cluster/clusters.ts'

export interface ServiceInquiries {
  /** What can be asked of the cluster now; nothing where nothing of it runs. Throws ClusterNotFound. */
  of(call: Call, id: string): Promise<{ readonly cluster: Cluster; readonly can: Inquiries }>
}

/** What can be asked of a cluster where it is. */
export type InquirySource = (cluster: Cluster) => Inquiries

export function serviceInquiries(
  { get }: Pick<Clusters, 'get'>,
  source: InquirySource,
): ServiceInquiries {
  return {
    async of(call, id) {
      const cluster = await get(call, id)
      return { cluster, can: source(cluster) }
    },
  }
}
