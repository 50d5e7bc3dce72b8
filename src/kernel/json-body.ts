/** The body of a request that changes something on this server's own pages: a JSON object, bounded before it is read. */

interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

interface BodyRule {
  readonly bytesMax: number
  /** Said of a body of another type: no foreign page can make a browser send JSON without asking first, and it is never allowed to. */
  readonly otherType: string
  readonly refusal: (message: string, status: number) => Error
}

/** Throws the rule's refusal. */
export function jsonMembers(
  { headers, body }: Sent,
  { bytesMax, otherType, refusal }: BodyRule,
): Readonly<Record<string, unknown>> {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw refusal(otherType, 415)
  if (body.length > bytesMax) throw refusal(`the body is larger than ${bytesMax} bytes`, 413)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw refusal('the body is not JSON in UTF-8', 400)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusal('the body must be a JSON object', 400)
  return value as Readonly<Record<string, unknown>>
}
