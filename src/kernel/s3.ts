/**
 * One request of the S3 protocol, signed with AWS Signature Version 4 (docs.aws.amazon.com, "Create a signed AWS API request"), which
 * object stores of all makers understand. Bounded in time and in what is read; nothing of the keys is in an error.
 */
import { once } from 'node:events'
import type { Agent } from 'node:http'
import { hmac, sha256Hex } from './digest.ts'
import { request as httpRequest, type IncomingMessage } from './http.ts'

export interface S3Access {
  /** Scheme, host and port. */
  readonly endpoint: string
  readonly region: string
  readonly keyId: string
  readonly secret: string
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** From the root, bucket first; not encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Further headers, which are not signed. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface S3Answer {
  readonly status: number
  /** Its start, when it is longer than `answerBytes`. */
  readonly body: Buffer
}

export interface S3Bounds {
  readonly answerMs?: number
  readonly answerBytes?: number
  /** Keeps connections. Without one, each request has its own. */
  readonly agent?: Agent
  readonly signal?: AbortSignal
}

const ANSWER_MS = 5_000
const ANSWER_BYTES = 64 * 1024

/** Throws when nobody answers in time. `at` is the time by the machine's clock. */
export async function s3Request(
  access: S3Access,
  request: S3Request,
  at: Date,
  bounds: S3Bounds = {},
): Promise<S3Answer> {
  const { method, body = new Uint8Array(), headers = {} } = request
  const { url, path, query } = placeOf(access, request)
  const signed = {
    host: url.host,
    'x-amz-content-sha256': sha256Hex(body),
    'x-amz-date': at.toISOString().replaceAll(/[-:]|\.\d+/g, ''),
  }
  const timeout = AbortSignal.timeout(bounds.answerMs ?? ANSWER_MS)
  const signal = bounds.signal ? AbortSignal.any([timeout, bounds.signal]) : timeout
  const send = url.protocol === 'https:' ? httpsRequest() : httpRequest
  const sent = send(url, {
    method,
    path: query === '' ? path : `${path}?${query}`,
    headers: {
      ...headers,
      ...signed,
      authorization: authorizationOf(access, { method, path, query, signed }),
      ...(method === 'PUT' ? { 'content-length': body.length } : {}),
    },
    agent: bounds.agent ?? false,
    signal,
  })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const { statusCode: status = 0 } = response
  return { status, body: await startOf(response, bounds.answerBytes ?? ANSWER_BYTES) }
}

/** Only where an address asks for it: loading it takes time and memory. */
const httpsRequest = () => process.getBuiltinModule('node:https').request

/**
 * A bucket cannot stand before an address or a name without a dot; the clouds' own endpoints want it there.
 * DuckDB is configured alike (engines/starrocks/src/storage/object-storage.ts).
 */
function wantsBucketInPath(hostname: string): boolean {
  return /^[\d.]+$|^\[|^[^.]+$/.test(hostname)
}

function placeOf({ endpoint }: S3Access, request: S3Request) {
  const url = new URL(endpoint)
  const [, bucket = '', ...rest] = request.path.split('/').map(encoded)
  const isInPath = bucket === '' || wantsBucketInPath(url.hostname)
  const path = `/${(isInPath ? [bucket, ...rest] : rest).join('/')}`
  if (!isInPath) url.hostname = `${bucket}.${url.hostname}`
  const query = Object.entries(request.query ?? {})
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
  return { url, path, query }
}

interface Signed {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly signed: Readonly<Record<'host' | 'x-amz-content-sha256' | 'x-amz-date', string>>
}

/** The headers are in the order of their names. */
function authorizationOf(
  { region, keyId, secret }: S3Access,
  { method, path, query, signed }: Signed,
): string {
  const names = Object.keys(signed).join(';')
  const headers = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`)
  const canonical = [
    method,
    path,
    query,
    headers.join(''),
    names,
    signed['x-amz-content-sha256'],
  ].join('\n')
  const time = signed['x-amz-date']
  const day = time.slice(0, 8)
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256Hex(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Uint8Array>(
    (derived, part) => hmac('sha256', derived, part),
    `AWS4${secret}`,
  )
  const signature = hmac('sha256', key, text).toString('hex')
  return `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
}

/** Everything but letters, digits and four more characters, in capital hexadecimal digits. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

async function startOf(response: IncomingMessage, most: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response) {
    pieces.push(piece as Buffer)
    bytes += (piece as Buffer).length
    if (bytes >= most) break
  }
  return Buffer.concat(pieces, Math.min(bytes, most))
}
