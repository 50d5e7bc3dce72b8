/**
 * A server that keeps keys as the Transit engine of Vault and OpenBao does, as far as Emrys asks it: read key, generate data
 * key, decrypt; with its statuses and error bodies (https://openbao.org/api-docs/secret/transit/).
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface TransitKey {
  derived: boolean
  softDeleted: boolean
  readonly material: Buffer
}

export interface TransitServer {
  readonly address: string
  readonly keys: Map<string, TransitKey>
  token: string
  /** Every request so far: method, path, and the names of the members of its body. */
  readonly requests: { method: string; path: string; namespace: string; members: string[] }[]
  /** Answers instead, for tests of what an adapter makes of a bad day. */
  answer: ((response: ServerResponse) => void) | undefined
  put(name: string, members?: Partial<TransitKey>): TransitKey
}

export const TOKEN = 's.transit-test-token'

export async function transitServer(t: TestContext, mount = 'transit'): Promise<TransitServer> {
  const it: TransitServer = {
    address: '',
    keys: new Map(),
    token: TOKEN,
    requests: [],
    answer: undefined,
    put(name, members = {}) {
      const fresh = { derived: false, softDeleted: false, material: randomBytes(32) }
      const key = Object.assign(it.keys.get(name) ?? fresh, members)
      it.keys.set(name, key)
      return key
    },
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const body = text === '' ? {} : (JSON.parse(text) as Body)
      note(it, request, body)
      if (it.answer) return it.answer(response)
      const { status, value } = answerOf(it, mount, { request, body })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(value))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(it, {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
}

type Body = Readonly<Record<string, unknown>>

interface Answer {
  readonly status: number
  readonly value: object
}

function note(it: TransitServer, request: IncomingMessage, body: Body): void {
  const { method = '', url: path = '', headers } = request
  const namespace = String(headers['x-vault-namespace'] ?? '')
  it.requests.push({ method, path, namespace, members: Object.keys(body).sort() })
}

function answerOf(
  it: TransitServer,
  mount: string,
  { request, body }: { readonly request: IncomingMessage; readonly body: Body },
): Answer {
  if (request.headers['x-vault-token'] !== it.token) return refused(403, 'permission denied')
  const [, path = ''] = (request.url ?? '').split(`/v1/${mount}/`)
  const name = path.split('/').at(-1) ?? ''
  const key = it.keys.get(name)
  if (request.method === 'GET' && path === `keys/${name}`) return key ? keyAnswer(name, key) : empty
  if (request.method !== 'POST') return refused(405, 'unsupported operation')
  if (!key) return refused(400, 'encryption key not found')
  if (key.softDeleted) return refused(400, 'key is soft-deleted')
  const { context } = body
  if (key.derived && typeof context !== 'string')
    return refused(400, "missing 'context' for key derivation; the key was created as derived")
  const material = key.derived ? derive(key.material, String(context)) : key.material
  if (path === `datakey/plaintext/${name}`) return dataKey(material, Number(body['bits'] ?? 256))
  if (path === `decrypt/${name}`) return opened(material, String(body['ciphertext']))
  return refused(404, 'unsupported path')
}

const empty: Answer = { status: 404, value: { errors: [] } }

function refused(status: number, error: string): Answer {
  return { status, value: { errors: [error] } }
}

function keyAnswer(name: string, { derived, softDeleted }: TransitKey): Answer {
  const data = { name, type: 'aes256-gcm96', derived, soft_deleted: softDeleted, latest_version: 1 }
  return { status: 200, value: { data } }
}

function derive(material: Buffer, context: string): Buffer {
  return createHmac('sha256', material).update(Buffer.from(context, 'base64')).digest()
}

function dataKey(material: Buffer, bits: number): Answer {
  const plain = randomBytes(bits / 8)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', material, nonce)
  const bytes = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  const ciphertext = `vault:v1:${bytes.toString('base64')}`
  return { status: 200, value: { data: { plaintext: plain.toString('base64'), ciphertext } } }
}

function opened(material: Buffer, ciphertext: string): Answer {
  const bytes = Buffer.from(ciphertext.replace(/^vault:v1:/, ''), 'base64')
  const decipher = createDecipheriv('aes-256-gcm', material, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(-16))
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    return { status: 200, value: { data: { plaintext: plain.toString('base64') } } }
  } catch {
    return refused(400, 'invalid ciphertext: unable to decrypt')
  }
}
