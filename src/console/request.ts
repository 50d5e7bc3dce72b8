/** What a request of a browser must be like before it is looked at: from our own page, and in a body that is bounded. */
import type { WireRequest } from '../gateway/dialect.ts'
import { jsonMembers } from '../kernel/json-body.ts'
import { limits } from '../limits.ts'
import { ConsoleProblem } from './answer.ts'
import { carriesRequestToken, type Session } from './session.ts'

/** What browsers say of who sends a request cannot be changed by a page. */
export function requireOwnOrigin({ headers }: WireRequest): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin')
    throw new ConsoleProblem('this is for the console alone', 403)
}

export function requireOwnPage(request: WireRequest, session: Session): void {
  if (!carriesRequestToken(session, request.headers['x-emrys-request-token']))
    throw new ConsoleProblem('the request token is missing or another one', 403)
}

export function membersOf(request: WireRequest): Readonly<Record<string, unknown>> {
  return jsonMembers(request, {
    bytesMax: limits.consoleBodyBytes,
    otherType: 'send application/json',
    refusal: (message, status) => new ConsoleProblem(message, status),
  })
}

/** By port: browsers keep cookies of all ports of a host together, and two servers must not end each other's sessions. */
function cookieName({ headers }: WireRequest): string {
  return `emrys-console-${/:(\d{1,5})$/.exec(headers['host'] ?? '')?.[1] ?? 'web'}`
}

export function cookieIn(request: WireRequest): string | undefined {
  const wanted = `${cookieName(request)}=`
  const found = (request.headers['cookie'] ?? '')
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(wanted))
  return found?.slice(wanted.length)
}

export function cookieOf(request: WireRequest, id: string, ageMs: number): string {
  const secure = request.secure ? '; Secure' : ''
  return `${cookieName(request)}=${id}; HttpOnly; SameSite=Strict; Path=/console; Max-Age=${ageMs / 1000}${secure}`
}
