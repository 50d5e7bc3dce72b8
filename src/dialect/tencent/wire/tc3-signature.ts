/**
 * Tencent Cloud signature v3, `TC3-HMAC-SHA256` (reference: tencent-emr.md 6.2, 6.6, 6.7).
 *
 * Proves method, path, query, body, timestamp and the headers that the client chose to sign, content type and host at
 * least. The SDKs sign no other, so the action's name in `X-TC-Action` is protected by nothing but TLS: the scheme is
 * made that way. It has no nonce either; the five-minute window is all there is against replays.
 *
 * `parseTc3` throws SignatureProblem: `missing`, `malformed` (for the Authorization header with a `detail` that completes
 * the vendor's sentence), `algorithm-unknown`, `header-unsigned`, `timestamp-malformed`. `verifyTc3` throws `mismatch`
 * (also when the scope's date is not the timestamp's), `body-hash-mismatch`.
 */
import { SignatureProblem, headerOf } from '../../../gateway/signed-request.ts'
import type { ParsedSignature, SignedRequest } from '../../../gateway/signed-request.ts'
import { bytesOf, equalText, hmac, sha256Hex } from '../../../kernel/digest.ts'
import { withoutPort } from './host.ts'

export interface Tc3Signature extends ParsedSignature {
  /** As sent: it is signed as text. */
  readonly timestamp: string
  readonly date: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

export interface Tc3Options {
  /**
   * The services that a scope may name. Without it every well-formed one passes: Java and Node derive it from the
   * first label of the endpoint, and sign for `localhost:8080` or `127` when they are sent to a server of one's own.
   */
  readonly services?: readonly string[]
}

export function parseTc3(request: SignedRequest, options: Tc3Options = {}): Tc3Signature {
  const authorization = headerOf(request, 'authorization') ?? ''
  if (authorization === '') throw new SignatureProblem('missing', { part: 'Authorization' })
  const fields = parseAuthorization(authorization)
  const scope = parseScope(fields.Credential)
  if (options.services !== undefined && !options.services.includes(scope.service)) {
    throw malformed('`Service` in Credential not valid.')
  }
  const signedHeaders = parseSignedHeaders(fields.SignedHeaders, request)
  const timestamp = headerOf(request, 'x-tc-timestamp') ?? ''
  if (timestamp === '') throw new SignatureProblem('missing', { part: 'X-TC-Timestamp' })
  // Twelve digits reach the year 33658 and stay an exact number of milliseconds.
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) {
    throw new SignatureProblem('timestamp-malformed', { part: 'X-TC-Timestamp' })
  }
  const token = headerOf(request, 'x-tc-token')
  return {
    ...scope,
    token: token === '' ? undefined : token,
    signedAtMs: Number(timestamp) * 1000,
    nonce: undefined,
    timestamp,
    signedHeaders,
    signature: fields.Signature,
  }
}

export function verifyTc3(request: SignedRequest, parsed: Tc3Signature, secret: string): void {
  // Clients that take the local date fail at night in Asia; the real server refuses them with the same code.
  if (dayOf(parsed.signedAtMs) !== parsed.date) {
    throw new SignatureProblem('mismatch', { part: 'Authorization' })
  }
  const bodyHash = signedBodyHash(request)
  const key = signingKey(secret, parsed)
  const head = `${request.method}\n${request.path}\n${request.query}\n`
  const tail = `\n${parsed.signedHeaders.join(';')}\n${bodyHash}`
  const scope = `${parsed.date}/${parsed.service}/${TERMINATOR}`
  const isSigned = (headers: string): boolean => {
    const hashed = sha256Hex(bytesOf(`${head}${headers}${tail}`))
    const stringToSign = `${ALGORITHM}\n${parsed.timestamp}\n${scope}\n${hashed}`
    return equalText(hmac('sha256', key, stringToSign).toString('hex'), parsed.signature)
  }
  if (isSignedInSomeForm(request, parsed, isSigned)) return
  throw new SignatureProblem('mismatch')
}

let day = { begins: 0, name: '1970-01-01' }

/** Requests of one day ask for the same day. */
function dayOf(ms: number): string {
  if (ms < day.begins || ms >= day.begins + DAY_MS) {
    const begins = Math.floor(ms / DAY_MS) * DAY_MS
    day = { begins, name: new Date(begins).toISOString().slice(0, 10) }
  }
  return day.name
}

const DAY_MS = 86_400_000
const ALGORITHM = 'TC3-HMAC-SHA256'
const TERMINATOR = 'tc3_request'
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

const FIELD_NAMES = ['Credential', 'SignedHeaders', 'Signature'] as const
type Fields = Record<(typeof FIELD_NAMES)[number], string>

const SECRET_ID = /^[\x21-\x2b\x2d\x2e\x30-\x7e]{1,128}$/
const SCOPE_DATE = /^\d{4}-\d\d-\d\d$/
/** A product's name, or the start of an endpoint: `emr`, `127`, `localhost:8080`, `[::1]:8080`. */
const SERVICE = /^[A-Za-z0-9[\]:._-]{1,128}$/

