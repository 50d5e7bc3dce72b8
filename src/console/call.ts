/**
 * Requests that a page makes of a cloud, and of the administration. They take the way of every other request: the gateway, with the
 * session's owner instead of a signature; or the admin pages, with the token that the administrator signed in with. Answers and
 * refusals are theirs.
 */
import type { Fault } from '../domain/fault.ts'
import { bodyText, type WireRequest, type WireResponse } from '../gateway/dialect.ts'
import { ConsoleProblem, json } from './answer.ts'
import type { ConsoleContext } from './context.ts'
import { explain } from './refusal.ts'
import { isDone } from './vendor.ts'
import { actorOf, type Viewer } from './viewer.ts'
import type { BrowserResponse } from '../gateway/host.ts'

export interface Asked {
  readonly viewer: Viewer
  readonly request: WireRequest
  readonly members: Readonly<Record<string, unknown>>
}

export async function callCloud(
  context: Pick<ConsoleContext, 'gateway' | 'store' | 'dialects'>,
  { viewer, request, members }: Asked,
): Promise<BrowserResponse> {
  const { dialect, principal } = await actorOf(context, viewer, textIn(members, 'account'))
  const name = textIn(members, 'action')
  const product = textIn(members, 'product')
  const action = dialect.actions.find(
    (each) => each.name === name && (product === undefined || each.product === product),
  )
  if (!action) throw new ConsoleProblem(`there is no action ${name ?? ''}`, 404)
  const composed = dialect.compose(action, {
    region: textIn(members, 'region') ?? '',
    language: members['language'] === 'zh' ? 'zh' : 'en',
    parameters: recordIn(members, 'parameters'),
  })
  const { remoteAddress, httpVersion, secure } = request
  const sent = { ...composed, remoteAddress, httpVersion, secure }
  let fault: Fault | undefined
  const onFault = (it: Fault) => void (fault = it)
  const response = await context.gateway.handle(dialect, sent, { principal, onFault })
  const answer = answerIn(response)
  const explained = fault && explain(fault, { dialect, action, request: sent, answer })
  const { status } = response
  return json({ status, answer, done: isDone(status, answer), ...explained })
}

export async function callAdministration(
  context: Pick<ConsoleContext, 'admin' | 'adminToken'>,
  { viewer, request, members }: Asked,
): Promise<BrowserResponse> {
  if (!viewer.isAdministrator)
    throw new ConsoleProblem('this is for whoever signed in with the admin token', 403)
  const page = textIn(members, 'page') ?? ''
  if (!PAGE.test(page)) throw new ConsoleProblem('page must be the name of an admin page')
  const [path = '', query = ''] = page.split('?', 2)
  const body = members['body'] === undefined ? '' : JSON.stringify(recordIn(members, 'body'))
  const response = await context.admin({
    ...request,
    method: textIn(members, 'method') ?? 'GET',
    path: `/_emrys/${path}`,
    query,
    headers: {
      host: request.headers['host'] ?? '',
      authorization: `Bearer ${context.adminToken.text}`,
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
    },
    body: Buffer.from(body),
  })
  return json({ status: response.status, answer: answerIn(response) })
}

const PAGE = /^[a-z][\w/-]{0,200}(\.[\w-]{1,64})?(\?[\w=&%.:-]{0,400})?$/

/** Both answer in JSON, which is handed on as it is. */
function answerIn(response: WireResponse): unknown {
  return JSON.parse(bodyText(response))
}

export function textIn(members: Asked['members'], name: string): string | undefined {
  const value = members[name]
  if (value === undefined || typeof value === 'string') return value
  throw new ConsoleProblem(`${name} must be a text`)
}

export function recordIn(
  members: Asked['members'],
  name: string,
): Readonly<Record<string, unknown>> {
  const value = members[name] ?? {}
  if (typeof value === 'object' && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw new ConsoleProblem(`${name} must be an object`)
}
