/**
 * Tencent Cloud signature v1, `HmacSHA1` and `HmacSHA256` (reference: tencent-emr.md 6.1, 6.3).
 *
 * Everything travels as parameters, in the query of a GET or the form of a POST, and all of them but the signature are
 * signed, decoded, in the byte order of their names. Whatever lies outside (a query beside a form, a body beside a
 * query, a repeated name) could not be proved and is refused rather than ignored.
 *
 * `parseV1` throws SignatureProblem: `missing`, `malformed` (`part` is the parameter, or `query`, `form`, `body`,
 * `Content-Type`), `algorithm-unknown`, `timestamp-malformed`. `verifyV1` throws `mismatch`.
 */
import { SignatureProblem, headerOf } from '../../../gateway/signed-request.ts'
import type { ParsedSignature, SignedRequest } from '../../../gateway/signed-request.ts'
import { bytesOf, equalText, hmac } from '../../../kernel/digest.ts'
import type { HmacAlgorithm } from '../../../kernel/digest.ts'
import { withoutPort } from './host.ts'
import { FORM, mediaTypeOf, pairsOf } from './wire.ts'

export interface V1Signature extends ParsedSignature {
  readonly nonce: string
  readonly algorithm: HmacAlgorithm
  readonly signature: string
  /** All parameters but the signature, decoded, as byte strings. */
  readonly signedParameters: ReadonlyMap<string, string>
}

export function parseV1(request: SignedRequest): V1Signature {
  const parameters = parseParameters(request)
  const required = (name: string): string => {
    const value = parameters.get(name) ?? ''
    if (value === '') throw new SignatureProblem('missing', { part: name })
    return value
  }
  const keyId = required('SecretId')
  if (!SECRET_ID.test(keyId)) throw new SignatureProblem('malformed', { part: 'SecretId' })
  const signature = required('Signature')
  const nonce = required('Nonce')
  if (!NONCE.test(nonce)) throw new SignatureProblem('malformed', { part: 'Nonce' })
  const token = parameters.get('Token')
  const parsed = {
    keyId,
    token: token === '' ? undefined : token,
    signedAtMs: parseTimestamp(required('Timestamp')),
    nonce,
    algorithm: parseMethod(parameters.get('SignatureMethod')),
    signature,
  }
  parameters.delete('Signature')
  return { ...parsed, signedParameters: parameters }
}

export function verifyV1(request: SignedRequest, parsed: V1Signature, secret: string): void {
  for (const stringToSign of stringsToSign(request, parsed)) {
    const expected = hmac(parsed.algorithm, secret, bytesOf(stringToSign)).toString('base64')
    if (equalText(expected, parsed.signature)) return
  }
  throw new SignatureProblem('mismatch')
}

const SECRET_ID = /^[\x21-\x7e]{1,128}$/
/** Python counts up to 2^63 - 1; Node's range begins at 0. */
const NONCE = /^\d{1,19}$/

function parseParameters(request: SignedRequest): Map<string, string> {
  refuseOtherCarrier(request)
  const part = request.method === 'POST' ? 'form' : 'query'
  const malformed = (detail: string): SignatureProblem =>
    new SignatureProblem('malformed', { part, detail })
  const pairs = pairsOf(request)
  if (pairs === undefined) throw malformed('a percent sign does not begin an encoded byte')
  const parameters = new Map<string, string>()
  for (const { key, value } of pairs) {
    if (value === undefined) throw malformed('Url key and value should be splited by `=`.')
    if (parameters.has(key)) throw malformed('a parameter is given twice')
    parameters.set(key, value)
  }
  return parameters
}

/** Parameters are in one place; the other one has to be empty. */
function refuseOtherCarrier(request: SignedRequest): void {
  if (request.method !== 'POST') {
    if (request.body.byteLength > 0) throw new SignatureProblem('malformed', { part: 'body' })
    return
  }
  if (request.query !== '') throw new SignatureProblem('malformed', { part: 'query' })
  if (mediaTypeOf(request) !== FORM)
    throw new SignatureProblem('malformed', { part: 'Content-Type' })
}

function parseTimestamp(value: string): number {
  // Twelve digits reach the year 33658 and stay an exact number of milliseconds.
  if (!/^[1-9]\d{0,11}$/.test(value)) {
    throw new SignatureProblem('timestamp-malformed', { part: 'Timestamp' })
  }
  return Number(value) * 1000
}

function parseMethod(method = ''): HmacAlgorithm {
  if (method === '' || method === 'HmacSHA1') return 'sha1'
  if (method === 'HmacSHA256') return 'sha256'
  throw new SignatureProblem('algorithm-unknown', { part: 'SignatureMethod', detail: method })
}

/**
 * At most four: the host with its port, then without; the names as they are, then with `.` for `_`, which is what the
 * Python SDK signs. No parameter of the product has a `_` in its name, so the second spelling hides no other parameter.
 */
function* stringsToSign(request: SignedRequest, parsed: V1Signature): Generator<string> {
  const host = headerOf(request, 'host') ?? ''
  const hosts = new Set([host, withoutPort(host)])
  const pairs = [...parsed.signedParameters]
  const spellings = [pairs]
  if (pairs.some(([key]) => key.includes('_'))) {
    spellings.push(pairs.map(([key, value]) => [key.replaceAll('_', '.'), value]))
  }
  for (const spelling of spellings) {
    const text = joinSorted(spelling)
    for (const name of hosts) yield `${request.method}${name}${request.path}?${text}`
  }
}

function joinSorted(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .toSorted(([left], [right]) => (left < right ? -1 : Number(left > right)))
    .map(([key, value]) => `${key}=${value}`)
    .join('&')
}
