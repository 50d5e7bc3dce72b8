/**
 * Role sessions: a temporary key with its token, for whom the role trusts and for no longer than the cloud allows.
 *
 * A user also needs the permission to assume the role, by the user's own policies; what these say about the circumstances of a
 * request cannot be evaluated here, and what cannot be evaluated does not allow. Sessions live by service time. A session
 * is kept for a day beyond its end, so that its key is reported as expired rather than as unknown.
 */
import { idIn, type IdentityRules, type Session } from '../../domain/account.ts'
import { decide } from '../../domain/policy.ts'
import { trusts, type Assumer } from '../../domain/trust.ts'
import { limits } from '../../limits.ts'
import type { Page, Reader, Writer } from '../../store/port.ts'
import { policiesOf } from './attached-policy.ts'
import {
  accountIn,
  change,
  checkName,
  checkRoom,
  listIn,
  rulesOf,
  type IdentityParts,
  type Slice,
} from './change.ts'
import { namedIn } from './named.ts'
import { missing, refused } from './problem.ts'

export interface Assumption {
  /** The role's account. */
  readonly account: string
  readonly role: string
  readonly session: string
  /** The cloud's default when absent. */
  readonly lifetimeMs?: number
  /** Who assumes it: the root of the role's account when absent. */
  readonly by?: {
    readonly account?: string
    readonly user?: string
    readonly service?: string
  }
}

export interface IssuedSession {
  readonly session: Session
  readonly secret: string
  readonly token: string
}

export interface Tokens {
  /** Throws IdentityProblem. */
  add(it: Assumption): Promise<IssuedSession>
  list(it: Slice & { readonly account?: string }): Promise<Page<'session'>>
  /** Ends a session at once. Throws IdentityProblem. */
  remove(id: string): Promise<void>
}

/** What a session's secret and token are sealed under. */
export function sessionContext(id: string, what: 'secret' | 'token'): string {
  return `session/${id}/${what}`
}

export function tokens(parts: IdentityParts): Tokens {
  return {
    add: (it) =>
      change(
        parts,
        { action: 'AssumeRole', account: it.account, subject: `role/${it.role}/${it.session}` },
        (tx) => assume(tx, parts, it),
      ),
    list: (it) => listIn(parts, 'session', it),
    async remove(id) {
      const find = async (tx: Pick<Reader, 'findById'>) => {
        const found = await tx.findById('session', id)
        if (!found) throw missing('token', id)
        return found
      }
      const { document } = await parts.store.read(find)
      const what = { action: 'RevokeToken', account: document.account, subject: `token/${id}` }
      await change(parts, what, async (tx) => tx.remove('session', await find(tx)))
    },
  }
}

async function assume(tx: Writer, parts: IdentityParts, it: Assumption): Promise<IssuedSession> {
  const { document: account } = await accountIn(tx, it.account)
  const rules = rulesOf(parts, account)
  checkName('session', it.session, rules.names.session)
  const { min, max } = rules.sessionMs
  const lifetimeMs = it.lifetimeMs ?? rules.sessionMs.default
  if (!(lifetimeMs >= min && lifetimeMs <= max)) {
    const rule = `must be ${min / 1000} to ${max / 1000} seconds`
    throw refused('seconds', String(lifetimeMs / 1000), rule)
  }
  const { document: role } = await namedIn(tx, 'role', { account: it.account, name: it.role })
  const assumer = await assumerOf(tx, { it, rules })
  if (!trusts(rules.parseTrust(role.trust), assumer))
    throw refused('role', it.role, `does not trust ${nameOf(assumer)}`)
  await dropExpired(tx, it.account, parts.clock.now())
  const room = { account: it.account, what: 'role sessions', limit: limits.sessionsPerAccount }
  await checkRoom(tx, 'session', room)
  const { id, secret, token } = rules.issueSession(parts.secrets)
  const nowMs = parts.clock.now()
  const session: Session = {
    id,
    account: it.account,
    dialect: account.dialect,
    role: role.name,
    name: it.session,
    secret: parts.sealer.seal(secret, sessionContext(id, 'secret')),
    token: parts.sealer.seal(token, sessionContext(id, 'token')),
    createdMs: nowMs,
    expiresMs: nowMs + lifetimeMs,
  }
  await tx.insert('session', session, nowMs)
  return { session, secret, token }
}

/** Who asks, after it was found that this one may ask at all. */
async function assumerOf(
  tx: Writer,
  { it, rules }: { readonly it: Assumption; readonly rules: IdentityRules },
): Promise<Assumer> {
  const { account = it.account, user, service } = it.by ?? {}
  if (service !== undefined) return { kind: 'service', service }
  const { document: home } = await accountIn(tx, account)
  if (home.dialect !== rules.dialect)
    throw refused('by.account', account, 'is an account of another cloud')
  if (home.status !== 'active') throw refused('by.account', account, 'is disabled')
  if (user === undefined) return { kind: 'root', account }
  const { document } = await namedIn(tx, 'user', { account, name: user })
  if (document.status !== 'active') throw refused('by.user', user, 'is disabled')
  const references = document.policies
  const memory = { compiled: new Map(), limit: references.length }
  const policies = await policiesOf(tx, { account, rules, references }, memory)
  const { action, resource } = rules.assuming(it.account, it.role)
  const decision = decide(policies, { action, resources: [resource], context: {} })
  if (decision.effect === 'deny')
    throw refused('by.user', user, `has no permission for ${action} on ${resource}`)
  return { kind: 'user', account, name: document.name, number: document.number }
}

function nameOf(assumer: Assumer): string {
  switch (assumer.kind) {
    case 'root':
      return `account ${assumer.account}`
    case 'user':
      return `user ${idIn(assumer.account, assumer.name)}`
    case 'service':
      return `service ${assumer.service}`
  }
}

/** Sessions looked at per new one: more than one on average would be added, so old ones never pile up. */
const SWEEP = 20

async function dropExpired(tx: Writer, account: string, nowMs: number): Promise<void> {
  const { rows } = await tx.list('session', { account, order: 'oldest', limit: SWEEP, offset: 0 })
  for (const row of rows) {
    if (row.document.expiresMs + limits.sessionsKeptMs <= nowMs) await tx.remove('session', row)
  }
}
