/** Accounts: `/_emrys/accounts`. */
import type { Identity } from '../../app/identity/identity.ts'
import type { Account, Status } from '../../domain/account.ts'
import { timeOf, type Page } from '../page.ts'
import { flagIn, listed, optionalTextIn, page, sliceOf, sliceQuery, textIn } from './answer.ts'

export interface AccountRow {
  readonly account: string
  readonly tenant: string
  readonly dialect: string
  readonly name: string
  readonly status: Status
  readonly created: string
}

export function accountPages({ accounts }: Identity): readonly Page[] {
  const setStatus = (verb: string, status: Status) =>
    page('POST', `accounts/${verb}`, {
      does: `${verb}s an account with all its keys: {"account":"…"}`,
      members: ['account'],
      answer: async (request) =>
        rowOf(await accounts.setStatus(textIn(request, 'account'), status)),
    })
  return [
    page('GET', 'accounts', {
      does: 'the accounts of both clouds',
      query: sliceQuery,
      async answer(request) {
        const slice = sliceOf(request)
        return listed(await accounts.list(slice), slice, rowOf)
      },
    }),
    page('POST', 'accounts', {
      does: 'makes an account: {"dialect":"…","name":"…"[,"account":"…"][,"tenant":"…"][,"serviceRoles":false]}',
      members: ['dialect', 'name', 'account', 'tenant', 'serviceRoles'],
      async answer(request) {
        const account = optionalTextIn(request, 'account')
        const tenant = optionalTextIn(request, 'tenant')
        const made = await accounts.add({
          dialect: textIn(request, 'dialect'),
          name: textIn(request, 'name'),
          serviceRoles: flagIn(request, 'serviceRoles', true),
          ...(account === undefined ? {} : { account }),
          ...(tenant === undefined ? {} : { tenant }),
        })
        return rowOf(made)
      },
    }),
    page('POST', 'accounts/remove', {
      does: 'removes an account that has no clusters: {"account":"…"}',
      members: ['account'],
      async answer(request) {
        await accounts.remove(textIn(request, 'account'))
        return {}
      },
    }),
    setStatus('enable', 'active'),
    setStatus('disable', 'disabled'),
  ]
}

function rowOf({ account, tenant, dialect, name, status, createdMs }: Account): AccountRow {
  return { account, tenant, dialect, name, status, created: timeOf(createdMs) }
}
