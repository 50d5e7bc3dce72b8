/**
 * The console under `/console`: pages for a browser on this machine, and the few addresses that they ask.
 *
 * - Only peers on loopback are answered, as by the admin pages, at an address or `localhost`.
 * - Everything but signing in needs a session; what changes something needs its request token too, as JSON, and from our own page.
 * - What a session sees and may do is what the policies of its key allow; the console decides nothing by itself.
 */
import { Fault } from '../domain/fault.ts'
import type { WireRequest } from '../gateway/dialect.ts'
import type { BrowserResponse, ConsolePages } from '../gateway/host.ts'
import { whyNotLocal } from '../gateway/local-peer.ts'
import { answered, ConsoleProblem, json } from './answer.ts'
import { callAdministration, callCloud, type Asked } from './call.ts'
import { changeStreams, type ChangeStreams } from './change-stream.ts'
import { clusterPage, logOf, oneCluster } from './clusters.ts'
import type { ConsoleContext } from './context.ts'
import { entrance } from './entrance.ts'
import { formFor, formsFor, offersFor } from './form.ts'
import { overviewOf } from './overview.ts'
import { requestsFor } from './request-record.ts'
import { cookieIn, membersOf, requireOwnOrigin, requireOwnPage } from './request.ts'
import { plotsOf } from './samples.ts'
import { statementsOf } from './sql.ts'
import { sessions, type Session, type Sessions } from './session.ts'
import { viewerOf } from './viewer.ts'

export interface ConsoleOptions extends ConsoleContext {
  /** Another number whenever something was written. */
  readonly revision: () => number
}

/** What an address is asked with by a session. */
interface Query extends Asked {
  readonly id: string
  readonly session: Session
  readonly parameters: URLSearchParams
  readonly name: string
}

interface Route {
  readonly method: 'GET' | 'POST'
  /** What follows `/console/api/`; the group is a name. */
  readonly path: RegExp
  run(it: Query): BrowserResponse | Promise<BrowserResponse>
}

const API = '/console/api/'
const ASSETS = '/console/assets/'

export function consolePages(context: ConsoleOptions): ConsolePages {
  const held = sessions(context.clock)
  const enter = entrance(context, held)
  const streams = changeStreams(context.revision)
  const routes = routesOf(context, held, streams)

  const api = async (request: WireRequest): Promise<BrowserResponse> => {
    requireOwnOrigin(request)
    await context.catchUp?.()
    const path = request.path.slice(API.length)
    if (path === 'session') return enter(request)
    const here = routes.filter((each) => each.path.test(path))
    const route = here.find(({ method }) => method === request.method)
    if (here.length === 0) throw new ConsoleProblem('there is no such address', 404)
    if (!route) throw new ConsoleProblem(`takes ${here.map(({ method }) => method).join()}`, 405)
    const id = cookieIn(request) ?? ''
    const session = held.find(id)
    const viewer = session && (await viewerOf(context, session.owner, request))
    if (!session || !viewer) {
      held.end(id)
      throw new ConsoleProblem('sign in', 401)
    }
    if (route.method === 'POST') requireOwnPage(request, session)
    const members = route.method === 'POST' ? membersOf(request) : {}
    const name = route.path.exec(path)?.[1] ?? ''
    const parameters = new URLSearchParams(request.query)
    return route.run({ id, session, viewer, request, members, parameters, name })
  }

  return {
    async answer(request, problem) {
      try {
        if (problem) throw problem
        const why = whyNotLocal(request, 'the pages of the console')
        if (why !== undefined) throw new ConsoleProblem(why, 403)
        return await (request.path.startsWith(API) ? api(request) : file(context, request))
      } catch (refusal) {
        return refusalOf(refusal, context, request)
      }
    },
    close() {
      streams.close()
      context.samples.close()
    },
  }
}

