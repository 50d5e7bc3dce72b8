/** Roles: `/_emrys/roles`. */
import type { Identity } from '../../app/identity/identity.ts'
import type { Role } from '../../domain/account.ts'
import { AdminProblem, timeOf, type PageRequest, type Page } from '../page.ts'
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
      answer: async (request) =>
        rowOf(await roles[verb]({ ...named(request), policy: textIn(request, 'policy') })),
    })
  return [
    page('GET', 'roles', {
      does: 'the roles of an account, or of all',
      query: ['account', ...sliceQuery],
      async answer(request) {
        const slice = sliceOf(request)
        return listed(await roles.list({ ...slice, ...accountOf(request) }), slice, rowOf)
      },
    }),
    page('POST', 'roles', {
      does: 'creates a role: {"account":"…","name":"…"[,"kind":"normal"|"service"][,"trust":"…"]}',
      members: ['account', 'name', 'kind', 'trust'],
      async answer(request) {
        const trust = optionalTextIn(request, 'trust')
        const given = trust === undefined ? {} : { trust }
        return rowOf(await roles.add({ ...named(request), kind: kindIn(request), ...given }))
      },
    }),
    page('POST', 'roles/remove', {
      does: 'removes a role and ends its sessions: {"account":"…","name":"…"}',
      members: ['account', 'name'],
      async answer(request) {
        await roles.remove(named(request))
        return {}
      },
    }),
    attachment('attach'),
    attachment('detach'),
  ]
}

function kindIn(request: PageRequest): Role['kind'] {
  const text = optionalTextIn(request, 'kind') ?? 'normal'
  const kind = KINDS.find((each) => each === text)
  if (!kind) throw new AdminProblem(`kind must be one of ${KINDS.join(', ')}`)
  return kind
}

function named(request: PageRequest): { account: string; name: string } {
  return { account: textIn(request, 'account'), name: textIn(request, 'name') }
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
