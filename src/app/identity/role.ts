/** Roles: the trust policy says who may assume one, the attached policies what it may do then. */
import { idIn, type Role } from '../../domain/account.ts'
import type { Reader } from '../../store/port.ts'
import type { IdentityParts } from './change.ts'
import { addNamed, checkText, type Named } from './named.ts'
import { principals, type Principals } from './principal.ts'

export interface NewRole extends Named {
  readonly kind: Role['kind']
  /** The trust policy's text; absent: any principal of the account that has the permission. */
  readonly trust?: string
}

/** What an action may want to know of a role. */
export interface RoleState {
  readonly exists: boolean
  /** Names of the attached policies. */
  readonly policies: readonly string[]
}

export interface Roles extends Principals<'role'> {
  /** Throws IdentityProblem. */
  add(it: NewRole): Promise<Role>
}

export function roles(parts: IdentityParts): Roles {
  return {
    ...principals(parts, 'role'),
    add: (it) =>
      addNamed(parts, 'role', { ...it, action: 'AddRole' }, (rules, frame) => {
        const trust = it.trust ?? rules.trustAccount(it.account)
        checkText('trust', () => rules.parseTrust(trust))
        const number = rules.drawNumber(parts.random)
        return { ...frame, number, kind: it.kind, trust, policies: [] }
      }),
  }
}

export async function roleState(
  tx: Pick<Reader, 'find'>,
  { account, name }: Named,
): Promise<RoleState> {
  const found = await tx.find('role', account, idIn(account, name))
  if (!found) return { exists: false, policies: [] }
  return { exists: true, policies: found.document.policies.map((policy) => policy.name) }
}
