/**
 * Alibaba Cloud's older signature for REST-style products, `acs <key id>:<HMAC-SHA1>` (reference: alibaba-starrocks.md
 * 2.3, 2.4, 2.5). Terraform and the CLI's legacy mode use it.
 *
 * It proves less than V3, by its design and not by ours: the body only when `Content-MD5` is sent (Terraform sends
 * none), the host never, and since query values are signed undecorated, `a=1&b=2` and a value `1&b=2` of `a` look the same.
 *
 * `parseRoa` throws SignatureProblem: `missing`, `malformed`, `algorithm-unknown`, `header-unsigned`, `timestamp-malformed`.
 * `verifyRoa` throws `mismatch`, `body-hash-mismatch`.
 */
import { decodePairs, sortPairs, splitQuery } from '../../../gateway/query-text.ts'
import type { QueryPair } from '../../../gateway/query-text.ts'
import { SignatureProblem, headerOf } from '../../../gateway/signed-request.ts'
import type { ParsedSignature, SignedRequest } from '../../../gateway/signed-request.ts'
import { bytesOf, equalText, hmac, md5Base64 } from '../../../kernel/digest.ts'
import { refuseOtherSignatureTypes, securityTokenOf } from '../identity/security-token.ts'

export interface RoaSignature extends ParsedSignature {
  readonly signature: string
}

export interface RoaOptions {
  /** Whether a body must come with its digest. The vendor's clients of this scheme send none, except those of Go. */
  readonly bodyDigest?: BodyDigest
}

export type BodyDigest = 'optional' | 'required'

export function parseRoa(request: SignedRequest, options: RoaOptions = {}): RoaSignature {
  const undigested = request.body.length > 0 && !headerOf(request, 'content-md5')
  if (options.bodyDigest === 'required' && undigested)
    throw new SignatureProblem('header-unsigned', { part: 'Content-MD5' })
  refuseOtherSignatureTypes(request)
  const method = headerOf(request, 'x-acs-signature-method') ?? 'HMAC-SHA1'
  if (method !== 'HMAC-SHA1') {
    throw new SignatureProblem('algorithm-unknown', {
      part: 'x-acs-signature-method',
      detail: method,
    })
  }
  const version = headerOf(request, 'x-acs-signature-version') ?? '1.0'
  if (version !== '1.0') {
    throw new SignatureProblem('algorithm-unknown', {
      part: 'x-acs-signature-version',
      detail: version,
    })
  }
  const { keyId, signature } = parseAuthorization(headerOf(request, 'authorization'))
  return {
    keyId,
    token: securityTokenOf(request, keyId),
    signedAtMs: parseDate(headerOf(request, 'date')),
    nonce: nonceOf(request),
    signature,
  }
}

export function verifyRoa(request: SignedRequest, parsed: RoaSignature, secret: string): void {
  const candidates = roaStringsToSign(request)
  const matches = candidates.some((candidate) =>
    equalText(hmac('sha1', secret, bytesOf(candidate)).toString('base64'), parsed.signature),
  )
  if (!matches) {
    // Back to text as the sender sees it: values are UTF-8 on the wire.
    const stringToSign = bytesOf(candidates[0] ?? '').toString('utf8')
    throw new SignatureProblem('mismatch', { stringToSign: withoutPassword(stringToSign) })
  }
  const bodyDigest = headerOf(request, 'content-md5')
  if (bodyDigest !== undefined && bodyDigest !== '') {
    if (!equalText(md5Base64(request.body), bodyDigest)) {
      throw new SignatureProblem('body-hash-mismatch', { part: 'Content-MD5' })
    }
  }
}

