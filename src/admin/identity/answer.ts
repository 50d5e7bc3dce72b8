/** What the pages about identities share: reading members, reporting problems, and listings a page at a time. */
import { IdentityProblem } from '../../app/identity/problem.ts'
import type { Slice } from '../../app/identity/change.ts'
import { limits } from '../../limits.ts'
import type { Kind, Page as Rows } from '../../store/port.ts'
import { pageBuilder } from '../answer.ts'
import { AdminProblem, wholeOf, type PageRequest } from '../page.ts'

const STATUS = { missing: 404, refused: 400, limit: 409 } as const

/** A page about identities; what the core refuses is reported as its sentence. */
export const page = pageBuilder((problem) =>
  problem instanceof IdentityProblem ? STATUS[problem.kind] : undefined,
)

/** Longer than any text that the core takes; what it takes is its own business. */
const TEXT_MAX = 16_384

export function textIn({ members }: PageRequest, name: string): string {
  const text = optionalTextIn({ members }, name)
  if (text === undefined) throw new AdminProblem(`${name} is required`)
  return text
}

export function optionalTextIn(
  { members }: Pick<PageRequest, 'members'>,
  name: string,
): string | undefined {
  const value = members[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value === '' || value.length > TEXT_MAX)
    throw new AdminProblem(`${name} must be a text of 1 to ${TEXT_MAX} characters`)
  return value
}

export function flagIn({ members }: PageRequest, name: string, fallback: boolean): boolean {
  const value = members[name] ?? fallback
  if (typeof value !== 'boolean') throw new AdminProblem(`${name} must be true or false`)
  return value
}

export const sliceQuery = ['limit', 'after'] as const

export function sliceOf({ query }: PageRequest): Slice {
  const behindSeq = wholeOf(query, 'after', { min: 1, max: Number.MAX_SAFE_INTEGER })
  return {
    limit: wholeOf(query, 'limit', { min: 1, max: limits.adminRows }) ?? limits.pageSize,
    ...(behindSeq === undefined ? {} : { behindSeq }),
  }
}

/** `account` of the query, where the page may be about all of them. */
export function accountOf({ query }: PageRequest): { readonly account?: string } {
  const account = query.get('account')
  return account === null ? {} : { account }
}

export interface Listed<R> {
  readonly total: number
  readonly rows: readonly R[]
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: number | null
}

export function listed<K extends Kind, R>(
  { total, rows }: Rows<K>,
  { limit }: Slice,
  rowOf: (document: Rows<K>['rows'][number]['document']) => R,
): Listed<R> {
  const next = rows.length === limit ? (rows.at(-1)?.seq ?? null) : null
  return { total, rows: rows.map((row) => rowOf(row.document)), next }
}
