/** Users and roles alike: both are principals, which are removed with their credentials and have policies attached. */
import { attach, detach, excessOf, idIn } from '../../domain/account.ts'
import type { Account, IdentityRules, PolicyReference } from '../../domain/account.ts'
import type { Documents, Page, Reader } from '../../store/port.ts'
import {
  accountIn,
  change,
  listIn,
  removeAll,
  rulesOf,
  type IdentityParts,
  type Slice,
} from './change.ts'
import { changeOf, namedIn, type Named } from './named.ts'
import { beyond, missing } from './problem.ts'

export type PrincipalKind = 'user' | 'role'

export interface Attachment extends Named {
  readonly policy: string
}

/** All but making one, which is where users and roles differ. */
export interface Principals<K extends PrincipalKind> {
  list(it: Slice & { readonly account?: string }): Promise<Page<K>>
  /** Removes it with its keys or sessions. Throws IdentityProblem. */
  remove(it: Named): Promise<void>
  /** Throws IdentityProblem, also beyond the cloud's number of attachments. */
  attach(it: Attachment): Promise<Documents[K]>
  /** Throws IdentityProblem when the principal is unknown, or the policy is not attached to it. */
  detach(it: Attachment): Promise<Documents[K]>
}

/** What a principal's credentials are filed as, under its document's id. */
const CREDENTIALS = { user: 'accessKey', role: 'session' } as const
const REMOVAL = { user: 'RemoveUser', role: 'RemoveRole' } as const

export function principals<K extends PrincipalKind>(parts: IdentityParts, kind: K): Principals<K> {
  return {
    list: (it) => listIn(parts, kind, it),
    remove: (it) =>
      change(parts, changeOf(REMOVAL[kind], kind, it), async (tx) => {
        const found = await namedIn(tx, kind, it)
        const { account, id } = found.document
        await removeAll(tx, CREDENTIALS[kind], { account, parent: id })
        await tx.remove(kind, found)
      }),
    attach: (it) =>
      change(parts, changeOf('AttachPolicy', kind, it), async (tx) => {
        const { document: account } = await accountIn(tx, it.account)
        const found = await namedIn(tx, kind, it)
        const rules = rulesOf(parts, account)
        const reference = await referenceTo(tx, { account, rules, name: it.policy })
        const policies = attach(found.document.policies, reference)
        const excess = excessOf(policies, rules.limits)
        if (excess) throw beyond(excess.what, excess.limit)
        const next: Documents[K] = { ...found.document, policies }
        await tx.save(kind, found, next)
        return next
      }),
    detach: (it) =>
      change(parts, changeOf('DetachPolicy', kind, it), async (tx) => {
        const found = await namedIn(tx, kind, it)
        const reference = found.document.policies.find((each) => each.name === it.policy)
        if (!reference) throw missing('attached policy', it.policy)
        const policies = detach(found.document.policies, reference)
        const next: Documents[K] = { ...found.document, policies }
        await tx.save(kind, found, next)
        return next
      }),
  }
}

/** A custom policy never has a system policy's name, so a name says which is meant. */
async function referenceTo(
  tx: Reader,
  it: { readonly account: Account; readonly rules: IdentityRules; readonly name: string },
): Promise<PolicyReference> {
  const { account, rules, name } = it
  if (rules.systemPolicies.has(name)) return { kind: 'system', name }
  if (await tx.find('policy', account.id, idIn(account.id, name))) return { kind: 'custom', name }
  throw missing('policy', name)
}
