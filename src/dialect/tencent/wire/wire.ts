/**
 * How a Tencent Cloud request carries its common parameters: signature v3 in headers, signature v1 among the parameters of a
 * query or form (reference: tencent-emr.md 6.1). Nothing here judges a request; it only finds what was said.
 */
import { decodePairs, splitQuery, type QueryPair } from '../../../gateway/query-text.ts'
import { headerOf, type SignedRequest } from '../../../gateway/signed-request.ts'

export type Scheme = 'v3' | 'v1'

export const FORM = 'application/x-www-form-urlencoded'
export const JSON_MEDIA = 'application/json'

/** The common parameters, by their v1 names. */
export const commonNames = [
  'Action',
  'Version',
  'Region',
  'Timestamp',
  'Nonce',
  'SecretId',
  'Signature',
  'SignatureMethod',
  'Token',
  'Language',
  'RequestClient',
] as const
export type CommonName = (typeof commonNames)[number]

/** Headers say v3. The clients of v1 send at most a trace id, which is no common parameter. */
export function schemeOf(request: SignedRequest): Scheme {
  const v3 =
    headerOf(request, 'authorization') !== undefined ||
    headerOf(request, 'x-tc-action') !== undefined
  return v3 ? 'v3' : 'v1'
}

/** A common parameter as sent; undefined when it was not. Byte strings: nothing but ASCII is legal in any of them. */
export function commonOf(request: SignedRequest, name: CommonName): string | undefined {
  if (schemeOf(request) === 'v3') return headerOf(request, `x-tc-${name.toLowerCase()}`)
  return pairsOf(request)?.find(({ key }) => key === name)?.value
}

/** What the common parameter is called in messages about this request. */
export function commonLabel(request: SignedRequest, name: CommonName): string {
  return schemeOf(request) === 'v3' ? `X-TC-${name}` : name
}

export function mediaTypeOf(request: SignedRequest): string {
  const [mediaType = ''] = (headerOf(request, 'content-type') ?? '').split(';')
  return mediaType.trim().toLowerCase()
}

/** Where v1 carries everything: the query of a GET, the form of a POST. Undefined when it cannot be decoded. */
export function pairsOf(request: SignedRequest): readonly QueryPair[] | undefined {
  if (!decoded.has(request)) decoded.set(request, decodePairs(splitQuery(carrierOf(request))))
  return decoded.get(request)
}

/** The names that a query or form has, also when its values cannot be decoded. */
export function namesOf(request: SignedRequest): readonly string[] {
  return splitQuery(carrierOf(request)).map(({ key }) => key)
}

const decoded = new WeakMap<SignedRequest, QueryPair[] | undefined>()

function carrierOf(request: SignedRequest): string {
  if (request.method !== 'POST') return request.query
  return mediaTypeOf(request) === FORM ? Buffer.from(request.body).toString('latin1') : ''
}
