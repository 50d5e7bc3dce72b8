/** Access keys: `/_emrys/keys`. A secret is in the answer that makes the key, and in no other. */
import type { Identity } from '../../app/identity/identity.ts'
import type { AccessKey, Status } from '../../domain/account.ts'
import { AdminProblem, timeOf, type Page } from '../page.ts'
import { accountOf, listed, optionalTextIn, page, sliceOf, sliceQuery, textIn } from './answer.ts'

export interface KeyRow {
  readonly id: string
  readonly account: string
  readonly dialect: string
  /** Null for a key of the account itself. */
  readonly user: string | null
  readonly status: Status
  readonly created: string
}

export type MadeKey = KeyRow & { readonly secret: string }

export function keyPages({ keys }: Identity): readonly Page[] {
  const setStatus = (verb: string, status: Status) =>
    page('POST', `keys/${verb}`, {
      does: `${verb}s a key: {"id":"…"}`,
      members: ['id'],
      answer: async (request) => rowOf(await keys.setStatus(textIn(request, 'id'), status)),
    })
  return [
    page('GET', 'keys', {
      does: 'the access keys of a user, an account, or all; never their secrets',
      query: ['account', 'user', ...sliceQuery],
      async answer(request) {
        const slice = sliceOf(request)
        const user = request.query.get('user')
        const where = accountOf(request)
        if (user !== null && where.account === undefined)
          throw new AdminProblem('a user is known by its account; give account as well')
        const given = user === null ? {} : { user }
        return listed(await keys.list({ ...slice, ...where, ...given }), slice, rowOf)
      },
    }),
    page('POST', 'keys', {
      does: 'creates a key and returns its secret, this once: {"account":"…"[,"user":"…"]}',
      members: ['account', 'user'],
      async answer(request): Promise<MadeKey> {
        const user = optionalTextIn(request, 'user')
        const account = textIn(request, 'account')
        const { key, secret } = await keys.add({ account, ...(user === undefined ? {} : { user }) })
        return { ...rowOf(key), secret }
      },
    }),
    page('POST', 'keys/remove', {
      does: 'removes a key: {"id":"…"}',
      members: ['id'],
      async answer(request) {
        await keys.remove(textIn(request, 'id'))
        return {}
      },
    }),
    setStatus('enable', 'active'),
    setStatus('disable', 'disabled'),
  ]
}

function rowOf({ id, account, dialect, user, status, createdMs }: AccessKey): KeyRow {
  return {
    id,
    account,
    dialect,
    user: user === '' ? null : user,
    status,
    created: timeOf(createdMs),
  }
}