/**
 * What the known clients may have signed for this request, as byte strings, the documented form first; at most four.
 * They differ in three ways: a parameter without a value as `key=` (tea-roa, TypeScript) or `key` (Go); with no query
 * at all, a trailing `?` (old Go builds); an absent header as an empty line or (Go) as no line.
 *
 * Without lines a text does not say whose each value is: a digest that was sent as Content-MD5 would fit as Accept, and the body
 * could be exchanged. Go's clients always send Accept and Content-MD5, so with both there only Content-Type can be the absent
 * one, and the text has one reading.
 */
export function roaStringsToSign(request: SignedRequest): string[] {
  const names = ['accept', 'content-md5', 'content-type', 'date']
  const lines = names.map((name) => headerOf(request, name) ?? '')
  const [accept, digest] = lines
  const forms = accept === '' || digest === '' ? [lines] : [lines, lines.filter((it) => it !== '')]
  const prefixes = new Set(forms.map((kept) => kept.join('\n')))
  const resources = canonicalResources(request)
  const canonicalHeaders = canonicalizeHeaders(request.headers)
  return [...prefixes].flatMap((prefix) =>
    resources.map((resource) => `${request.method}\n${prefix}\n${canonicalHeaders}${resource}`),
  )
}

/** The longest nonce of a known client has 64 characters; nonces are remembered, so their size has an end. */
const NONCE_MAX_LENGTH = 128

const AUTHORIZATION = /^acs ([\x21-\x39\x3b-\x7e]{1,128}):([\x21-\x7e]+)$/

/** `Fri, 02 Jan 2026 03:04:05 GMT` */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

function parseAuthorization(value: string | undefined): { keyId: string; signature: string } {
  if (value === undefined || value === '') {
    throw new SignatureProblem('missing', { part: 'Authorization' })
  }
  const [, keyId, signature] = AUTHORIZATION.exec(value) ?? []
  if (keyId === undefined || signature === undefined) {
    throw new SignatureProblem('malformed', {
      part: 'Authorization',
      detail: 'expected acs, an access key id, a colon and a signature',
    })
  }
  return { keyId, signature }
}

function parseDate(value: string | undefined): number {
  if (value === undefined || value === '') throw new SignatureProblem('missing', { part: 'Date' })
  const ms = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN
  // The round trip refuses days that do not exist and week days that do not fit.
  if (Number.isNaN(ms) || new Date(ms).toUTCString() !== value) {
    throw new SignatureProblem('timestamp-malformed', { part: 'Date' })
  }
  return ms
}

/** Optional: the Go SDK and with it the CLI sign without one. */
function nonceOf(request: SignedRequest): string | undefined {
  const nonce = headerOf(request, 'x-acs-signature-nonce')
  if (nonce === undefined || nonce === '') return undefined
  if (nonce.length > NONCE_MAX_LENGTH) {
    throw new SignatureProblem('malformed', { part: 'x-acs-signature-nonce' })
  }
  return nonce
}

function canonicalizeHeaders(headers: SignedRequest['headers']): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-acs-'))
    .toSorted()
    .map((name) => `${name}:${(headers[name] ?? '').replace(/[\t\n\r\f]/g, ' ').trim()}\n`)
    .join('')
}

function canonicalResources({ path, query }: SignedRequest): string[] {
  if (query === '') return [path, `${path}?`]
  const pairs = splitQuery(query)
  // With a stray percent sign there is nothing to decode, and the text itself is what was meant.
  const sorted = sortPairs(decodePairs(pairs) ?? pairs)
  const write = (emptyValue: string): string =>
    `${path}?${sorted.map((pair) => writePair(pair, emptyValue)).join('&')}`
  return [...new Set([write('='), write('')])]
}

function writePair({ key, value = '' }: QueryPair, emptyValue: string): string {
  return value === '' ? `${key}${emptyValue}` : `${key}=${value}`
}

/** A password that stands in a query is not repeated, nor what follows it: values are not escaped here, and it may hold any sign. */
function withoutPassword(stringToSign: string): string {
  return stringToSign.replace(/([?&][^=&\n]*password=)[^\n]*/gi, '$1***')
}
