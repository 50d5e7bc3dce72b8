/** What a request of a browser must be like before it is looked at: from our own page, and in a body that is bounded. */
import type { WireRequest } from '../gateway/dialect.ts'
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

/** No foreign page can make a browser send JSON without asking first, and it is never allowed to. */
export function membersOf(request: WireRequest): Readonly<Record<string, unknown>> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new ConsoleProblem('send application/json', 415)
  if (request.body.length > limits.consoleBodyBytes)
    throw new ConsoleProblem(`the body is larger than ${limits.consoleBodyBytes} bytes`, 413)
  const value = parsed(request.body)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConsoleProblem('the body must be a JSON object')
  return value as Readonly<Record<string, unknown>>
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new ConsoleProblem('the body is not JSON in UTF-8')
  }
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
