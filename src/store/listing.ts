/** What can be requested of a listing of documents, and what comes back. */
import type { Documents, Kind } from './document.ts'

export interface Stored<K extends Kind = Kind> {
  readonly document: Documents[K]
  /** Grows by creation; listings are ordered by it. */
  readonly seq: number
  readonly revision: number
}

/** A member that is left out is any. An empty list is none. */
export interface Listing {
  /** Undefined is every account: for the server's administrator, never for a client. */
  readonly account: string | undefined
  readonly product?: string
  readonly region?: string
  /** Of clusters. */
  readonly resourceGroup?: string
  /** Of resources. */
  readonly resourceKind?: string
  /** Of resources: whether they were adopted or made. */
  readonly origin?: string
  /** The id of the document that they belong to. */
  readonly parent?: string
  readonly ids?: readonly string[]
  readonly states?: readonly string[]
  readonly exceptStates?: readonly string[]
  /** Of clusters: those that are being changed in one of these ways, beside those in one of `states`. */
  readonly changes?: readonly string[]
  /** Of operations: what was requested. */
  readonly verbs?: readonly string[]
  /** Of operations: what of the cluster they are about. */
  readonly subject?: string
  /** Of operations: the text by which clients follow them. */
  readonly trace?: string
  /** Of accounts. */
  readonly dialect?: string
  /** Of roles. */
  readonly roleKind?: string
  /** Of users and roles: those to which this policy is attached, as `referenceText` writes it. */
  readonly policy?: string
  /** Created at this time or later, in ms. */
  readonly fromMs?: number
  /** Created at this time or earlier, in ms. */
  readonly untilMs?: number
  readonly nameIs?: readonly string[]
  readonly nameContains?: string
  /** Those that have all of these tags; without a value, with any value. */
  readonly tags?: readonly { readonly key: string; readonly value?: string }[]
  readonly order: 'newest' | 'oldest' | 'id' | 'id-descending' | 'state' | 'state-descending'
  /** With an order by `state`: the states in the order in which a caller's numbering has them; others come last. */
  readonly stateRank?: readonly string[]
  readonly limit: number
  readonly offset: number
  /** Start behind this place of an earlier page instead of at `offset`; only with `newest` and `oldest`. */
  readonly behindSeq?: number
}

export interface Page<K extends Kind> {
  /** How many there are on all pages. */
  readonly total: number
  readonly rows: readonly Stored<K>[]
}
