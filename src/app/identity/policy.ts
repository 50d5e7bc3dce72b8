/** What may be asked of custom policies. A text that its cloud's language refuses is never kept. */
import { idIn, referenceText, type CustomPolicy, type SystemPolicy } from '../../domain/account.ts'
import type { Page, Reader, Stored } from '../../store/port.ts'
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
import { checkText } from './role.ts'
import type { Named } from './user.ts'
import { missing, refused } from './problem.ts'

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
  const { clock } = parts
  const changed = (action: string, { account, name }: Named) => ({
    action,
    account,
    subject: `policy/${name}`,
  })
  return {
    add: (it) =>
      change(parts, changed('AddPolicy', it), async (tx) => {
        const { document: account } = await accountIn(tx, it.account)
        const rules = rulesOf(parts, account)
        checkName('name', it.name, rules.names.policy)
        if (rules.systemPolicies.has(it.name))
          throw refused('name', it.name, 'is the name of a system policy')
        checkText('text', () => rules.parsePolicy(it.name, it.text))
        const id = idIn(it.account, it.name)
        if (await tx.findById('policy', id)) throw refused('name', it.name, 'is taken')
        const room = { account: it.account, what: 'policies', limit: rules.limits.policies }
        await checkRoom(tx, 'policy', room)
        const nowMs = clock.now()
        const policy = { ...it, id, createdMs: nowMs, changedMs: nowMs }
        await tx.insert('policy', policy, nowMs)
        return policy
      }),
    replace: (it) =>
      change(parts, changed('ReplacePolicy', it), async (tx) => {
        const { document: account } = await accountIn(tx, it.account)
        const found = await policyIn(tx, it)
        checkText('text', () => rulesOf(parts, account).parsePolicy(it.name, it.text))
        const next = { ...found.document, text: it.text, changedMs: clock.now() }
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
      change(parts, changed('RemovePolicy', it), async (tx) => {
        const found = await policyIn(tx, it)
        const holder = await holderOf(tx, it)
        if (holder !== undefined)
          throw refused('name', it.name, `is attached to ${holder}; detach it first`)
        await tx.remove('policy', found)
      }),
  }
}

async function policyIn(
  tx: Pick<Reader, 'find'>,
  { account, name }: Named,
): Promise<Stored<'policy'>> {
  const found = await tx.find('policy', account, idIn(account, name))
  if (!found) throw missing('policy', name)
  return found
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
