/** `/console/api/session`: signing in, what the page is to know of who signed in, and signing out. */
import type { WireRequest } from '../gateway/dialect.ts'
import type { BrowserResponse } from '../gateway/host.ts'
import { limits } from '../limits.ts'
import { ConsoleProblem, json } from './answer.ts'
import type { ConsoleContext } from './context.ts'
import { cookieIn, cookieOf, membersOf, requireOwnPage } from './request.ts'
import type { Session, Sessions } from './session.ts'
import { signIn } from './sign-in.ts'
import { viewerOf } from './viewer.ts'

export function entrance(
  context: ConsoleContext,
  held: Sessions,
): (request: WireRequest) => Promise<BrowserResponse> {
  const admitted = signIn(context)
  const enter = async (request: WireRequest): Promise<BrowserResponse> => {
    const was = cookieIn(request)
    const owner = await admitted(membersOf(request))
    // Whatever id the browser came with is worth nothing any more: nobody can have planted the one that counts.
    if (was !== undefined) held.end(was)
    const { id, session } = held.begin(owner)
    return json(await shownSession(context, request, session), 200, {
      'set-cookie': cookieOf(request, id, limits.consoleSessionMs),
    })
  }
  return async (request) => {
    if (request.method === 'POST') return enter(request)
    const id = cookieIn(request)
    const session = id === undefined ? undefined : held.find(id)
    if (request.method === 'GET')
      return json(session ? await shownSession(context, request, session) : { signedIn: false })
    if (request.method !== 'DELETE') throw new ConsoleProblem('takes GET, POST and DELETE', 405)
    if (id === undefined || !session) return json({ signedIn: false })
    requireOwnPage(request, session)
    held.end(id)
    return json({ signedIn: false }, 200, { 'set-cookie': cookieOf(request, '', 0) })
  }
}

async function shownSession(context: ConsoleContext, request: WireRequest, session: Session) {
  const viewer = await viewerOf(context, session.owner, request)
  if (!viewer) return { signedIn: false }
  return {
    signedIn: true,
    requestToken: session.requestToken,
    endsMs: session.endsMs,
    administrator: viewer.isAdministrator,
    cloud: viewer.dialect?.name ?? null,
    account: viewer.account ?? null,
    who: viewer.principal?.name ?? null,
    kind: viewer.principal?.kind ?? null,
    accounts: viewer.isAdministrator ? await accountsOf(context) : [],
  }
}

async function accountsOf({ store }: Pick<ConsoleContext, 'store'>) {
  const { rows } = await store.read((tx) =>
    tx.list('account', {
      account: undefined,
      order: 'oldest',
      limit: limits.adminRows,
      offset: 0,
    }),
  )
  return rows.map(({ document: { id, name, dialect } }) => ({ id, name, cloud: dialect }))
}
