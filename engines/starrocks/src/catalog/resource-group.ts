/**
 * Resource groups: how much of the instance statements of a kind may take, and by what classifiers a statement is of that kind.
 * reference: StarRocks 3.3.7, ResourceGroup and ResourceGroupClassifier
 */
import { contains, parseBlock } from '../../../../src/kernel/cidr.ts'
import type { Block } from '../../../../src/kernel/cidr.ts'

export interface ResourceGroupEntry {
  readonly kind: 'resource group'
  readonly id: number
  readonly name: string
  readonly type: GroupType
  readonly limits: GroupLimits
  readonly classifiers: readonly Classifier[]
}

export type GroupType = 'NORMAL' | 'MV' | 'SHORT_QUERY'

/** What is not there was not written. Numbers that may be beyond JavaScript's are texts. */
export interface GroupLimits {
  readonly cpuWeight?: number
  readonly exclusiveCpuCores?: number
  readonly maxCpuCores?: number
  /** A share; from 0 to 1. */
  readonly memLimit?: number
  readonly concurrencyLimit?: number
  readonly spillMemLimitThreshold?: number
  readonly bigQueryMemLimit?: string
  readonly bigQueryScanRowsLimit?: string
  readonly bigQueryCpuSecondLimit?: string
}

export type QueryType = 'SELECT' | 'INSERT'

/** What is not there is no condition. */
export interface Classifier {
  readonly id: number
  readonly user?: string
  readonly role?: string
  readonly queryTypes?: readonly QueryType[]
  /** A block of addresses, as it was written. */
  readonly sourceIp?: string
  readonly databaseIds?: readonly number[]
}

/** Who asks for what. */
export interface Classified {
  readonly user: string
  /** Without the built-in ones. */
  readonly roles: readonly string[]
  readonly host: string
  readonly queryType: QueryType
  readonly databaseIds: ReadonlySet<number>
}

export function isVisibleTo(
  { user, role, sourceIp }: Classifier,
  who: Pick<Classified, 'user' | 'roles' | 'host'>,
): boolean {
  if (user !== undefined && user !== who.user) return false
  if (role !== undefined && !who.roles.includes(role)) return false
  return sourceIp === undefined || isInside(who.host, sourceIp)
}

export function isSatisfied(classifier: Classifier, it: Classified): boolean {
  const { queryTypes, databaseIds } = classifier
  if (!isVisibleTo(classifier, it)) return false
  if (queryTypes && !queryTypes.includes(it.queryType)) return false
  if (!databaseIds) return true
  return it.databaseIds.size > 0 && [...it.databaseIds].every((id) => databaseIds.includes(id))
}

/** How closely it looks: the heaviest of those that are satisfied decides. */
export function weightOf({ user, role, queryTypes, sourceIp, databaseIds }: Classifier): number {
  let weight = 0
  if (user !== undefined) weight += 1
  if (role !== undefined) weight += 1
  if (queryTypes) weight += 1 + 0.1 / queryTypes.length
  if (sourceIp !== undefined) weight += 1 + prefixOf(sourceIp) / 64
  if (databaseIds) weight += 10 * databaseIds.length
  return weight
}

const prefixOf = (block: string): number => Number(block.split('/')[1] ?? 0)

/** The block that an address with a prefix lies in; undefined for another text. */
export function blockOf(written: string): Block | undefined {
  const [address = '', prefix = ''] = written.split('/')
  const host = parseBlock(`${address}/32`)
  if (!host || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) return undefined
  const size = 2 ** (32 - Number(prefix))
  return { first: host.first - (host.first % size), size }
}

function isInside(host: string, written: string): boolean {
  const block = blockOf(written)
  const address = parseBlock(`${host.replace(/^::ffff:/, '')}/32`)
  return block !== undefined && address !== undefined && contains(block, address)
}
