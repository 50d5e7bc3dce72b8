/** Attaching policies to users and roles, and what a list of attached policies comes to when it is evaluated. */
import {
  attach,
  detach,
  excessOf,
  idIn,
  type Account,
  type IdentityRules,
  type PolicyReference,
} from '../../domain/account.ts'
import { PolicyError } from '../../domain/policy-document.ts'
import { compilePolicy, type Policy } from '../../domain/policy.ts'
import type { Documents, Reader, Stored } from '../../store/port.ts'
import { accountIn, change, rulesOf, type IdentityParts } from './change.ts'
import { beyond, missing } from './problem.ts'

export type Principals = 'user' | 'role'

export interface Attachment {
  readonly account: string
  /** The user's or role's name. */
  readonly name: string
  readonly policy: string
}

/** Throws IdentityProblem, also beyond the cloud's number of attachments. */
export function attachPolicy<K extends Principals>(
  parts: IdentityParts,
  kind: K,
  it: Attachment,
): Promise<Documents[K]> {
  const what = { action: 'AttachPolicy', account: it.account, subject: `${kind}/${it.name}` }
  return change(parts, what, async (tx) => {
    const { document: account } = await accountIn(tx, it.account)
    const found = await principalIn(tx, kind, it)
    const rules = rulesOf(parts, account)
    const reference = await referenceTo(tx, { account, rules, name: it.policy })
    const policies = attach(found.document.policies, reference)
    const excess = excessOf(policies, rules.limits)
    if (excess) throw beyond(excess.what, excess.limit)
    const next: Documents[K] = { ...found.document, policies }
    await tx.save(kind, found, next)
    return next
  })
}

/** Throws IdentityProblem when the principal is unknown, or the policy is not attached to it. */
export function detachPolicy<K extends Principals>(
  parts: IdentityParts,
  kind: K,
  it: Attachment,
): Promise<Documents[K]> {
  const what = { action: 'DetachPolicy', account: it.account, subject: `${kind}/${it.name}` }
  return change(parts, what, async (tx) => {
    const found = await principalIn(tx, kind, it)
    const reference = found.document.policies.find((each) => each.name === it.policy)
    if (!reference) throw missing('attached policy', it.policy)
    const next: Documents[K] = {
      ...found.document,
      policies: detach(found.document.policies, reference),
    }
    await tx.save(kind, found, next)
    return next
  })
}

/** Throws IdentityProblem. */
export async function principalIn<K extends Principals>(
  tx: Pick<Reader, 'find'>,
  kind: K,
  { account, name }: { readonly account: string; readonly name: string },
): Promise<Stored<K>> {
  const found = await tx.find(kind, account, idIn(account, name))
  if (!found) throw missing(kind, name)
  return found
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

/** Compiled custom policies by document id; whoever holds it forgets it after every change. */
export type Compiled = Map<string, Policy>

/**
 * The policies behind references. One that is gone or cannot be read denies everything: it might have been a restriction.
 * `compiled` may be given to save work; at most `limit` policies are put into it.
 */
export async function policiesOf(
  tx: Pick<Reader, 'find'>,
  it: {
    readonly account: string
    readonly rules: IdentityRules
    readonly references: readonly PolicyReference[]
  },
  memory: { readonly compiled: Compiled; readonly limit: number },
): Promise<readonly Policy[]> {
  const found: Policy[] = []
  for (const { kind, name } of it.references) {
    const id = idIn(it.account, name)
    const known = kind === 'system' ? it.rules.systemPolicies.get(name)?.policy : undefined
    let policy = known ?? memory.compiled.get(id)
    if (!policy) {
      const stored = kind === 'custom' ? await tx.find('policy', it.account, id) : undefined
      policy = stored ? readOrDeny(it.rules, stored.document) : denyAll(name)
      if (kind === 'custom' && memory.compiled.size < memory.limit) memory.compiled.set(id, policy)
    }
    found.push(policy)
  }
  return found
}

function readOrDeny(rules: IdentityRules, { name, text }: { name: string; text: string }): Policy {
  try {
    return rules.parsePolicy(name, text)
  } catch (problem) {
    if (!(problem instanceof PolicyError)) throw problem
    return denyAll(name)
  }
}

function denyAll(name: string): Policy {
  return compilePolicy(name, {
    statements: [
      {
        effect: 'deny',
        actions: { negated: false, patterns: ['*'] },
        resources: [['*']],
        conditions: [],
      },
    ],
  })
}
