/** Role sessions: `/_emrys/tokens`. Secret and token are in the answer that begins the session, and in no other. */
import type { Identity } from '../../app/identity/identity.ts'
import type { Session } from '../../domain/account.ts'
import { AdminProblem, timeOf, type PageRequest, type Page } from '../page.ts'
import { accountOf, listed, optionalTextIn, page, sliceOf, sliceQuery, textIn } from './answer.ts'

export interface TokenRow {
  /** The temporary key's id. */
  readonly id: string
  readonly account: string
  readonly dialect: string
  readonly role: string
  readonly session: string
  readonly created: string
  readonly expires: string
}

export type MadeToken = TokenRow & { readonly secret: string; readonly token: string }

export function tokenPages({ tokens }: Identity): readonly Page[] {
  return [
    page('GET', 'tokens', {
      does: 'the role sessions of an account, or of all; never their secrets',
      query: ['account', ...sliceQuery],
      async answer(request) {
        const slice = sliceOf(request)
        return listed(await tokens.list({ ...slice, ...accountOf(request) }), slice, rowOf)
      },
    }),
    page('POST', 'tokens', {
      does: 'assumes a role and returns key, secret and token, this once: {"account":"…","role":"…","session":"…"[,"seconds":n][,"byAccount":"…"][,"byUser":"…"][,"byService":"…"]}',
      members: ['account', 'role', 'session', 'seconds', 'byAccount', 'byUser', 'byService'],
      async answer(request): Promise<MadeToken> {
        const seconds = secondsIn(request)
        const { session, secret, token } = await tokens.add({
          account: textIn(request, 'account'),
          role: textIn(request, 'role'),
          session: textIn(request, 'session'),
          by: by(request),
          ...(seconds === undefined ? {} : { lifetimeMs: seconds * 1000 }),
        })
        return { ...rowOf(session), secret, token }
      },
    }),
    page('POST', 'tokens/remove', {
      does: 'ends a role session: {"id":"…"}',
      members: ['id'],
      async answer(request) {
        await tokens.remove(textIn(request, 'id'))
        return {}
      },
    }),
  ]
}

function secondsIn({ members }: PageRequest): number | undefined {
  const { seconds } = members
  if (seconds === undefined || Number.isSafeInteger(seconds)) return seconds as number | undefined
  throw new AdminProblem('seconds must be a whole number')
}

function by(request: PageRequest): { account?: string; user?: string; service?: string } {
  const account = optionalTextIn(request, 'byAccount')
  const user = optionalTextIn(request, 'byUser')
  const service = optionalTextIn(request, 'byService')
  if (service !== undefined && (account ?? user) !== undefined)
    throw new AdminProblem(
      'byService excludes byAccount and byUser: a service belongs to no account',
    )
  return {
    ...(account === undefined ? {} : { account }),
    ...(user === undefined ? {} : { user }),
    ...(service === undefined ? {} : { service }),
  }
}

function rowOf(it: Session): TokenRow {
  const { id, account, dialect, role, name, createdMs, expiresMs } = it
  const times = { created: timeOf(createdMs), expires: timeOf(expiresMs) }
  return { id, account, dialect, role, session: name, ...times }
}
