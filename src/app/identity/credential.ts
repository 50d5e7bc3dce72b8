/**
 * Where the gateway finds who a key id belongs to, with the policies that bind them, ready to be evaluated.
 *
 * What was found is remembered, within bounds, until any identity changes; then all of it is forgotten, and what was being
 * looked up meanwhile is not remembered. Key ids that do not exist are not remembered: each costs one look-up by index, and
 * no guess can evict the others. The cache is this process's own: it is right while one server owns the store.
 */
import { idIn, type AccessKey, type Account, type Session } from '../../domain/account.ts'
import type { Credential, CredentialSource, Principal } from '../../domain/identity.ts'
import type { Reader } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import { policiesOf, type Compiled } from './attached-policy.ts'
import { rulesOf, type IdentityParts } from './change.ts'
import { keyContext } from './key.ts'
import { sessionContext } from './token.ts'

export interface Credentials {
  readonly find: CredentialSource
  forget(): void
  /** How many are remembered. */
  readonly size: number
}

/** `builtIn` comes first; its keys need no document, but are disabled with their account. */
export function credentials(
  parts: Pick<IdentityParts, 'store' | 'sealer' | 'rules'>,
  builtIn: CredentialSource,
): Credentials {
  const known = new Map<string, Credential>()
  const compiled: Compiled = new Map()
  let changes = 0
  const lookUp = async (dialect: string, keyId: string): Promise<Credential | undefined> => {
    const given = await builtIn(dialect, keyId)
    return parts.store.read((tx) =>
      given ? withAccount(tx, given) : stored(tx, { ...parts, compiled, dialect, keyId }),
    )
  }
  return {
    async find(dialect, keyId) {
      const place = `${dialect} ${keyId}`
      const remembered = known.get(place)
      if (remembered) return remembered
      const before = changes
      const found = await lookUp(dialect, keyId)
      if (!found || changes !== before) {
        // Policies that were compiled meanwhile may be old ones.
        if (changes !== before) compiled.clear()
        return found
      }
      if (known.size >= limits.credentialsKept) known.delete(known.keys().next().value!)
      known.set(place, found)
      return found
    },
    forget() {
      changes++
      known.clear()
      compiled.clear()
    },
    get size() {
      return known.size
    },
  }
}

interface CredentialQuery extends Pick<IdentityParts, 'sealer' | 'rules'> {
  readonly compiled: Compiled
  readonly dialect: string
  readonly keyId: string
}

async function withAccount(tx: Reader, given: Credential): Promise<Credential> {
  const account = await tx.findById('account', given.principal.account)
  const active = given.active && account?.document.status !== 'disabled'
  return { ...given, active }
}

async function stored(tx: Reader, query: CredentialQuery): Promise<Credential | undefined> {
  const key = await tx.findById('accessKey', query.keyId)
  if (key?.document.dialect === query.dialect) return ofKey(tx, query, key.document)
  const session = await tx.findById('session', query.keyId)
  if (session?.document.dialect === query.dialect) return ofSession(tx, query, session.document)
  return undefined
}

/** A key whose account or user is gone is no key; nothing leaves one behind, so it is only refused. */
async function ofKey(
  tx: Reader,
  query: CredentialQuery,
  key: AccessKey,
): Promise<Credential | undefined> {
  const account = (await tx.findById('account', key.account))?.document
  if (!account) return undefined
  const secret = query.sealer.open(key.secret, keyContext(key.id))
  const open = account.status === 'active' && key.status === 'active'
  if (key.user === '') {
    return { keyId: key.id, secret, active: open, principal: rootOf(account) }
  }
  const user = (await tx.find('user', key.account, idIn(key.account, key.user)))?.document
  if (!user) return undefined
  const policies = await bound(tx, query, { account, references: user.policies })
  const principal: Principal = {
    account: account.id,
    tenant: account.tenant,
    kind: 'user',
    id: user.number,
    name: user.name,
    policies,
  }
  return { keyId: key.id, secret, active: open && user.status === 'active', principal }
}

async function ofSession(
  tx: Reader,
  query: CredentialQuery,
  it: Session,
): Promise<Credential | undefined> {
  const account = (await tx.findById('account', it.account))?.document
  const role = (await tx.find('role', it.account, idIn(it.account, it.role)))?.document
  if (!account || !role) return undefined
  const policies = await bound(tx, query, { account, references: role.policies })
  const principal: Principal = {
    account: account.id,
    tenant: account.tenant,
    kind: 'role',
    id: role.number,
    name: `${role.name}/${it.name}`,
    policies,
  }
  return {
    keyId: it.id,
    secret: query.sealer.open(it.secret, sessionContext(it.id, 'secret')),
    active: account.status === 'active',
    principal,
    sessionToken: query.sealer.open(it.token, sessionContext(it.id, 'token')),
    expiresMs: it.expiresMs,
  }
}

function rootOf({ id, tenant, name }: Account): Principal {
  return { account: id, tenant, kind: 'root', id, name, policies: [] }
}

function bound(
  tx: Reader,
  query: CredentialQuery,
  it: { account: Account; references: Parameters<typeof policiesOf>[1]['references'] },
) {
  const { account, references } = it
  const memory = { compiled: query.compiled, limit: limits.policiesKept }
  const rules = rulesOf(query, account)
  return policiesOf(tx, { account: account.id, rules, references }, memory)
}
