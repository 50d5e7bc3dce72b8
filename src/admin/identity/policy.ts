/** Policies: `/_emrys/policies`. Texts are those that users wrote, in their cloud's language. */
import type { Identity } from '../../app/identity/identity.ts'
import type { CustomPolicy } from '../../domain/account.ts'
import { AdminProblem, timeOf, type PageRequest, type Page } from '../page.ts'
import { accountOf, listed, page, sliceOf, sliceQuery, textIn } from './answer.ts'

export interface PolicyRow {
  readonly account: string
  readonly name: string
  readonly text: string
  readonly created: string
  readonly changed: string
}

export interface SystemPolicyRow {
  readonly name: string
  readonly description: string
  readonly text: string
}

export function policyPages({ policies }: Identity): readonly Page[] {
  const write = (path: string, does: string, verb: 'add' | 'replace') =>
    page('POST', path, {
      does: `${does}: {"account":"…","name":"…","text":"…"}`,
      members: ['account', 'name', 'text'],
      answer: async (request) =>
        rowOf(await policies[verb]({ ...named(request), text: textIn(request, 'text') })),
    })
  return [
    page('GET', 'policies', {
      does: 'the custom policies of an account, or of all',
      query: ['account', ...sliceQuery],
      async answer(request) {
        const slice = sliceOf(request)
        return listed(await policies.list({ ...slice, ...accountOf(request) }), slice, rowOf)
      },
    }),
    page('GET', 'policies/system', {
      does: 'the policies that an account has without making them',
      query: ['account'],
      async answer(request) {
        const { account } = accountOf(request)
        if (account === undefined) throw new AdminProblem('account is required')
        const rows: readonly SystemPolicyRow[] = (await policies.system(account)).map(
          ({ name, description, text }) => ({ name, description, text }),
        )
        return { total: rows.length, rows, next: null }
      },
    }),
    write('policies', 'makes a policy', 'add'),
    write('policies/replace', 'changes what a policy says, for everybody who has it', 'replace'),
    page('POST', 'policies/remove', {
      does: 'removes a policy that nobody has: {"account":"…","name":"…"}',
      members: ['account', 'name'],
      async answer(request) {
        await policies.remove(named(request))
        return {}
      },
    }),
  ]
}

function named(request: PageRequest): { account: string; name: string } {
  return { account: textIn(request, 'account'), name: textIn(request, 'name') }
}

function rowOf({ account, name, text, createdMs, changedMs }: CustomPolicy): PolicyRow {
  return { account, name, text, created: timeOf(createdMs), changed: timeOf(changedMs) }
}
