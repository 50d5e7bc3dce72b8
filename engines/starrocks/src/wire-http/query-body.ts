/** The JSON body of a request to the HTTP SQL API. */

export type SentQuery =
  | {
      readonly query: string
      readonly variables: readonly (readonly [name: string, value: string])[]
      /** Neither the connection's line nor the statistics. */
      readonly raw: boolean
      readonly withoutConnection: boolean
    }
  | { readonly refusal: string }

/** There are not as many, and each is set by a statement of its own. */
const VARIABLES_MAX = 4096

export function readQueryBody(body: Buffer): SentQuery {
  const text = body.toString('utf8')
  const members = objectOf(text)
  if (!members) return { refusal: `malformed json [ ${text.slice(0, 1000)} ]` }
  const { query, sessionVariables, onlyOutputResultRaw, disablePrintConnectionId } = members
  if (typeof query !== 'string' || query.trim() === '')
    return { refusal: '"query can not be empty"' }
  const variables = Object.entries(sessionVariables ?? {})
  if (variables.length > VARIABLES_MAX)
    return { refusal: `sessionVariables has more than ${VARIABLES_MAX} members` }
  return {
    query,
    variables: variables.map(([name, value]) => [name, String(value)] as const),
    raw: onlyOutputResultRaw === true,
    withoutConnection: disablePrintConnectionId === true,
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
