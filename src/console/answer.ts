/** How the console answers: every answer carries what a browser must know to keep others out. */
import type { BrowserResponse } from '../gateway/host.ts'

/** A refusal, as a sentence for whoever sits at the page. */
export class ConsoleProblem extends Error {
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.name = 'ConsoleProblem'
    this.status = status
  }
}

/** Nothing but what this server itself serves is loaded, run, framed or sent to; texts never become code. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

export function answered(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: BrowserResponse['body'],
): BrowserResponse {
  return { status, headers: { ...SAFE, 'cache-control': 'no-store', ...headers }, body }
}

export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): BrowserResponse {
  const type = { 'content-type': 'application/json' }
  return answered(status, { ...type, ...headers }, `${JSON.stringify(value)}\n`)
}
