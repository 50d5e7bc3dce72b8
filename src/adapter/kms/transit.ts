/**
 * An external key service: the Transit engine of HashiCorp Vault or OpenBao, over its HTTP API
 * (https://openbao.org/api-docs/secret/transit/: read key, generate data key, decrypt data).
 *
 * - A key is called there what clients call it; accounts share the mount, so that the mount's policies say who has which.
 * - The context is sent to keys that derive (`derived`), which need one; other keys have nowhere to put it.
 * - Transit has no disabled keys. Soft-deleted ones (OpenBao) count as disabled: they can come back.
 * - Every exchange is bounded in time and size, and so are those under way. The token is read again for each, so that an agent
 *   may renew its file; neither it nor a key is in any error.
 */
import { request as httpsRequest } from 'node:https'
import { request as httpRequest } from '../../kernel/http.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Logger } from '../../kernel/log.ts'
import { assertUsable, type KeyReference, type KeyState } from '../../domain/encryption-key.ts'
import { Fault } from '../../domain/fault.ts'
import type { FailureMode } from '../../domain/dependency.ts'
import { DATA_KEY_BYTES, type KeyContext, type KeyService } from '../../port/key-service.ts'
import { limits } from '../../limits.ts'

export interface TransitOptions {
  /** `https://vault.example:8200` */
  readonly address: string
  readonly mount: string
  /** Empty for none. */
  readonly namespace: string
  /** Throws when there is none. */
  readonly token: () => string
  /** PEM of the authority of the server's certificate; without, those of the machine. */
  readonly ca?: string
  readonly log: Logger
  readonly timeoutMs?: number
}

interface Answer {
  readonly status: number
  readonly data: Readonly<Record<string, unknown>>
  /** What the engine said of a refusal; to distinguish refusals, never to be shown. */
  readonly errors: string
}

interface TransitKey {
  readonly state: KeyState
  readonly derived: boolean
}

/** Names that are one segment of a path. */
const NAME = /^(?!\.{1,2}$)[\w.-]{1,128}$/

export function transitKeys(options: TransitOptions): KeyService {
  const { ask } = exchanger(options)
  const read = async ({ id }: KeyReference): Promise<TransitKey | undefined> => {
    if (!NAME.test(id)) return undefined
    const { status, data } = await ask('GET', `keys/${id}`)
    if (status === 404) return undefined
    if (status !== 200) throw failed('service')
    const state = data['soft_deleted'] === true ? 'disabled' : 'enabled'
    return { state, derived: data['derived'] === true }
  }
  const usable = async (key: KeyReference): Promise<TransitKey> => {
    const found = await read(key)
    assertUsable(key.id, found?.state)
    return found as TransitKey
  }
  return {
    name: 'transit',
    describe: async (key) => (await read(key))?.state,
    async generateDataKey(key, context) {
      const { derived } = await usable(key)
      const body = { bits: DATA_KEY_BYTES * 8, ...contextIn(derived, context) }
      const { data } = understood(await ask('POST', `datakey/plaintext/${key.id}`, body), key)
      const { ciphertext } = data
      if (typeof ciphertext !== 'string' || ciphertext === '') throw failed('service')
      return { plain: keyIn(data), wrapped: ciphertext }
    },
    async decrypt(key, wrapped, context) {
      const { derived } = await usable(key)
      const body = { ciphertext: wrapped, ...contextIn(derived, context) }
      return keyIn(understood(await ask('POST', `decrypt/${key.id}`, body), key).data)
    },
  }
}

function contextIn(derived: boolean, context: KeyContext): { readonly context?: string } {
  if (!derived) return {}
  return { context: Buffer.from(canonicalJson(context)).toString('base64') }
}

/** It was there a moment ago; a refusal that says otherwise is believed. */
function understood(answer: Answer, { id }: KeyReference): Answer {
  if (answer.status === 200) return answer
  if (/key not found/i.test(answer.errors))
    throw new Fault('ResourceMissing', { what: 'encryption-key', id })
  throw failed('service')
}

function keyIn({ plaintext }: Answer['data']): Uint8Array {
  const plain = typeof plaintext === 'string' ? Buffer.from(plaintext, 'base64') : undefined
  if (plain?.length !== DATA_KEY_BYTES) throw failed('service')
  return plain
}

function failed(mode: FailureMode, cause?: unknown): Fault {
  return new Fault('DependencyFailed', { dependency: 'key-management', mode }, { cause })
}

type Ask = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>

function exchanger(options: TransitOptions): { readonly ask: Ask } {
  const { address, mount, namespace, timeoutMs = limits.keyServiceMs } = options
  let underWay = 0
  return {
    async ask(method, path, body) {
      if (underWay >= limits.keyServiceAtOnce) throw failed('gateway')
      underWay++
      try {
        const headers = {
          'x-vault-token': options.token(),
          'x-vault-request': 'true',
          ...(namespace === '' ? {} : { 'x-vault-namespace': namespace }),
        }
        const url = new URL(`/v1/${mount}/${path}`, address)
        const { status, text } = await exchange(url, {
          method,
          headers,
          timeoutMs,
          ca: options.ca,
          body: body === undefined ? undefined : JSON.stringify(body),
        })
        if (status >= 500) throw failed('gateway')
        return answerOf(status, text)
      } catch (problem) {
        const { name, message } = problem as Error
        options.log.warn({ path, problem: `${name}: ${message}` }, 'the key service did not answer')
        throw problem instanceof Fault ? problem : failed('gateway', problem)
      } finally {
        underWay--
      }
    },
  }
}

interface TransitRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly ca: string | undefined
  readonly timeoutMs: number
}

function exchange(url: URL, it: TransitRequest): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const secure = url.protocol === 'https:'
  const settings = {
    method: it.method,
    signal: AbortSignal.timeout(it.timeoutMs),
    headers: { ...it.headers, ...(it.body === undefined ? {} : jsonOf(it.body)) },
    ...(secure && it.ca !== undefined ? { ca: it.ca } : {}),
  }
  const sent = (secure ? httpsRequest : httpRequest)(url, settings, (got) => {
    const chunks: Buffer[] = []
    let size = 0
    got.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limits.keyServiceBytes) got.destroy(new Error('the answer is too large'))
      else chunks.push(chunk)
    })
    got.on('error', reject)
    got.on('end', () =>
      resolve({ status: got.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
    )
  })
  sent.on('error', reject)
  sent.end(it.body)
  return promise
}

function jsonOf(body: string): Readonly<Record<string, string | number>> {
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
}

function answerOf(status: number, text: string): Answer {
  const value = parsed(text)
  const { data, errors } = value
  return {
    status,
    data: typeof data === 'object' && data !== null ? (data as Answer['data']) : {},
    errors: Array.isArray(errors) ? errors.join('; ') : '',
  }
}

/** An answer that is no JSON object is not one of Transit's. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Reported below.
  }
  throw failed('gateway')
}
