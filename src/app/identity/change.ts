/**
 * What every change of identities has in common: one unit of work with its audit entry, and then, before it is
 * acknowledged, every cached credential is forgotten. So a disabled key stops with its acknowledgement.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Account, IdentityRules, NameRule } from '../../domain/account.ts'
import type { Kind, Page, Reader, Store, Stored, Writer } from '../../store/port.ts'
import { beyond, missing, refused } from './problem.ts'

export interface IdentityParts {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  /** Draws numbers; may be seeded. */
  readonly random: Random
  /** Draws secrets and the ids of keys; never seeded. */
  readonly secrets: Random
  /** By dialect. */
  readonly rules: ReadonlyMap<string, IdentityRules>
  /** Called after every change that a credential could depend on. */
  readonly changed: () => void
}

/** What the audit log says of a change. */
export interface AuditedChange {
  readonly action: string
  readonly account: string
  readonly subject: string
}

export async function change<T>(
  { store, clock, random, changed }: IdentityParts,
  what: AuditedChange,
  work: (tx: Writer) => Promise<T>,
): Promise<T> {
  try {
    return await store.write(async (tx) => {
      const result = await work(tx)
      const atMs = clock.now()
      const requestId = random.uuid()
      await tx.addAudit({ ...what, atMs, principal: 'admin', requestId, region: '' })
      return result
    })
  } finally {
    changed()
  }
}

/** Throws IdentityProblem. */
export async function accountIn(
  tx: Pick<Reader, 'findById'>,
  number: string,
): Promise<Stored<'account'>> {
  const found = await tx.findById('account', number)
  if (!found) throw missing('account', number)
  return found
}

/** The rules that an account lives by. */
export function rulesOf({ rules }: Pick<IdentityParts, 'rules'>, account: Account): IdentityRules {
  return rulesFor(rules, account.dialect)
}

/** Throws IdentityProblem for a dialect that is not spoken. */
export function rulesFor(rules: IdentityParts['rules'], dialect: string): IdentityRules {
  const found = rules.get(dialect)
  if (found) return found
  throw refused('dialect', dialect, `must be one of ${[...rules.keys()].join(', ')}`)
}

/** Throws IdentityProblem. */
export function checkName(member: string, value: string, { pattern, rule }: NameRule): void {
  if (!pattern.test(value)) throw refused(member, value, rule)
}

/** Throws IdentityProblem when there is no room for one more of a kind in an account, or under a parent. */
export async function checkRoom(
  tx: Reader,
  kind: Kind,
  it: { account: string; parent?: string; what: string; limit: number },
): Promise<void> {
  const { account, parent, what, limit } = it
  const { total } = await tx.list(kind, {
    account,
    ...(parent === undefined ? {} : { parent }),
    order: 'oldest',
    limit: 1,
    offset: 0,
  })
  if (total >= limit) throw beyond(what, limit)
}

/** A page of a listing, oldest first. */
export interface Slice {
  readonly limit: number
  /** Start behind this seq. */
  readonly behindSeq?: number
}

export function listIn<K extends Kind>(
  { store }: Pick<IdentityParts, 'store'>,
  kind: K,
  it: Slice & { readonly account?: string; readonly parent?: string },
): Promise<Page<K>> {
  const { account, parent, limit, behindSeq } = it
  return store.read((tx) =>
    tx.list(kind, {
      account,
      ...(parent === undefined ? {} : { parent }),
      ...(behindSeq === undefined ? {} : { behindSeq }),
      order: 'oldest',
      limit,
      offset: 0,
    }),
  )
}

/** Rows per read when many are removed. */
const CHUNK = 500

/** Removes every document of a kind in an account, or under a parent. */
export async function removeAll(
  tx: Writer,
  kind: Kind,
  where: { readonly account: string; readonly parent?: string },
): Promise<void> {
  for (;;) {
    const { rows } = await tx.list(kind, { ...where, order: 'oldest', limit: CHUNK, offset: 0 })
    if (rows.length === 0) return
    for (const row of rows) await tx.remove(kind, row)
  }
}
