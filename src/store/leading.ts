/** Documents that a listing may begin with, instead of walking all of them to find those. */
import type { Listing } from './listing.ts'

export type TagFilter = NonNullable<Listing['tags']>[number]

export interface Leading {
  /** Their places as `leading_seq`. */
  readonly sql: string
  readonly values: readonly string[]
  /** The filter that it stands for; without one, the listing's own filters decide which of them belong to it. */
  readonly tag?: TagFilter
  /** They are known to be few. */
  readonly isRare?: true
}

/** Those of an account, or of all, that have a tag. */
export function taggedWith(kind: string, tag: TagFilter, account: string | undefined): Leading {
  const { key, value } = tag
  const filters = { kind, tag_key: key, tag_value: value, account }
  const given = Object.entries(filters).filter(([, each]) => each !== undefined)
  const where = given.map(([column]) => `${column} = ?`).join(' and ')
  const values = given.map(([, each]) => each as string)
  return { sql: `select seq as leading_seq from tag where ${where}`, values, tag }
}

/** Those of a kind. */
export function ofKind(kind: string): Leading {
  return { sql: 'select seq as leading_seq from document where kind = ?', values: [kind] }
}

/** Whether it is walked in order of creation: over all accounts no index serves its filters. */
export function isWalked({ account, states, parent }: Listing): boolean {
  return account === undefined && !states && parent === undefined
}

/** How many they are, up to a bound. */
export function countSql({ sql, values }: Leading, most: number) {
  return { sql: `select count(*) as count from (${sql} limit ?) as few`, values: [...values, most] }
}
