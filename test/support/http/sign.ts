/**
 * Signs requests as the vendors' clients do, for tests.
 *
 * Written from the published descriptions (reference: alibaba-starrocks.md 2.2 and 2.3, tencent-emr.md 6.2 and 6.3) and
 * on purpose without a line of the verifiers: a mistake made in both would hide itself. Values are ordinary text; what
 * comes back is a request as it goes on the wire, and as a verifier wants to see it.
 */
import { createHash, createHmac } from 'node:crypto'

export interface WireRequest {
  readonly method: string
  readonly path: string
  /** Percent-encoded, without the question mark. */
  readonly query: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

export interface Credentials {
  readonly keyId: string
  readonly secret: string
  readonly token?: string
}

export interface RequestToSign extends Credentials {
  readonly method?: string
  readonly host: string
  readonly path?: string
  readonly parameters?: Readonly<Record<string, string>>
  /** More headers, lower-case; they win over the ones made here. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface Acs3ToSign extends RequestToSign {
  readonly path: string
  /** `2026-01-02T03:04:05Z` */
  readonly date: string
  readonly nonce: string
  readonly action?: string
  readonly version?: string
}

export function signAcs3(request: Acs3ToSign): WireRequest {
  const method = request.method ?? 'POST'
  const body = Buffer.from(request.body ?? '')
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const headers: Record<string, string> = {
    accept: 'application/json',
    host: request.host,
    'x-acs-date': request.date,
    'x-acs-signature-nonce': request.nonce,
    'x-acs-content-sha256': bodyHash,
    'x-acs-version': request.version ?? '2022-10-19',
  }
  if (request.action !== undefined) headers['x-acs-action'] = request.action
  if (body.length > 0) headers['content-type'] = 'application/json; charset=utf-8'
  if (request.token !== undefined) {
    headers['x-acs-accesskey-id'] = request.keyId
    headers['x-acs-security-token'] = request.token
  }
  Object.assign(headers, request.headers)
  const signed = Object.keys(headers).filter((name) => /^(x-acs-.*|host|content-type)$/.test(name))
  signed.sort()
  const query = inByteOrder(request.parameters ?? {})
    .map(([key, value]) => `${key}=${rfc3986(value)}`)
    .join('&')
  const canonicalRequest = [
    method,
    request.path.replace(/\*/g, '%2A').replace(/%7E/g, '~'),
    query,
    ...signed.map((name) => `${name}:${headers[name]}`),
    '',
    signed.join(';'),
    bodyHash,
  ].join('\n')
  const digest = createHash('sha256').update(canonicalRequest, 'utf8').digest('hex')
  const signature = createHmac('sha256', request.secret)
    .update(`ACS3-HMAC-SHA256\n${digest}`)
    .digest('hex')
  headers['authorization'] =
    `ACS3-HMAC-SHA256 Credential=${request.keyId},SignedHeaders=${signed.join(';')},Signature=${signature}`
  return { method, path: request.path, query, headers, body }
}

export interface RoaToSign extends RequestToSign {
  readonly path: string
  /** `Fri, 02 Jan 2026 03:04:05 GMT` */
  readonly date: string
  /** The Go SDK signs without one. */
  readonly nonce?: string
  readonly version?: string
  /** As the Go SDK does; otherwise the body is not signed at all. */
  readonly contentMd5?: boolean
  /** What the client writes for a parameter without a value: `key=` or `key`. */
  readonly emptyValue?: '=' | ''
  /** An old Go SDK ends the resource with `?` though there is no query. */
  readonly trailingQuestionMark?: boolean
  /** Whether an absent header gives an empty line or none. */
  readonly absentLine?: 'empty' | 'omitted'
}

export function signRoa(request: RoaToSign): WireRequest {
  const method = request.method ?? 'POST'
  const body = Buffer.from(request.body ?? '')
  const headers: Record<string, string> = {
    host: request.host,
    accept: 'application/json',
    date: request.date,
    'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-signature-version': '1.0',
    'x-acs-version': request.version ?? '2022-10-19',
  }
  if (request.nonce !== undefined) headers['x-acs-signature-nonce'] = request.nonce
  if (request.contentMd5 === true) {
    headers['content-md5'] = createHash('md5').update(body).digest('base64')
  }
  if (body.length > 0) headers['content-type'] = 'application/json; charset=utf-8'
  if (request.token !== undefined) headers['x-acs-security-token'] = request.token
  Object.assign(headers, request.headers)

  let stringToSign = `${method}\n`
  for (const name of ['accept', 'content-md5', 'content-type', 'date']) {
    const value = headers[name] ?? ''
    if (value !== '' || request.absentLine !== 'omitted') stringToSign += `${value}\n`
  }
  for (const name of Object.keys(headers).sort()) {
    if (name.startsWith('x-acs-')) stringToSign += `${name}:${headers[name]}\n`
  }
  const parameters = inByteOrder(request.parameters ?? {})
  stringToSign += request.path
  if (parameters.length > 0 || request.trailingQuestionMark === true) stringToSign += '?'
  stringToSign += parameters
    .map(([key, value]) => (value === '' ? key + (request.emptyValue ?? '=') : `${key}=${value}`))
    .join('&')
  const signature = createHmac('sha1', request.secret).update(stringToSign, 'utf8').digest('base64')
  headers['authorization'] = `acs ${request.keyId}:${signature}`
  return { method, path: request.path, query: encodeParameters(parameters), headers, body }
}

export interface Tc3ToSign extends RequestToSign {
  /** Seconds since the epoch. */
  readonly timestamp: number
  readonly action?: string
  readonly version?: string
  readonly region?: string
  readonly service?: string
  /** The host that is signed, when it is not the one that is sent (Node's SDK leaves out the port). */
  readonly signedHost?: string
  /** Headers to sign besides content-type and host. */
  readonly alsoSigned?: readonly string[]
  /** Sign header values in lower case, as the documents say and the SDKs do not do. */
  readonly lowerCaseValues?: boolean
  readonly unsignedPayload?: boolean
  /** The scope's date, for clients that get it wrong. */
  readonly scopeDate?: string
}

export function signTc3(request: Tc3ToSign): WireRequest {
  const method = request.method ?? 'POST'
  const path = request.path ?? '/'
  const service = request.service ?? 'emr'
  const body = Buffer.from(request.body ?? '')
  const headers: Record<string, string> = {
    host: request.host,
    'content-type': method === 'GET' ? 'application/x-www-form-urlencoded' : 'application/json',
    'x-tc-timestamp': String(request.timestamp),
    'x-tc-version': request.version ?? '2019-01-03',
  }
  if (request.action !== undefined) headers['x-tc-action'] = request.action
  if (request.region !== undefined) headers['x-tc-region'] = request.region
  if (request.token !== undefined) headers['x-tc-token'] = request.token
  if (request.unsignedPayload === true) headers['x-tc-content-sha256'] = 'UNSIGNED-PAYLOAD'
  Object.assign(headers, request.headers)

  const query = encodeParameters(inByteOrder(request.parameters ?? {}))
  const signed = ['content-type', 'host', ...(request.alsoSigned ?? [])].sort()
  const canonicalHeaders = signed.map((name) => {
    const value = name === 'host' ? (request.signedHost ?? request.host) : (headers[name] ?? '')
    return `${name}:${request.lowerCaseValues === true ? value.toLowerCase() : value}\n`
  })
  const payload = request.unsignedPayload === true ? 'UNSIGNED-PAYLOAD' : body
  const canonicalRequest =
    `${method}\n${path}\n${query}\n${canonicalHeaders.join('')}\n${signed.join(';')}\n` +
    createHash('sha256').update(payload).digest('hex')
  const date = request.scopeDate ?? utcDate(request.timestamp)
  const scope = `${date}/${service}/tc3_request`
  const digest = createHash('sha256').update(canonicalRequest, 'utf8').digest('hex')
  const stringToSign = ['TC3-HMAC-SHA256', request.timestamp, scope, digest].join('\n')
  let key: Buffer | string = `TC3${request.secret}`
  for (const part of [date, service, 'tc3_request']) {
    key = createHmac('sha256', key).update(part).digest()
  }
  const signature = createHmac('sha256', key).update(stringToSign).digest('hex')
  headers['authorization'] =
    `TC3-HMAC-SHA256 Credential=${request.keyId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
  return { method, path, query, headers, body }
}

export interface V1ToSign extends Omit<RequestToSign, 'body'> {
  /** Seconds since the epoch. */
  readonly timestamp: number
  readonly nonce: number
  /** Left out of the request when absent, which means HmacSHA1. */
  readonly signatureMethod?: 'HmacSHA1' | 'HmacSHA256'
  readonly signedHost?: string
  /** Python's SDK signs names with `.` where they have `_`. */
  readonly dotForUnderscore?: boolean
}

/** `parameters` hold the action, the version and the action's own; the signature's are added here. */
export function signV1(request: V1ToSign): WireRequest {
  const method = request.method ?? 'GET'
  const path = request.path ?? '/'
  const parameters: Record<string, string> = {
    ...request.parameters,
    SecretId: request.keyId,
    Timestamp: String(request.timestamp),
    Nonce: String(request.nonce),
  }
  if (request.token !== undefined) parameters['Token'] = request.token
  if (request.signatureMethod !== undefined) {
    parameters['SignatureMethod'] = request.signatureMethod
  }
  const signedNames = Object.entries(parameters).map(([key, value]) => [
    request.dotForUnderscore === true ? key.split('_').join('.') : key,
    value,
  ])
  const text = inByteOrder(Object.fromEntries(signedNames) as Record<string, string>)
    .map(([key, value]) => `${key}=${value}`)
    .join('&')
  const hash = request.signatureMethod === 'HmacSHA256' ? 'sha256' : 'sha1'
  const signature = createHmac(hash, request.secret)
    .update(`${method}${request.signedHost ?? request.host}${path}?${text}`, 'utf8')
    .digest('base64')
  const encoded = encodeParameters(Object.entries({ ...parameters, Signature: signature }))
  const headers: Record<string, string> = { host: request.host }
  if (method === 'POST') headers['content-type'] = 'application/x-www-form-urlencoded'
  Object.assign(headers, request.headers)
  const inForm = method === 'POST'
  return {
    method,
    path,
    query: inForm ? '' : encoded,
    headers,
    body: Buffer.from(inForm ? encoded : ''),
  }
}

function inByteOrder(parameters: Readonly<Record<string, string>>): [string, string][] {
  const entries = Object.entries(parameters)
  return entries.sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
}

function encodeParameters(parameters: readonly (readonly [string, string])[]): string {
  return parameters.map(([key, value]) => `${rfc3986(key)}=${rfc3986(value)}`).join('&')
}

function rfc3986(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Making one takes longer than the rest of a signature. */
const UTC_DATE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' })

function utcDate(seconds: number): string {
  return UTC_DATE.format(seconds * 1000)
}
