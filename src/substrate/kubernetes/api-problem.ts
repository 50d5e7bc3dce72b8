/** What the API server of a Kubernetes refused, in its own words (the object `Status`), or that it could not be asked. */
import { listOf, recordOf } from '../../kernel/json.ts'

/** Longer texts teach no more; some repeat the whole of what was sent. */
const MESSAGE_MAX = 500

export interface ApiRefusal {
  readonly status: number
  /** One of the server's own words, like `NotFound`, `AlreadyExists`, `Invalid`, `Forbidden`, `Expired`. */
  readonly reason: string
  readonly message: string
  /** When to ask again, by the server's own word. */
  readonly retryAfterMs?: number
}

export class ApiProblem extends Error implements ApiRefusal {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly reason: string
  readonly retryAfterMs?: number

  constructor({ status, reason, message, retryAfterMs }: ApiRefusal) {
    super(message)
    this.status = status
    this.reason = reason
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
  }

  /** The same object would be refused again: it has to be another one, or the cluster has to allow it. */
  get persists(): boolean {
    // A field that is not in the schema is refused under server-side apply with 500 (seen with 1.36).
    if (this.status === 500) return /field not declared in schema/.test(this.message)
    return [400, 403, 405, 413, 415, 422].includes(this.status)
  }
}

export interface Refused {
  readonly status: number
  readonly body: Buffer
  readonly retryAfter: string | undefined
  /** Said before the server's words: what was asked for. */
  readonly what: string
  /** What was sent or asked for holds secrets: nothing of the answer is repeated but the server's word for it. */
  readonly secret: boolean
}

export function apiProblem({ status, body, retryAfter, what, secret }: Refused): ApiProblem {
  const { reason, message } = statusOf(jsonOf(body))
  const words =
    secret || message === '' ? reason || `status ${status}` : message.slice(0, MESSAGE_MAX)
  const retryAfterMs = retryAfterMsOf(retryAfter)
  return new ApiProblem({
    status,
    reason,
    message: `${what}: ${words}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

export interface ApiStatus {
  readonly code: number
  readonly reason: string
  readonly message: string
}

/** Of the object `Status`, which also an event of a watch can carry. */
export function statusOf(object: unknown): ApiStatus {
  const status = recordOf(object)
  const causes = listOf(recordOf(status['details'])['causes'])
    .map((each) => recordOf(each)['message'])
    .filter((each) => typeof each === 'string')
  const text = (name: string) => (typeof status[name] === 'string' ? status[name] : '')
  const message = text('message')
  return {
    code: Number(status['code'] ?? 0),
    reason: text('reason'),
    message: message === '' ? causes.join('; ') : message,
  }
}

/** Undefined for what is none: proxies before the server answer in their own words. */
function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

/** Seconds, as the API server says it; the other form of the header, a date, counts as none. */
function retryAfterMsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined
}
