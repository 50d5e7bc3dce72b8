/**
 * A folder of an object store by the protocol of S3: what is below one prefix of one bucket. Each call is bounded in time and in what it
 * reads, and retries nothing. The key is in memory only; no error text holds it.
 */
import { Agent } from 'node:http'
import { unescapeMarkup } from './markup.ts'
import { s3Request, type S3Answer, type S3Request } from './s3.ts'

export interface ObjectFolderOptions {
  /** `http://host:port` or `https://…`. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
}

export interface FolderKey {
  readonly keyId: string
  readonly secret: string
}

export interface ObjectFolder {
  setKey(key: FolderKey): void
  put(name: string, body: Uint8Array): Promise<void>
  /** False when an object of this name is there already; nothing is written then. */
  putNew(name: string, body: Uint8Array): Promise<boolean>
  /** Undefined when there is none. Throws when it is longer than `mostBytes`. */
  get(name: string, mostBytes: number): Promise<Buffer | undefined>
  /** The names that begin with `start`, in their order. */
  list(start: string): Promise<readonly string[]>
  remove(name: string): Promise<void>
  close(): void
}

/** Its text names the store and never the key. */
export class StoreError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreError'
  }
}

const ANSWER_MS = 15_000
/** A thousand names with what is said about each. */
const PAGE_BYTES = 4 * 1024 * 1024
const CONNECTIONS_MAX = 8
/** Why it is refused stands in the body. */
const REFUSAL_BYTES = 64 * 1024
/** That there is one already: S3 says the first, some stores the second. */
const EXISTS: readonly number[] = [412, 409]

interface Asker {
  setKey(key: FolderKey): void
  /** Throws StoreError when nobody answers. */
  ask(request: S3Request, answerBytes?: number): Promise<S3Answer>
  close(): void
}

function askerOf(
  { endpoint, region }: ObjectFolderOptions,
  { wall }: { readonly wall: () => number },
): Asker {
  const keep = { keepAlive: true, maxSockets: CONNECTIONS_MAX }
  const isSecure = endpoint.startsWith('https:')
  const agent = isSecure
    ? new (process.getBuiltinModule('node:https').Agent)(keep)
    : new Agent(keep)
  let key: FolderKey | undefined
  return {
    setKey(next) {
      key = next
    },
    async ask(request, answerBytes) {
      if (!key) throw new StoreError('its key was not given yet')
      const bounds = { answerMs: ANSWER_MS, agent, ...(answerBytes && { answerBytes }) }
      try {
        return await s3Request({ endpoint, region, ...key }, request, new Date(wall()), bounds)
      } catch (error) {
        const { code, name } = error as NodeJS.ErrnoException
        const why = code === 'ABORT_ERR' || name === 'TimeoutError' ? 'it does not answer' : code
        throw new StoreError(`${endpoint}: ${why ?? (error as Error).message}`, error)
      }
    },
    close: () => agent.destroy(),
  }
}

export function objectFolder(
  options: ObjectFolderOptions,
  clock: { readonly wall: () => number },
): ObjectFolder {
  const { endpoint, bucket, prefix } = options
  const { ask, setKey, close } = askerOf(options, clock)
  const demand = (answer: S3Answer, ...statuses: readonly number[]): S3Answer => {
    if (statuses.includes(answer.status)) return answer
    const [, code = ''] = /<Code>(\w{1,64})<\/Code>/.exec(answer.body.toString()) ?? []
    throw new StoreError(`${endpoint} answers ${answer.status} ${code}`.trim())
  }
  const at = (name: string) => `/${bucket}/${prefix}${name}`
  return {
    setKey,
    close,
    async put(name, body) {
      demand(await ask({ method: 'PUT', path: at(name), body }), 200)
    },
    async putNew(name, body) {
      const headers = { 'if-none-match': '*' }
      const answer = await ask({ method: 'PUT', path: at(name), body, headers })
      return demand(answer, 200, ...EXISTS).status === 200
    },
    async get(name, mostBytes) {
      const answer = await ask(
        { method: 'GET', path: at(name) },
        Math.max(mostBytes + 1, REFUSAL_BYTES),
      )
      if (answer.status === 404 && answer.body.includes('NoSuchKey')) return undefined
      demand(answer, 200)
      if (answer.body.length > mostBytes) throw new StoreError(`${name} is longer than it can be`)
      return answer.body
    },
    async list(start) {
      const names: string[] = []
      for (let after: string | undefined = ''; after !== undefined;) {
        const from = after === '' ? {} : { 'start-after': `${prefix}${after}` }
        const query = { 'list-type': '2', prefix: `${prefix}${start}`, ...from }
        const answer = await ask({ method: 'GET', path: `/${bucket}`, query }, PAGE_BYTES)
        // No bucket has no objects.
        if (demand(answer, 200, 404).status === 404) return []
        const { page, more } = pageOf(answer.body.toString(), prefix)
        names.push(...page)
        after = more ? page.at(-1) : undefined
      }
      return names.sort()
    },
    async remove(name) {
      demand(await ask({ method: 'DELETE', path: at(name) }), 200, 204, 404)
    },
  }
}

function pageOf(text: string, prefix: string): { readonly page: string[]; readonly more: boolean } {
  const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)]
  const page = keys.map(([, name = '']) => unescapeMarkup(name).slice(prefix.length))
  return { page, more: text.includes('<IsTruncated>true<') }
}
