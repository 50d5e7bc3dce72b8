/** What a listing begins with. */
import type { Kind } from '../document.ts'
import { countSql, isWalked, ofKind, taggedWith, type Leading, type TagFilter } from '../leading.ts'
import type { Listing } from '../listing.ts'
import type { SqlConnection } from './connection.ts'

/** So many documents are sorted in a few milliseconds. */
const RARE_MAX = 1_000

/**
 * A tag that few documents have, or a part of names that few have; else a tag with its value, whose documents are found in their order within
 * an account; else the kind, where all documents would be walked for few of it.
 */
export async function leadingOf(
  connection: SqlConnection,
  kind: Kind,
  listing: Listing,
): Promise<Leading | undefined> {
  const { tags = [], account, nameContains } = listing
  const inOrder = listing.order === 'newest' || listing.order === 'oldest'
  const ordered = (tag: TagFilter) => inOrder && account !== undefined && tag.value !== undefined
  const [only] = tags
  if (only && tags.length === 1 && nameContains === undefined && ordered(only))
    return taggedWith(kind, only, account)
  if (kind === 'cluster' && nameContains !== undefined) {
    const named = connection.clustersNamed?.(nameContains, RARE_MAX)
    if (named) return named
  }
  for (const tag of tags) {
    const tagged = taggedWith(kind, tag, account)
    if (await isRare(connection, tagged)) return { ...tagged, isRare: true }
  }
  const tag = tags.find(ordered)
  if (tag) return taggedWith(kind, tag, account)
  const all = ofKind(kind)
  return isWalked(listing) && (await isRare(connection, all)) ? { ...all, isRare: true } : undefined
}

async function isRare(connection: SqlConnection, leading: Leading): Promise<boolean> {
  const { sql, values } = countSql(leading, RARE_MAX + 1)
  return Number((await connection.first(sql, values))?.['count']) <= RARE_MAX
}
