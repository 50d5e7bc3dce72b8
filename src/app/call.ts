/** Who asks for what: the facts of a request that every verb may use. */
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { Principal } from '../domain/identity.ts'

export interface Call {
  readonly requestId: string
  readonly principal: Principal
  /** The region the request is for. */
  readonly region: string
  /** The API product whose clusters are meant; a verb only ever touches clusters of this product. */
  readonly product: string
  readonly action: string
  readonly language: 'zh' | 'en'
  /** Which clusters a listing may show, or a search find; absent when the caller's policies do not tell them apart. */
  readonly visible?: (cluster: Cluster) => boolean
}

/** What happens without a request happens as its owner would do it: what it takes is of the owner's account. */
export function callOfOwner({ account, region, product }: Cluster, action: string): Call {
  const id = account
  const owner = { account, tenant: account, kind: 'root', id, name: 'root', policies: [] } as const
  return { requestId: '', principal: owner, region, product, action, language: 'en' }
}
