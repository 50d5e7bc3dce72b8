/** Users: `/_emrys/users`. */
import type { Identity } from '../../app/identity/identity.ts'
import type { Status, User } from '../../domain/account.ts'
import { timeOf, type Asked, type Page } from '../page.ts'
import { accountOf, listed, page, sliceOf, sliceQuery, textIn } from './answer.ts'

export interface UserRow {
  readonly account: string
  readonly name: string
  readonly id: string
  readonly status: Status
  readonly policies: readonly string[]
  readonly created: string
}

export function userPages({ users }: Identity): readonly Page[] {
  const change = (verb: string, does: string, run: (asked: Asked) => Promise<User>) =>
    page('POST', `users/${verb}`, {
      does: `${does}: {"account":"…","name":"…"}`,
      members: ['account', 'name'],
      answer: async (asked) => rowOf(await run(asked)),
    })
  const attachment = (verb: 'attach' | 'detach') =>
    page('POST', `users/${verb}`, {
      does: `${verb}es a policy: {"account":"…","name":"…","policy":"…"}`,
      members: ['account', 'name', 'policy'],
      answer: async (asked) =>
        rowOf(await users[verb]({ ...named(asked), policy: textIn(asked, 'policy') })),
    })
  return [
    page('GET', 'users', {
      does: 'the users of an account, or of all',
      query: ['account', ...sliceQuery],
      async answer(asked) {
        const slice = sliceOf(asked)
        return listed(await users.list({ ...slice, ...accountOf(asked) }), slice, rowOf)
      },
    }),
    page('POST', 'users', {
      does: 'makes a user, who may do nothing yet: {"account":"…","name":"…"}',
      members: ['account', 'name'],
      answer: async (asked) => rowOf(await users.add(named(asked))),
    }),
    page('POST', 'users/remove', {
      does: 'removes a user with its keys: {"account":"…","name":"…"}',
      members: ['account', 'name'],
      async answer(asked) {
        await users.remove(named(asked))
        return {}
      },
    }),
    change('enable', 'enables a user', (asked) => users.setStatus(named(asked), 'active')),
    change('disable', 'disables a user with its keys', (asked) =>
      users.setStatus(named(asked), 'disabled'),
    ),
    attachment('attach'),
    attachment('detach'),
  ]
}

function named(asked: Asked): { account: string; name: string } {
  return { account: textIn(asked, 'account'), name: textIn(asked, 'name') }
}

function rowOf({ account, name, number, status, policies, createdMs }: User): UserRow {
  return {
    account,
    name,
    id: number,
    status,
    policies: policies.map((policy) => policy.name),
    created: timeOf(createdMs),
  }
}
