/** Custom policies of an account. A text that its cloud's language refuses is never kept. */
import { referenceText, type CustomPolicy, type SystemPolicy } from '../../domain/account.ts'
import type { Page, Reader } from '../../store/port.ts'
import { accountIn, change, listIn, rulesOf, type IdentityParts, type Slice } from './change.ts'
import { addNamed, changeOf, checkText, namedIn, type Named } from './named.ts'
import { refused } from './problem.ts'

export interface PolicyText extends Named {
  readonly text: string
}

export interface Policies {
  /** Throws IdentityProblem, with the place when the text is not accepted. */
  add(it: PolicyText): Promise<CustomPolicy>
  /** Holds for every principal that has it, from the next request on. */
  replace(it: PolicyText): Promise<CustomPolicy>
  list(it: Slice & { readonly account?: string }): Promise<Page<'policy'>>
  /** The ones that exist in the account without having been made. Throws IdentityProblem. */
  system(account: string): Promise<readonly SystemPolicy[]>
  /** Throws IdentityProblem, also while it is attached. */
  remove(it: Named): Promise<void>
}

export function policies(parts: IdentityParts): Policies {
  return {
    add: (it) =>
      addNamed(parts, 'policy', { ...it, action: 'AddPolicy' }, (rules, frame) => {
        if (rules.systemPolicies.has(it.name))
          throw refused('name', it.name, 'is the name of a system policy')
        checkText('text', () => rules.parsePolicy(it.name, it.text))
        return { ...frame, text: it.text, changedMs: frame.createdMs }
      }),
    replace: (it) =>
      change(parts, changeOf('ReplacePolicy', 'policy', it), async (tx) => {
        const { document: account } = await accountIn(tx, it.account)
        const found = await namedIn(tx, 'policy', it)
        checkText('text', () => rulesOf(parts, account).parsePolicy(it.name, it.text))
        const next = { ...found.document, text: it.text, changedMs: parts.clock.now() }
        await tx.save('policy', found, next)
        return next
      }),
    list: (it) => listIn(parts, 'policy', it),
    system: (number) =>
      parts.store.read(async (tx) => {
        const { document: account } = await accountIn(tx, number)
        return [...rulesOf(parts, account).systemPolicies.values()]
      }),
    remove: (it) =>
      change(parts, changeOf('RemovePolicy', 'policy', it), async (tx) => {
        const found = await namedIn(tx, 'policy', it)
        const holder = await holderOf(tx, it)
        if (holder !== undefined)
          throw refused('name', it.name, `is attached to ${holder}; detach it first`)
        await tx.remove('policy', found)
      }),
  }
}

/** A user or role that has the policy, in words. */
async function holderOf(tx: Reader, { account, name }: Named): Promise<string | undefined> {
  const policy = referenceText({ kind: 'custom', name })
  for (const kind of ['user', 'role'] as const) {
    const { rows } = await tx.list(kind, { account, policy, order: 'oldest', limit: 1, offset: 0 })
    const [first] = rows
    if (first) return `${kind} ${first.document.name}`
  }
  return undefined
}
