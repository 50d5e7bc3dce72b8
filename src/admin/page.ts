/**
 * What an admin page is: its place, what it takes, and one function that answers. Query parameters and members that a page
 * does not declare are refused by name before it runs, so that none is silently without effect.
 */
import type { WireResponse } from '../gateway/dialect.ts'

export interface Page {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** May have one segment `{name}`, a placeholder. */
  readonly path: string
  /** One line for the list of pages. */
  readonly does: string
  /**
   * Answers every local user. Every other page needs the admin token; so an open page changes nothing, and tells health, figures
   * and what is in the program, but no names, keys or settings.
   */
  readonly open?: true
  /** What is answered to other machines, where the setting `probes` lets them: the status, and nothing that is in the answer beside it. */
  readonly probe?: true
  /** The query parameters it takes. */
  readonly query?: readonly string[]
  /** The members of its JSON body, for POST and PUT. */
  readonly members?: readonly string[]
  run(request: PageRequest): Promise<WireResponse>
}

export interface PageRequest {
  readonly query: URLSearchParams
  readonly members: Readonly<Record<string, unknown>>
  /** The value of the segment `{name}`; empty for pages without. */
  readonly name: string
}

/** A refusal, as a sentence for the operator. */
export class AdminProblem extends Error {
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.name = 'AdminProblem'
    this.status = status
  }
}

export function json(
  value: unknown,
  status = 200,
  headers: WireResponse['headers'] = {},
): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify(value)}\n`,
  }
}

/** A whole number of the query, within bounds. Throws AdminProblem. */
export function wholeOf(
  query: URLSearchParams,
  name: string,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < bounds.min || value > bounds.max)
    throw new AdminProblem(`${name} must be a whole number from ${bounds.min} to ${bounds.max}`)
  return value
}

type Members = Readonly<Record<string, unknown>>

/** A whole number of the body, within bounds. Throws AdminProblem. */
export function wholeMember(
  members: Members,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = members[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max)
    return value
  throw new AdminProblem(`${name} must be a whole number from ${min} to ${max}`)
}

/** The same; undefined when it is not there. */
export function optionalWhole(
  members: Members,
  name: string,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  return members[name] === undefined ? undefined : wholeMember(members, name, bounds)
}

const ID = /^[\w.-]{1,64}$/

/** Throws AdminProblem. */
export function idMember(members: Members, name: string): string {
  const value = members[name]
  if (typeof value === 'string' && ID.test(value)) return value
  throw new AdminProblem(`${name} must be an id`)
}

/** ISO 8601, as all times on admin pages. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
