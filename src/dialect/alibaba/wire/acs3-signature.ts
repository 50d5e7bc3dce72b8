/**
 * Alibaba Cloud signature V3, `ACS3-HMAC-SHA256` (reference: alibaba-starrocks.md 2.2, 2.4, 2.5).
 *
 * Proves method, path, query, every `x-acs-*` header, host, content type and, by `x-acs-content-sha256`, the body. The key
 * id is not part of what is signed: looking up its secret is what binds it.
 *
 * The clients encode the same query differently (`*`, `'`, `~`, a space as `+` or `%20`, lower-case digits), so the query
 * and the path are decoded and encoded again by RFC 3986 before comparing; what was literally sent is tried as well.
 *
 * `parseAcs3` throws SignatureProblem: `missing`, `malformed`, `algorithm-unknown` (ACS3-HMAC-SM3, ACS3-RSA-SHA256, bearer
 * tokens), `header-unsigned`, `timestamp-malformed`. `verifyAcs3` throws `mismatch`, `body-hash-mismatch`.
 */
import {
  decodePairs,
  percentDecode,
  percentEncode,
  sortPairs,
  splitQuery,
} from '../../../gateway/query-text.ts'
import type { QueryPair } from '../../../gateway/query-text.ts'
import { SignatureProblem, headerOf } from '../../../gateway/signed-request.ts'
import type { ParsedSignature, SignedRequest } from '../../../gateway/signed-request.ts'
import { bytesOf, equalText, hmac, sha256Hex } from '../../../kernel/digest.ts'
import { refuseOtherSignatureTypes, securityTokenOf } from '../identity/security-token.ts'

export interface Acs3Signature extends ParsedSignature {
  /** V3 requires one from every client. */
  readonly nonce: string
  readonly signedHeaders: readonly string[]
  readonly bodyHash: string
  readonly signature: string
}

export function parseAcs3(request: SignedRequest): Acs3Signature {
  refuseOtherSignatureTypes(request)
  const authorization = requiredHeader(request, 'authorization', 'Authorization')
  const { credential, signedHeaders, signature } = parseAuthorization(authorization)
  requireCoverage(request, signedHeaders)
  const nonce = requiredHeader(request, 'x-acs-signature-nonce')
  if (nonce.length > NONCE_MAX_LENGTH) {
    throw new SignatureProblem('malformed', { part: 'x-acs-signature-nonce' })
  }
  return {
    keyId: credential,
    token: securityTokenOf(request, credential),
    signedAtMs: parseTimestamp(requiredHeader(request, 'x-acs-date')),
    nonce,
    signedHeaders,
    bodyHash: requiredHeader(request, 'x-acs-content-sha256'),
    signature,
  }
}

export function verifyAcs3(request: SignedRequest, parsed: Acs3Signature, secret: string): void {
  verifySignature(request, parsed, secret)
  // After the signature, so that a request without a key never makes the server hash a large body.
  if (!equalText(sha256Hex(request.body), parsed.bodyHash)) {
    throw new SignatureProblem('body-hash-mismatch', { part: 'x-acs-content-sha256' })
  }
}

function verifySignature(request: SignedRequest, parsed: Acs3Signature, secret: string): void {
  let documented: string | undefined
  for (const stringToSign of stringsToSign(request, parsed)) {
    documented ??= stringToSign
    if (equalText(hmac('sha256', secret, stringToSign).toString('hex'), parsed.signature)) return
  }
  throw new SignatureProblem('mismatch', { stringToSign: documented ?? '' })
}

const ALGORITHM = 'ACS3-HMAC-SHA256'

/** The longest nonce of a known client has 64 characters; nonces are remembered, so their size has an end. */
const NONCE_MAX_LENGTH = 128

const AUTHORIZATION_FIELDS = /^Credential=([^,]*),[ ]*SignedHeaders=([^,]*),[ ]*Signature=([^,]*)$/
const KEY_ID = /^[\x21-\x7e]{1,128}$/