function malformed(detail: string): SignatureProblem {
  return new SignatureProblem('malformed', { part: 'Authorization', detail })
}

function parseAuthorization(value: string): Fields {
  const [algorithm = '', ...rest] = value.split(' ')
  if (algorithm !== ALGORITHM) {
    // The other algorithms of the family are real, but not ours; anything else (`SKIP`, `Basic`) is no signature.
    if (algorithm.startsWith('TC3-')) {
      throw new SignatureProblem('algorithm-unknown', { part: 'Authorization', detail: algorithm })
    }
    throw malformed('the signature algorithm must be `TC3-HMAC-SHA256`.')
  }
  const found = new Map<string, string>()
  for (const piece of rest.join(' ').split(',')) {
    const equals = piece.indexOf('=')
    const name = piece.slice(0, Math.max(equals, 0)).trim()
    if (!FIELD_NAMES.some((known) => known === name)) throw malformed('a field is not recognized.')
    if (found.has(name)) throw malformed(`\`${name}\` is given twice.`)
    found.set(name, piece.slice(equals + 1).trim())
  }
  const field = (name: keyof Fields): string => {
    const text = found.get(name)
    if (text === undefined || text === '') throw malformed(`\`${name}\` is missing.`)
    return text
  }
  return {
    Credential: field('Credential'),
    SignedHeaders: field('SignedHeaders'),
    Signature: field('Signature'),
  }
}

function parseScope(credential: string): Pick<Tc3Signature, 'keyId' | 'date' | 'service'> {
  const parts = credential.split('/')
  const [keyId = '', date = '', service = '', terminator] = parts
  if (parts.length !== 4) throw malformed('Credential must have four parts, separated by `/`.')
  if (!SECRET_ID.test(keyId)) throw malformed('`SecretId` in Credential not valid.')
  if (!SCOPE_DATE.test(date)) throw malformed('`Date` in Credential not valid.')
  if (!SERVICE.test(service)) throw malformed('`Service` in Credential not valid.')
  if (terminator !== TERMINATOR) throw malformed('Credential must end in `tc3_request`.')
  return { keyId, date, service }
}

function parseSignedHeaders(list: string, request: SignedRequest): string[] {
  const names = list.split(';')
  for (const required of ['content-type', 'host']) {
    if (!names.includes(required)) throw new SignatureProblem('header-unsigned', { part: required })
  }
  let previous = ''
  for (const name of names) {
    if (name <= previous || name !== name.toLowerCase()) {
      throw malformed('`SignedHeaders` must be lower-case, sorted and distinct.')
    }
    if (headerOf(request, name) === undefined) {
      throw malformed('a header of `SignedHeaders` was not sent.')
    }
    previous = name
  }
  return names
}

function signedBodyHash(request: SignedRequest): string {
  const declared = headerOf(request, 'x-tc-content-sha256') ?? ''
  if (declared === UNSIGNED_PAYLOAD) return sha256Hex(UNSIGNED_PAYLOAD)
  const received = sha256Hex(request.body)
  if (declared !== '' && !equalText(declared, received)) {
    throw new SignatureProblem('body-hash-mismatch', { part: 'X-TC-Content-SHA256' })
  }
  return received
}

/**
 * Whether one of the forms is the signed one; they are at most four. The documents say that values are signed in lower case; the SDKs sign them as they are. Node's SDK
 * sends the host with its port and signs it without.
 */
function isSignedInSomeForm(
  request: SignedRequest,
  { signedHeaders }: Tc3Signature,
  isSigned: (headers: string) => boolean,
): boolean {
  const host = headerOf(request, 'host') ?? ''
  const bare = withoutPort(host)
  for (const signedHost of bare === host ? [host] : [host, bare]) {
    let written = ''
    for (const name of signedHeaders)
      written += `${name}:${name === 'host' ? signedHost : (headerOf(request, name) ?? '')}\n`
    if (isSigned(written)) return true
    // The names are in lower case already.
    const lowered = written.toLowerCase()
    if (lowered !== written && isSigned(lowered)) return true
  }
  return false
}

function signingKey(secret: string, parsed: Tc3Signature): Buffer {
  const place = `${parsed.date} ${parsed.service} ${secret}`
  const known = signingKeys.get(place)
  if (known) return known
  const dateKey = hmac('sha256', `TC3${secret}`, parsed.date)
  const serviceKey = hmac('sha256', dateKey, parsed.service)
  const key = hmac('sha256', serviceKey, TERMINATOR)
  if (signingKeys.size >= SIGNING_KEYS_MAX) signingKeys.clear()
  signingKeys.set(place, key)
  return key
}

/**
 * The derived key of a secret is the same all day, and deriving it is three quarters of the hashing. Any service name is accepted,
 * so the memory is bounded: invented names only make the derivation happen again.
 */
const signingKeys = new Map<string, Buffer>()
const SIGNING_KEYS_MAX = 1000
