/** Roles: `/_emrys/roles`. */
import type { Identity } from '../../app/identity/identity.ts'
import type { Role } from '../../domain/account.ts'
import { AdminProblem, timeOf, type Asked, type Page } from '../page.ts'
import { accountOf, listed, optionalTextIn, page, sliceOf, sliceQuery, textIn } from './answer.ts'

export interface RoleRow {
  readonly account: string
  readonly name: string
  readonly id: string
  readonly kind: Role['kind']
  readonly trust: string
  readonly policies: readonly string[]
  readonly created: string
}

const KINDS: readonly Role['kind'][] = ['normal', 'service']

export function rolePages({ roles }: Identity): readonly Page[] {
  const attachment = (verb: 'attach' | 'detach') =>
    page('POST', `roles/${verb}`, {
      does: `${verb}es a policy: {"account":"…","name":"…","policy":"…"}`,
      members: ['account', 'name', 'policy'],
      answer: async (asked) =>
        rowOf(await roles[verb]({ ...named(asked), policy: textIn(asked, 'policy') })),
    })
  return [
    page('GET', 'roles', {
      does: 'the roles of an account, or of all',
      query: ['account', ...sliceQuery],
      async answer(asked) {
        const slice = sliceOf(asked)
        return listed(await roles.list({ ...slice, ...accountOf(asked) }), slice, rowOf)
      },
    }),
    page('POST', 'roles', {
      does: 'makes a role: {"account":"…","name":"…"[,"kind":"normal"|"service"][,"trust":"…"]}',
      members: ['account', 'name', 'kind', 'trust'],
      async answer(asked) {
        const trust = optionalTextIn(asked, 'trust')
        const given = trust === undefined ? {} : { trust }
        return rowOf(await roles.add({ ...named(asked), kind: kindIn(asked), ...given }))
      },
    }),
    page('POST', 'roles/remove', {
      does: 'removes a role and ends its sessions: {"account":"…","name":"…"}',
      members: ['account', 'name'],
      async answer(asked) {
        await roles.remove(named(asked))
        return {}
      },
    }),
    attachment('attach'),
    attachment('detach'),
  ]
}

function kindIn(asked: Asked): Role['kind'] {
  const text = optionalTextIn(asked, 'kind') ?? 'normal'
  const kind = KINDS.find((each) => each === text)
  if (!kind) throw new AdminProblem(`kind must be one of ${KINDS.join(', ')}`)
  return kind
}

function named(asked: Asked): { account: string; name: string } {
  return { account: textIn(asked, 'account'), name: textIn(asked, 'name') }
}

function rowOf({ account, name, number, kind, trust, policies, createdMs }: Role): RoleRow {
  return {
    account,
    name,
    id: number,
    kind,
    trust,
    policies: policies.map((policy) => policy.name),
    created: timeOf(createdMs),
  }
}
