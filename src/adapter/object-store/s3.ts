/**
 * One request of the S3 protocol, signed with AWS Signature Version 4 (docs.aws.amazon.com, "Create a signed AWS API request"), which
 * object stores of all makers understand. Buckets stand in the path. Bounded in time and in what is read; nothing of the keys is
 * in an error.
 */
import { hmac, sha256Hex } from '../../kernel/digest.ts'

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
}

export interface S3Answer {
  readonly status: number
  /** The start of the body. */
  readonly text: string
}

const ANSWER_MS = 5_000
const ANSWER_BYTES = 64 * 1024

/** Throws when nobody answers in time. `at` is the time by the machine's clock. */
export async function s3Request(access: S3Access, request: S3Request, at: Date): Promise<S3Answer> {
  const { method, body = new Uint8Array() } = request
  const path = request.path.split('/').map(encoded).join('/')
  const query = Object.entries(request.query ?? {})
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
  const url = new URL(`${path}${query === '' ? '' : `?${query}`}`, access.endpoint)
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const signed = {
    host: url.host,
    'x-amz-content-sha256': sha256Hex(body),
    'x-amz-date': time,
  }
  const response = await fetch(url, {
    method,
    headers: { ...signed, authorization: authorizationOf(access, { method, path, query, signed }) },
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(method === 'PUT' ? { body } : {}),
  })
  return { status: response.status, text: await startOf(response) }
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

async function startOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body ?? []) {
    pieces.push(piece as Uint8Array)
    bytes += (piece as Uint8Array).length
    if (bytes >= ANSWER_BYTES) break
  }
  return Buffer.concat(pieces).toString('utf8')
}
