/** Users. One without a policy may do nothing; the keys of one that is disabled are not accepted at all. */
import type { Status, User } from '../../domain/account.ts'
import { change, type IdentityParts } from './change.ts'
import { addNamed, changeOf, namedIn, type Named } from './named.ts'
import { principals, type Principals } from './principal.ts'

export interface Users extends Principals<'user'> {
  /** Throws IdentityProblem. */
  add(it: Named): Promise<User>
  /** Throws IdentityProblem. */
  setStatus(it: Named, status: Status): Promise<User>
}

export function users(parts: IdentityParts): Users {
  return {
    ...principals(parts, 'user'),
    add: (it) =>
      addNamed(parts, 'user', { ...it, action: 'AddUser' }, (rules, frame) => ({
        ...frame,
        number: rules.drawNumber(parts.random),
        status: 'active',
        policies: [],
      })),
    setStatus: (it, status) =>
      change(
        parts,
        changeOf(status === 'active' ? 'EnableUser' : 'DisableUser', 'user', it),
        async (tx) => {
          const found = await namedIn(tx, 'user', it)
          const next = { ...found.document, status }
          await tx.save('user', found, next)
          return next
        },
      ),
  }
}
