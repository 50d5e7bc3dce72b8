/** Requests to servers of Iceberg's REST protocol: no answer leads elsewhere, takes longer or is longer than is set here. */
import { parseJson } from '../../../../src/kernel/json-name.ts'
import { SqlError } from '../session.ts'
import { objectError } from '../storage/object-path.ts'

const ANSWER_MS = 10_000
/** Far above the metadata of one table, which come with an answer. */
const ANSWER_BYTES = 64 * 1024 * 1024

export interface RestAnswer {
  readonly status: number
  readonly text: string
}

export async function restRequest(url: string, init: RequestInit): Promise<RestAnswer> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS)
    const response = await fetch(url, { ...init, redirect: 'error', signal })
    return { status: response.status, text: await textOf(response) }
  } catch (error) {
    if (error instanceof SqlError) throw error
    throw objectError('the Iceberg REST catalog does not answer')
  }
}

export function jsonOf({ text }: RestAnswer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parseJson(text)
    if (value !== null && typeof value === 'object') return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw objectError("the Iceberg REST catalog's answer is no object of JSON")
}

async function textOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.length
    if (bytes > ANSWER_BYTES)
      throw objectError(`the Iceberg REST catalog's answer is longer than ${ANSWER_BYTES} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
