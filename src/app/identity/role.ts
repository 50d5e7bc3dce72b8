/** What may be asked of roles: who may assume one is its trust policy, what it may do are its attached policies. */
import { idIn, type Role } from '../../domain/account.ts'
import { PolicyError } from '../../domain/policy-document.ts'
import type { Page, Reader } from '../../store/port.ts'
import { attachPolicy, detachPolicy, principalIn, type Attachment } from './attachment.ts'
import {
  accountIn,
  change,
  checkName,
  checkRoom,
  listIn,
  removeAll,
  rulesOf,
  type IdentityParts,
  type Slice,
} from './change.ts'
import type { Named } from './user.ts'
import { refused } from './problem.ts'

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

export interface Roles {
  /** Throws IdentityProblem. */
  add(it: NewRole): Promise<Role>
  list(it: Slice & { readonly account?: string }): Promise<Page<'role'>>
  /** Removes it with its sessions. Throws IdentityProblem. */
  remove(it: Named): Promise<void>
  attach(it: Attachment): Promise<Role>
  detach(it: Attachment): Promise<Role>
}

export function roles(parts: IdentityParts): Roles {
  const { clock, random } = parts
  const changed = (action: string, { account, name }: Named) => ({
    action,
    account,
    subject: `role/${name}`,
  })
  return {
    add: (it) =>
      change(parts, changed('AddRole', it), async (tx) => {
        const { document: account } = await accountIn(tx, it.account)
        const rules = rulesOf(parts, account)
        checkName('name', it.name, rules.names.role)
        const trust = it.trust ?? rules.trustAccount(it.account)
        checkText('trust', () => rules.parseTrust(trust))
        const id = idIn(it.account, it.name)
        if (await tx.findById('role', id)) throw refused('name', it.name, 'is taken')
        const room = { account: it.account, what: 'roles', limit: rules.limits.roles }
        await checkRoom(tx, 'role', room)
        const role: Role = {
          id,
          account: it.account,
          name: it.name,
          number: rules.drawNumber(random),
          kind: it.kind,
          trust,
          policies: [],
          createdMs: clock.now(),
        }
        await tx.insert('role', role, role.createdMs)
        return role
      }),
    list: (it) => listIn(parts, 'role', it),
    remove: (it) =>
      change(parts, changed('RemoveRole', it), async (tx) => {
        const found = await principalIn(tx, 'role', it)
        await removeAll(tx, 'session', { account: it.account, parent: found.document.id })
        await tx.remove('role', found)
      }),
    attach: (it) => attachPolicy(parts, 'role', it),
    detach: (it) => detachPolicy(parts, 'role', it),
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

/** Runs a parser of policy texts; what it refuses becomes a refusal of `member`, with the place. */
export function checkText(member: string, parse: () => unknown): void {
  try {
    parse()
  } catch (problem) {
    if (!(problem instanceof PolicyError)) throw problem
    throw refused(member, '', `is refused: ${problem.message}`)
  }
}
