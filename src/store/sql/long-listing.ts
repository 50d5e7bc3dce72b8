/** How many rows a listing may walk, so that others would wait for it: by the counts of documents, without walking any. */
import type { Kind } from '../document.ts'
import type { Leading } from '../leading.ts'
import type { Listing } from '../listing.ts'
import type { ListingSql } from '../statement.ts'
import type { SqlConnection, Statement } from './connection.ts'

interface Planned {
  readonly listing: Listing
  readonly leading: Leading | undefined
  readonly sql: ListingSql
}

/**
 * At most: 1 where it begins with the few that it names, undefined where the counts say that it finds nothing.
 * A page that an index has in its order passes at most what its filters leave out, its offset and itself, wherever in the order that lies; any
 * other page, and a total that is no sum of counts, take all that the listing begins with.
 */
export async function rowsWalked(
  connection: SqlConnection,
  kind: Kind,
  { listing, leading, sql }: Planned,
): Promise<number | undefined> {
  const { ids, nameIs, parent, offset, limit } = listing
  if (ids || nameIs || parent !== undefined || leading?.isRare) return 1
  const all = await sumOf(
    connection,
    leading?.tag ? countOfTagged(kind, listing, leading.tag) : countOfKind(kind, listing),
  )
  if (!sql.counted) return all
  const total = await sumOf(connection, { sql: sql.total, values: sql.totalFilters })
  if (total === 0) return undefined
  return isInOrder(listing, leading) ? all - total + offset + limit : all
}

/** By the index of listings, or by that of tags with their values, which is the one that is begun with (leading.ts). */
function isInOrder({ order, account, product, region }: Listing, leading?: Leading): boolean {
  if (order !== 'newest' && order !== 'oldest') return false
  const isPlace = account !== undefined && product !== undefined && region !== undefined
  return leading?.tag !== undefined || isPlace
}

async function sumOf(connection: SqlConnection, { sql, values }: Statement): Promise<number> {
  return Number((await connection.first(sql, values))?.['total'])
}

/** Of the columns that the index of a listing begins with, those that are given. */
function countOfKind(kind: Kind, { account, product, region }: Listing): Statement {
  const given = Object.entries({ kind, account, product, region }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return countIn('tally', given)
}

function countOfTagged(
  kind: Kind,
  { account }: Listing,
  { key, value }: NonNullable<Leading['tag']>,
): Statement {
  const counted = { counted_by: value === undefined ? 'key' : 'value', tag_value: value ?? '' }
  const given = Object.entries({ kind, account, tag_key: key, ...counted }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return countIn('tag_tally', given)
}

function countIn(table: string, given: readonly (readonly [string, string])[]): Statement {
  const where = given.map(([column]) => `${column} = ?`).join(' and ')
  return {
    sql: `select coalesce(sum(count), 0) as total from ${table} where ${where}`,
    values: given.map(([, value]) => value),
  }
}
