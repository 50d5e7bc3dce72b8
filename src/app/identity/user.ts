/** What may be asked of users. One without a policy may do nothing; one that is disabled is not even let in. */
import { idIn, type Status, type User } from '../../domain/account.ts'
import type { Page } from '../../store/port.ts'
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
import { refused } from './problem.ts'

export interface Named {
  readonly account: string
  readonly name: string
}

export interface Users {
  /** Throws IdentityProblem. */
  add(it: Named): Promise<User>
  list(it: Slice & { readonly account?: string }): Promise<Page<'user'>>
  /** Removes it with its keys. Throws IdentityProblem. */
  remove(it: Named): Promise<void>
  setStatus(it: Named, status: Status): Promise<User>
  attach(it: Attachment): Promise<User>
  detach(it: Attachment): Promise<User>
}

export function users(parts: IdentityParts): Users {
  const { clock, random } = parts
  const changed = (action: string, { account, name }: Named) => ({
    action,
    account,
    subject: `user/${name}`,
  })
  return {
    add: (it) =>
      change(parts, changed('AddUser', it), async (tx) => {
        const { document: account } = await accountIn(tx, it.account)
        const { names, limits, drawNumber } = rulesOf(parts, account)
        checkName('name', it.name, names.user)
        const id = idIn(it.account, it.name)
        if (await tx.findById('user', id)) throw refused('name', it.name, 'is taken')
        await checkRoom(tx, 'user', { account: it.account, what: 'users', limit: limits.users })
        const user: User = {
          id,
          account: it.account,
          name: it.name,
          number: drawNumber(random),
          status: 'active',
          policies: [],
          createdMs: clock.now(),
        }
        await tx.insert('user', user, user.createdMs)
        return user
      }),
    list: (it) => listIn(parts, 'user', it),
    remove: (it) =>
      change(parts, changed('RemoveUser', it), async (tx) => {
        const found = await principalIn(tx, 'user', it)
        await removeAll(tx, 'accessKey', { account: it.account, parent: found.document.id })
        await tx.remove('user', found)
      }),
    setStatus: (it, status) =>
      change(parts, changed(status === 'active' ? 'EnableUser' : 'DisableUser', it), async (tx) => {
        const found = await principalIn(tx, 'user', it)
        const next = { ...found.document, status }
        await tx.save('user', found, next)
        return next
      }),
    attach: (it) => attachPolicy(parts, 'user', it),
    detach: (it) => detachPolicy(parts, 'user', it),
  }
}
