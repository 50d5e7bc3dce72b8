/** What the page asks its server. A session that ended shows the sign-in page, at the same address. */

export interface SessionFacts {
  readonly signedIn: boolean
  readonly requestToken?: string
  readonly endsMs?: number
  readonly administrator?: boolean
  readonly cloud?: string | null
  readonly account?: string | null
  readonly who?: string | null
  readonly kind?: string | null
  readonly accounts?: readonly {
    readonly id: string
    readonly name: string
    readonly cloud: string
  }[]
}

export class ApiProblem extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.name = 'ApiProblem'
    this.status = status
  }
}

let requestToken = ''
let onEnd: () => void = () => {}

export function useSession(facts: SessionFacts, ended: () => void): void {
  requestToken = facts.requestToken ?? ''
  onEnd = ended
}

/** Status 0: nothing answered. */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/console/api/${path}`, { credentials: 'same-origin', ...init })
  } catch {
    throw new ApiProblem('', 0)
  }
  const body = (await response.json().catch(() => ({}))) as T & { readonly error?: string }
  if (response.ok) return body
  if (response.status === 401 && path !== 'session') onEnd()
  throw new ApiProblem(body.error ?? response.statusText, response.status)
}

export function send<T>(path: string, body: object, method = 'POST'): Promise<T> {
  return ask<T>(path, {
    method,
    headers: { 'content-type': 'application/json', 'x-emrys-request-token': requestToken },
    body: JSON.stringify(body),
  })
}
