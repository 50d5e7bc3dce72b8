/**
 * How a Tencent Cloud request carries its common parameters: signature v3 in headers, signature v1 among the parameters of a
 * query or form (reference: tencent-emr.md 6.1). Nothing here judges a request; it only finds what was said.
 */
import {
  decodePairs,
  excessIn,
  namesIn,
  splitQuery,
  type QueryPair,
} from '../../../gateway/query-text.ts'
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

export function mediaTypeOf(request: Pick<SignedRequest, 'headers'>): string {
  const [mediaType = ''] = (headerOf(request, 'content-type') ?? '').split(';')
  return mediaType.trim().toLowerCase()
}

/** What v1 carries in the query of a GET or the form of a POST, decoded once for each request. Undefined when it cannot be. */
export function pairsOf(request: SignedRequest): readonly QueryPair[] | undefined {
  if (!decoded.has(request)) decoded.set(request, decodedPairs(request))
  return decoded.get(request)
}

function decodedPairs(request: SignedRequest): QueryPair[] | undefined {
  const text = carrierOf(request)
  const excessive = isFormTooLarge(request) || excessIn(text) !== undefined
  return excessive ? undefined : decodePairs(splitQuery(text))
}

/** Why there are no pairs. */
export function whyUnreadable(request: SignedRequest): string {
  return excessIn(carrierOf(request)) ?? 'A percent sign does not begin an encoded byte.'
}

/** The names that a query or form has, also when its values cannot be decoded. */
export function namesOf(request: SignedRequest): ReadonlySet<string> {
  return namesIn(carrierOf(request))
}

/** A form is decoded and sorted to prove its signature, so its size is bounded before anything else is done with it. */
export function isFormTooLarge({ method, headers, body }: SignedRequest): boolean {
  return method === 'POST' && body.byteLength > FORM_BYTES_MAX && mediaTypeOf({ headers }) === FORM
}

const decoded = new WeakMap<SignedRequest, QueryPair[] | undefined>()

/** v1 POST of the common request page. */
const FORM_BYTES_MAX = 1024 * 1024

/** Of a form that is too large, what may be looked at to see whose it is. */
function carrierOf({ method, query, headers, body }: SignedRequest): string {
  if (method !== 'POST') return query
  if (mediaTypeOf({ headers }) !== FORM) return ''
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return bytes.toString('latin1', 0, FORM_BYTES_MAX)
}
