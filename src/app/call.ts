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
