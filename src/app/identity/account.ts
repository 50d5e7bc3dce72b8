/** Accounts. A new one has the service's roles, unless it is created to test requests without them. */
import type { Account, Status } from '../../domain/account.ts'
import type { Page, Stored, Writer } from '../../store/port.ts'
import {
  accountIn,
  change,
  checkName,
  listIn,
  removeAll,
  rulesFor,
  type IdentityParts,
  type Slice,
} from './change.ts'
import { refused } from './problem.ts'
import { addServiceRole } from './service-role.ts'

export interface NewAccount {
  readonly dialect: string
  readonly name: string
  /** Drawn when absent. */
  readonly account?: string
  readonly tenant?: string
  readonly serviceRoles: boolean
}

export interface Accounts {
  /** Throws IdentityProblem. */
  add(it: NewAccount): Promise<Account>
  /** Adds it unless its number is there already. */
  ensure(it: NewAccount & { readonly account: string }): Promise<void>
  list(slice: Slice): Promise<Page<'account'>>
  /** Removes it with everything in it. Throws IdentityProblem, also while it has clusters. */
  remove(number: string): Promise<void>
  /** None of a disabled account's keys is accepted. Throws IdentityProblem. */
  setStatus(number: string, status: Status): Promise<Account>
}

const NAME = { pattern: /^[\p{L}\p{N} _.@-]{1,64}$/u, rule: 'must have 1 to 64 letters or digits' }

export function accounts(parts: IdentityParts): Accounts {
  const { store } = parts
  const add = async (it: NewAccount): Promise<Account> => {
    const rules = rulesFor(parts.rules, it.dialect)
    checkName('name', it.name, NAME)
    const drawn = rules.drawAccount(parts.random)
    const number = it.account ?? drawn.account
    checkName('account', number, rules.accountNumber)
    const account: Account = {
      id: number,
      account: number,
      tenant: it.tenant ?? (drawn.tenant === drawn.account ? number : drawn.tenant),
      dialect: it.dialect,
      name: it.name,
      status: 'active',
      createdMs: parts.clock.now(),
    }
    checkName('tenant', account.tenant, rules.tenantNumber)
    return change(parts, { action: 'AddAccount', account: number, subject: number }, async (tx) => {
      if (await tx.findById('account', number)) throw refused('account', number, 'is taken')
      await tx.insert('account', account, account.createdMs)
      const { createdMs } = account
      for (const role of it.serviceRoles ? rules.serviceRoles : [])
        await addServiceRole(tx, parts, { account: number, rules, role, createdMs })
      return account
    })
  }
  return {
    add,
    async ensure(it) {
      const found = await store.read((tx) => tx.findById('account', it.account))
      if (!found) await add(it)
    },
    list: (slice) => listIn(parts, 'account', slice),
    remove: (number) =>
      change(parts, { action: 'RemoveAccount', account: number, subject: number }, (tx) =>
        removeAccount(tx, number),
      ),
    setStatus: (number, status) =>
      change(
        parts,
        {
          action: status === 'active' ? 'EnableAccount' : 'DisableAccount',
          account: number,
          subject: number,
        },
        async (tx) => {
          const found = await accountIn(tx, number)
          const next = { ...found.document, status }
          await tx.save('account', found, next)
          return next
        },
      ),
  }
}

async function removeAccount(tx: Writer, number: string): Promise<void> {
  const found: Stored<'account'> = await accountIn(tx, number)
  const { total } = await tx.list('cluster', {
    account: number,
    exceptStates: ['deleted'],
    order: 'oldest',
    limit: 1,
    offset: 0,
  })
  if (total > 0)
    throw refused('account', number, `has ${total} clusters; they must be deleted first`)
  for (const kind of ['session', 'accessKey', 'user', 'role', 'policy'] as const)
    await removeAll(tx, kind, { account: number })
  await tx.remove('account', found)
}
