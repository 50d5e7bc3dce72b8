/**
 * The keys that wrap data keys of encrypted clusters: `/_emrys/encryption-keys`. No material is ever returned. Where an external
 * service has the keys (Vault, OpenBao), the pages say so, and they are administered there.
 */
import { KeyProblem, type KeyAdministration, type KeyService } from '../port/key-service.ts'
import type { EncryptionKey, KeyReference, KeyState } from '../domain/encryption-key.ts'
import type { AdminContext } from './context.ts'
import { listed, optionalTextIn, sliceOf, sliceQuery, textIn } from './identity/answer.ts'
import { AdminProblem, json, timeOf, type PageRequest, type Page } from './page.ts'

export interface EncryptionKeyRow {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly state: KeyState
  readonly description: string
  /** `adopted`: it was created when it was first used. */
  readonly origin: 'made' | 'adopted'
  readonly created: string
}

const PATH = '/_emrys/encryption-keys'
const verbs = { enable: 'enabled', disable: 'disabled', delete: 'deleted' } as const

export function encryptionKeyPages({ keys }: Pick<AdminContext, 'keys'>): readonly Page[] {
  return [
    {
      method: 'GET',
      path: PATH,
      does: 'keys that wrap data keys of encrypted clusters, newest first',
      query: ['account', ...sliceQuery],
      async run(request) {
        const slice = sliceOf(request)
        const account = request.query.get('account')
        const where = account === null ? {} : { account }
        return json(listed(await administered(keys).list({ ...slice, ...where }), slice, rowOf))
      },
    },
    {
      method: 'POST',
      path: PATH,
      does: 'creates a key: {"account":"…","region":"…","id":"…"[,"description":"…"]}',
      members: ['account', 'region', 'id', 'description'],
      run: (request) =>
        answerOf(async () => {
          const description = optionalTextIn(request, 'description') ?? ''
          if (description.length > DESCRIPTION_MAX)
            throw new AdminProblem(`description takes at most ${DESCRIPTION_MAX} characters`)
          return administered(keys).make(referenceIn(request), description)
        }),
    },
    ...Object.entries(verbs).map(([verb, state]): Page => ({
      method: 'POST',
      path: `${PATH}/${verb}`,
      does: `${verb}s a key: {"account":"…","region":"…","id":"…"}`,
      members: ['account', 'region', 'id'],
      run: (request) => answerOf(() => administered(keys).setState(referenceIn(request), state)),
    })),
    {
      method: 'POST',
      path: `${PATH}/rotate`,
      does: 'gives a key new material and wraps data keys again: {"account":"…","region":"…","id":"…"}',
      members: ['account', 'region', 'id'],
      run: (request) => answerOf(() => administered(keys).rotate(referenceIn(request))),
    },
  ]
}

const DESCRIPTION_MAX = 1_000

function administered({ name, administration }: KeyService): KeyAdministration {
  if (administration) return administration
  throw new AdminProblem(`the key service is ${name}: its keys are administered there`, 409)
}

function referenceIn(request: PageRequest): KeyReference {
  const region = textIn(request, 'region')
  if (!/^[a-z0-9-]{1,32}$/.test(region)) throw new AdminProblem('region is not the id of a region')
  return { account: textIn(request, 'account'), region, id: textIn(request, 'id') }
}

async function answerOf(work: () => Promise<EncryptionKey>): ReturnType<Page['run']> {
  try {
    return json(rowOf(await work()))
  } catch (problem) {
    if (!(problem instanceof KeyProblem)) throw problem
    throw new AdminProblem(problem.message, problem.kind === 'missing' ? 404 : 400)
  }
}

function rowOf(it: EncryptionKey): EncryptionKeyRow {
  const { name: id, account, region, state, description, origin } = it
  return { id, account, region, state, description, origin, created: timeOf(it.createdMs) }
}