interface Authorization {
  readonly credential: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

function parseAuthorization(value: string): Authorization {
  const space = value.indexOf(' ')
  const algorithm = space < 0 ? value : value.slice(0, space)
  if (algorithm.startsWith('ACS3-') && algorithm !== ALGORITHM) {
    throw new SignatureProblem('algorithm-unknown', { part: 'Authorization', detail: algorithm })
  }
  if (algorithm !== ALGORITHM) throw malformed('the algorithm is not one of ACS3')
  const fields = AUTHORIZATION_FIELDS.exec(value.slice(space + 1).trim())
  const [, credential = '', names = '', signature = ''] = fields ?? []
  if (fields === null) throw malformed('expected Credential, SignedHeaders and Signature')
  if (!KEY_ID.test(credential)) throw malformed('Credential is not an access key id')
  if (signature === '') throw malformed('Signature is empty')
  const signedHeaders = names.split(';')
  if (!isStrictlyAscending(signedHeaders)) {
    throw malformed('SignedHeaders are not lower-case, sorted and distinct')
  }
  return { credential, signedHeaders, signature }
}

function malformed(detail: string): SignatureProblem {
  return new SignatureProblem('malformed', { part: 'Authorization', detail })
}

function isStrictlyAscending(names: readonly string[]): boolean {
  let previous = ''
  for (const name of names) {
    if (name <= previous || name !== name.toLowerCase()) return false
    previous = name
  }
  return true
}

/** Whatever this server acts upon must be signed, and whatever is signed must be there. */
function requireCoverage(request: SignedRequest, signedHeaders: readonly string[]): void {
  const signed = new Set(signedHeaders)
  for (const name of ['host', ...Object.keys(request.headers)]) {
    const mustBeSigned = name === 'host' || name === 'content-type' || name.startsWith('x-acs-')
    if (mustBeSigned && !signed.has(name)) {
      throw new SignatureProblem('header-unsigned', { part: name })
    }
  }
  for (const name of signedHeaders) {
    if (headerOf(request, name) === undefined) throw new SignatureProblem('missing', { part: name })
  }
}

function requiredHeader(request: SignedRequest, name: string, spelling = name): string {
  const value = headerOf(request, name)
  if (value === undefined || value === '') {
    throw new SignatureProblem('missing', { part: spelling })
  }
  return value
}

/** `YYYY-MM-DDThh:mm:ssZ` and a moment that exists (no 30 February, no 25 o'clock). */
function parseTimestamp(value: string): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== value.replace('Z', '.000Z')) {
    throw new SignatureProblem('timestamp-malformed', { part: 'x-acs-date' })
  }
  return ms
}

/** At most four, the documented one first. */
function* stringsToSign(request: SignedRequest, parsed: Acs3Signature): Generator<string> {
  const headers = parsed.signedHeaders
    .map((name) => `${name}:${headerOf(request, name) ?? ''}\n`)
    .join('')
  const tail = `${headers}\n${parsed.signedHeaders.join(';')}\n${parsed.bodyHash}`
  for (const path of canonicalPaths(request.path)) {
    for (const query of canonicalQueries(request.query)) {
      const canonical = `${request.method}\n${path}\n${query}\n${tail}`
      yield `${ALGORITHM}\n${sha256Hex(bytesOf(canonical))}`
    }
  }
}

/** A `+` in a path is a plus sign; only queries and forms write spaces that way. */
function canonicalPaths(path: string): Set<string> {
  const segments = path.split('/').map(percentDecode)
  const readable = segments.filter((segment) => segment !== undefined)
  if (readable.length < segments.length) return new Set([path])
  return new Set([readable.map(percentEncode).join('/'), path])
}

function canonicalQueries(query: string): Set<string> {
  const pairs = splitQuery(query)
  const decoded = decodePairs(pairs)
  const asSent = join(sortPairs(pairs))
  return new Set(decoded === undefined ? [asSent] : [join(encode(sortPairs(decoded))), asSent])
}

function encode(pairs: readonly QueryPair[]): QueryPair[] {
  return pairs.map(({ key, value = '' }) => ({
    key: percentEncode(key),
    value: percentEncode(value),
  }))
}

/** A key without a value is written with its `=`. */
function join(pairs: readonly QueryPair[]): string {
  return pairs.map(({ key, value = '' }) => `${key}=${value}`).join('&')
}
