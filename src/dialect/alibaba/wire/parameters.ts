/**
 * Where this wire carries parameters: scalars (and lists and objects as JSON text) in the query, the rest in a JSON body; clients
 * mix the two, so both are read for every action, and the body wins. Absent, null and empty are one.
 *
 * Throws RequestMalformed for a query or body that cannot be read, MediaTypeRefused for a body that is not JSON.
 * Facts: reference alibaba-starrocks.md 1 (carriers), 9.2, 9.3.
 */
import { Fault } from '../../../domain/fault.ts'
import { decodePairs, splitQuery } from '../../../gateway/query-text.ts'
import { headerOf, type SignedRequest } from '../../../gateway/signed-request.ts'
import { limits } from '../../../limits.ts'
import { readJson, type JsonProblem } from '../../../shape/json-text.ts'

export type Parameters = Readonly<Record<string, unknown>>

export function parametersOf(request: SignedRequest): Parameters {
  const query = queryParameters(request)
  const body = bodyParameters(request)
  // A name in both is read once: names are compared without case, so the earlier spelling is dropped.
  const inBody = new Set(Object.keys(body).map((name) => name.toLowerCase()))
  const queryOnly = Object.entries(query).filter(([name]) => !inBody.has(name.toLowerCase()))
  return { ...Object.fromEntries(queryOnly), ...body }
}

/** A parameter by its name in any case; undefined unless it is a text. */
export function textParameter(raw: unknown, name: string): string | undefined {
  if (!isRecord(raw)) return undefined
  const wanted = name.toLowerCase()
  const found = Object.entries(raw).findLast(([each]) => each.toLowerCase() === wanted)?.[1]
  return typeof found === 'string' ? found : undefined
}

/** Read once for each request. */
export function queryParameters(request: SignedRequest): Parameters {
  const known = queries.get(request)
  if (known) return known
  const pairs = decodePairs(splitQuery(request.query))
  if (!pairs) throw malformed('the query has a percent sign without two hexadecimal digits')
  const entries = pairs
    .filter(({ value }) => value !== undefined && value !== '')
    .map(({ key, value = '' }) => [utf8(key), utf8(value)] as const)
  const parameters = Object.fromEntries(entries)
  queries.set(request, parameters)
  return parameters
}

const queries = new WeakMap<SignedRequest, Parameters>()

/** Query texts arrive as byte strings; a byte order mark in a value is a character like any other. */
function utf8(byteString: string): string {
  try {
    return exactly.decode(Buffer.from(byteString, 'latin1'))
  } catch {
    throw malformed('the query is not UTF-8')
  }
}

const exactly = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function bodyParameters(request: SignedRequest): Parameters {
  if (request.body.length === 0) return {}
  refuseOtherMedia(headerOf(request, 'content-type') ?? '')
  const read = readJson(request.body, { dropMark: true })
  if ('problem' in read) throw malformed(sentences[read.problem])
  const { value } = read
  if (value === null) return {}
  if (!isRecord(value)) throw malformed('it is not a JSON object')
  return dropEmpty(value, 0) as Parameters
}

const sentences: Readonly<Record<JsonProblem, string>> = {
  'too deep': `it nests deeper than ${limits.jsonDepth} levels`,
  'too wide': `it has more than ${limits.jsonValues} values`,
  'not UTF-8': 'the body is not UTF-8',
  'not JSON': 'it is not JSON',
}

/** The Go client calls a body `application/octet-stream` by default. */
const MEDIA_TYPES: readonly string[] = ['', 'application/json', 'application/octet-stream']

function refuseOtherMedia(contentType: string): void {
  const [mediaType = '', ...options] = contentType
    .split(';')
    .map((part) => part.trim().toLowerCase())
  const charset = options.find((option) => option.startsWith('charset='))?.slice('charset='.length)
  const utf = charset === undefined || /^"?utf-?8"?$/.test(charset)
  if (!MEDIA_TYPES.includes(mediaType) || !utf)
    throw new Fault('MediaTypeRefused', { mediaType: contentType.slice(0, 100) })
}

/** No declared member stands deeper; what does is ignored by the reader anyway. */
const DEPTH_MAX = 6

function dropEmpty(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) return value
  if (Array.isArray(value)) return value.map((item) => dropEmpty(item, depth + 1))
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== '')
  return Object.fromEntries(kept.map(([name, member]) => [name, dropEmpty(member, depth + 1)]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(detail: string): Fault {
  return new Fault('RequestMalformed', { detail })
}
