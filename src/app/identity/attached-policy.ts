/** What a list of attached policies comes to when it is evaluated. */
import { idIn, type IdentityRules, type PolicyReference } from '../../domain/account.ts'
import { PolicyError } from '../../domain/policy-document.ts'
import { compilePolicy, type Policy } from '../../domain/policy.ts'
import type { Reader } from '../../store/port.ts'

/** Compiled custom policies by document id; its holder clears it after every change. */
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
