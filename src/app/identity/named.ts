/**
 * Users, roles and custom policies: each is known by a name within its account, a name that is taken is refused, and there
 * are so many of each as the cloud allows.
 */
import { idIn, type IdentityRules } from '../../domain/account.ts'
import { PolicyError } from '../../domain/policy-document.ts'
import type { Documents, Reader, Stored } from '../../store/port.ts'
import {
  accountIn,
  change,
  checkName,
  checkRoom,
  rulesOf,
  type AuditedChange,
  type IdentityParts,
} from './change.ts'
import { missing, refused } from './problem.ts'

export type NamedKind = 'user' | 'role' | 'policy'

export interface Named {
  readonly account: string
  readonly name: string
}

const PLURALS = { user: 'users', role: 'roles', policy: 'policies' } as const

/**
 * Adds what `build` makes of the account's rules and the members that all three kinds have. Throws IdentityProblem, also
 * when `build` does.
 */
export function addNamed<K extends NamedKind>(
  parts: IdentityParts,
  kind: K,
  it: Named & { readonly action: string },
  build: (rules: IdentityRules, frame: Named & { id: string; createdMs: number }) => Documents[K],
): Promise<Documents[K]> {
  const { account, name } = it
  return change(parts, changeOf(it.action, kind, it), async (tx) => {
    const rules = rulesOf(parts, (await accountIn(tx, account)).document)
    checkName('name', name, rules.names[kind])
    const id = idIn(account, name)
    const document = build(rules, { id, account, name, createdMs: parts.clock.now() })
    if (await tx.findById(kind, id)) throw refused('name', name, 'is taken')
    const what = PLURALS[kind]
    await checkRoom(tx, kind, { account, what, limit: rules.limits[what] })
    await tx.insert(kind, document, document.createdMs)
    return document
  })
}

/** Throws IdentityProblem. */
export async function namedIn<K extends NamedKind>(
  tx: Pick<Reader, 'find'>,
  kind: K,
  { account, name }: Named,
): Promise<Stored<K>> {
  const found = await tx.find(kind, account, idIn(account, name))
  if (!found) throw missing(kind, name)
  return found
}

/** What the audit log says of a change. */
export function changeOf(action: string, kind: NamedKind, { account, name }: Named): AuditedChange {
  return { action, account, subject: `${kind}/${name}` }
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
