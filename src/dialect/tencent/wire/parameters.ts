/**
 * The business parameters of a request, raw: JSON of a v3 POST, the query of a v3 GET, or what of a v1 request is not common.
 * Query and form are flattened (`Tags.0.TagKey=k`) and come out nested. Texts must be UTF-8. Nothing that was sent is dropped:
 * a body beside a query, or a query beside a body, is refused (reference: tencent-emr.md 6.1, 6.7).
 */
import { Fault } from '../../../domain/fault.ts'
import type { QueryPair } from '../../../gateway/query-text.ts'
import { headerOf, type SignedRequest } from '../../../gateway/signed-request.ts'
import { limits } from '../../../limits.ts'
import { unflatten } from '../../../shape/flat.ts'
import { readJson, type JsonProblem } from '../../../shape/json-text.ts'
import { commonNames, JSON_MEDIA, mediaTypeOf, pairsOf, schemeOf } from './wire.ts'

/** Throws RequestMalformed or MediaTypeRefused. */
export function readParameters(request: SignedRequest): unknown {
  if (schemeOf(request) === 'v1') return nested(pairsOf(request), common)
  if (request.method === 'GET') {
    if (request.body.byteLength > 0) throw malformed('A GET request must not have a body.')
    return nested(pairsOf(request), none)
  }
  if (request.query !== '') throw malformed('A POST request must not have a query string.')
  return parseBody(request)
}

const common: ReadonlySet<string> = new Set(commonNames)
const none: ReadonlySet<string> = new Set()
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parseBody(request: SignedRequest): unknown {
  const mediaType = mediaTypeOf(request)
  if (mediaType !== JSON_MEDIA) throw new Fault('MediaTypeRefused', { mediaType })
  const charset = /;\s*charset=["']?([^"';\s]+)/i.exec(headerOf(request, 'content-type') ?? '')?.[1]
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    throw malformed(`The charset of the request body must be utf-8, not ${charset}.`)
  }
  const read = readJson(request.body)
  if ('problem' in read) throw malformed(sentences[read.problem])
  const { value } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('The request body must be a JSON object.')
  }
  return value
}

const sentences: Readonly<Record<JsonProblem, string>> = {
  'too deep': `The request body nests deeper than ${limits.jsonDepth} levels.`,
  'too wide': `The request body has more than ${limits.jsonValues} values.`,
  'not UTF-8': 'The request body is not valid JSON in UTF-8.',
  'not JSON': 'The request body is not valid JSON in UTF-8.',
}

function nested(
  pairs: readonly QueryPair[] | undefined,
  except: ReadonlySet<string>,
): Record<string, unknown> {
  if (!pairs) throw malformed('A percent sign does not begin an encoded byte.')
  const business: [string, string][] = []
  const seen = new Set<string>()
  for (const { key, value } of pairs) {
    if (value === undefined) throw malformed('Url key and value should be splited by `=`.')
    if (seen.has(key)) throw malformed('A parameter is given twice.')
    seen.add(key)
    if (!except.has(key)) business.push([textOf(key), textOf(value)])
  }
  const tree = unflatten(business)
  if (!tree) throw malformed('The parameters contradict each other or nest too deep.')
  return tree
}

function textOf(byteString: string): string {
  try {
    return utf8.decode(Buffer.from(byteString, 'latin1'))
  } catch {
    throw malformed('A parameter is not valid UTF-8.')
  }
}

function malformed(detail: string): Fault {
  return new Fault('RequestMalformed', { detail })
}
