/** Users: `/_emrys/users`. */
import type { Identity } from '../../app/identity/identity.ts'
import type { Status, User } from '../../domain/account.ts'
import { timeOf, type PageRequest, type Page } from '../page.ts'
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
  const change = (verb: string, does: string, run: (request: PageRequest) => Promise<User>) =>
    page('POST', `users/${verb}`, {
      does: `${does}: {"account":"…","name":"…"}`,
      members: ['account', 'name'],
      answer: async (request) => rowOf(await run(request)),
    })
  const attachment = (verb: 'attach' | 'detach') =>
    page('POST', `users/${verb}`, {
      does: `${verb}es a policy: {"account":"…","name":"…","policy":"…"}`,
      members: ['account', 'name', 'policy'],
      answer: async (request) =>
        rowOf(await users[verb]({ ...named(request), policy: textIn(request, 'policy') })),
    })
  return [
    page('GET', 'users', {
      does: 'the users of an account, or of all',
      query: ['account', ...sliceQuery],
      async answer(request) {
        const slice = sliceOf(request)
        return listed(await users.list({ ...slice, ...accountOf(request) }), slice, rowOf)
      },
    }),
    page('POST', 'users', {
      does: 'creates a user, without any permission: {"account":"…","name":"…"}',
      members: ['account', 'name'],
      answer: async (request) => rowOf(await users.add(named(request))),
    }),
    page('POST', 'users/remove', {
      does: 'removes a user with its keys: {"account":"…","name":"…"}',
      members: ['account', 'name'],
      async answer(request) {
        await users.remove(named(request))
        return {}
      },
    }),
    change('enable', 'enables a user', (request) => users.setStatus(named(request), 'active')),
    change('disable', 'disables a user with its keys', (request) =>
      users.setStatus(named(request), 'disabled'),
    ),
    attachment('attach'),
    attachment('detach'),
  ]
}

function named(request: PageRequest): { account: string; name: string } {
  return { account: textIn(request, 'account'), name: textIn(request, 'name') }
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