function routesOf(
  context: ConsoleContext,
  held: Sessions,
  streams: ChangeStreams,
): readonly Route[] {
  const statements = statementsOf(context)
  const openStream = ({ id }: Query): BrowserResponse => {
    const stream = streams.open(() => held.has(id))
    if (!stream) throw new ConsoleProblem('too many pages are open', 503)
    return answered(200, { 'content-type': 'text/event-stream' }, stream)
  }

  return [
    {
      method: 'GET',
      path: /^overview$/,
      run: async ({ viewer }) => json(await overviewOf(context, viewer)),
    },
    {
      method: 'GET',
      path: /^clusters$/,
      run: async ({ viewer, parameters }) => json(await clusterPage(context, viewer, parameters)),
    },
    {
      method: 'GET',
      path: /^clusters\/([\w.-]{1,64})$/,
      run: async ({ viewer, name }) => json(await oneCluster(context, viewer, name)),
    },
    {
      method: 'GET',
      path: /^clusters\/([\w.-]{1,64})\/log$/,
      run: async ({ viewer, name, parameters: query }) =>
        json(await logOf(context, viewer, { id: name, query })),
    },
    {
      method: 'GET',
      path: /^clusters\/([\w.-]{1,64})\/plots$/,
      run: async ({ viewer, name, parameters: query }) =>
        json(await plotsOf(context, viewer, { id: name, query })),
    },
    {
      method: 'GET',
      path: /^requests$/,
      run: ({ viewer }) => json({ requests: requestsFor(context.requests, viewer) }),
    },
    { method: 'GET', path: /^changes$/, run: openStream },
    { method: 'GET', path: /^forms$/, run: ({ viewer }) => json(formsFor(context, viewer)) },
    { method: 'POST', path: /^form$/, run: async (it) => json(await formFor(context, it)) },
    { method: 'POST', path: /^offers$/, run: async (it) => json(await offersFor(context, it)) },
    { method: 'POST', path: /^sql$/, run: async (it) => json(await statements.run(it)) },
    {
      method: 'POST',
      path: /^sql\/progress$/,
      run: async (it) => json(statements.progress(it)),
    },
    { method: 'POST', path: /^sql\/cancel$/, run: async (it) => json(await statements.cancel(it)) },
    { method: 'POST', path: /^call$/, run: (it) => callCloud(context, it) },
    { method: 'POST', path: /^administration$/, run: (it) => callAdministration(context, it) },
  ]
}

/** A file of the front end by its name; any other address is a page of it, which is found in the browser. */
async function file(
  { frontEnd }: Pick<ConsoleContext, 'frontEnd'>,
  request: WireRequest,
): Promise<BrowserResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new ConsoleProblem('pages take GET', 405)
  const isAsset = request.path.startsWith(ASSETS)
  const files = await frontEnd().catch((problem: unknown) => {
    throw new ConsoleProblem(`the console could not be built: ${(problem as Error).message}`, 503)
  })
  const found = files.get(isAsset ? request.path.slice(ASSETS.length) : 'index.html')
  if (!found) throw new ConsoleProblem('there is no such file', 404)
  const packs = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  return answered(
    200,
    {
      'content-type': found.type,
      vary: 'accept-encoding',
      ...(packs ? { 'content-encoding': 'gzip' } : {}),
      // Their names have the digest of what is in them.
      ...(isAsset ? { 'cache-control': 'private, max-age=31536000, immutable' } : {}),
    },
    packs ? found.packed : found.bytes,
  )
}

function refusalOf(
  problem: unknown,
  { log }: Pick<ConsoleContext, 'log'>,
  request: WireRequest,
): BrowserResponse {
  if (problem instanceof ConsoleProblem) return json({ error: problem.message }, problem.status)
  if (problem instanceof Fault) {
    const status = problem.code === 'RequestTooLarge' ? 413 : 503
    return json({ error: problem.code }, status)
  }
  log.error({ path: request.path, err: problem }, 'the console failed with an unexpected error')
  return json({ error: 'the server failed; its log says why' }, 500)
}
