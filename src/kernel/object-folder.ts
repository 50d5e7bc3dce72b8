/**
 * A folder of an object store by the protocol of S3: what is below one prefix of one bucket. Each call is bounded in time and in what it
 * reads, and retries nothing. The key is in memory only; no error text holds it.
 */
import { Agent } from './http.ts'
import { unescapeMarkup } from './markup.ts'
import { s3Request, type S3Answer, type S3Bounds, type S3Request } from './s3.ts'

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

/** One object of a list. */
export interface ListedObject {
  readonly name: string
  /** Another one for each content that it had: the store's tag, its size and when it was written. */
  readonly version: string
}

export interface ListedFolder extends ObjectFolder {
  /** Some of the objects whose names begin with `start`, in the store's order, from behind the name `after` on. */
  page(start: string, after: string, answerMs?: number): Promise<ListedPage>
}

export interface ListedPage {
  readonly objects: readonly ListedObject[]
  /** What the next page comes behind; undefined when this one was the last. */
  readonly next: string | undefined
}

/** Its text names the store and never the key. */
export class StoreError extends Error {
  /** Of HTTP; undefined where nobody answered. */
  readonly status: number | undefined

  constructor(message: string, { cause, status }: { cause?: unknown; status?: number } = {}) {
    super(message, { cause })
    this.name = 'StoreError'
    this.status = status
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
  ask(request: S3Request, bounds?: Pick<S3Bounds, 'answerBytes' | 'answerMs'>): Promise<S3Answer>
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
    async ask(request, bounds) {
      if (!key) throw new StoreError('its key was not given yet')
      try {
        return await s3Request({ endpoint, region, ...key }, request, new Date(wall()), {
          answerMs: ANSWER_MS,
          agent,
          ...bounds,
        })
      } catch (error) {
        const { code, name } = error as NodeJS.ErrnoException
        const why = code === 'ABORT_ERR' || name === 'TimeoutError' ? 'it does not answer' : code
        throw new StoreError(`${endpoint}: ${why ?? (error as Error).message}`, { cause: error })
      }
    },
    close: () => agent.destroy(),
  }
}

export function objectFolder(
  options: ObjectFolderOptions,
  clock: { readonly wall: () => number },
): ListedFolder {
  const { endpoint, bucket, prefix } = options
  const { ask, setKey, close } = askerOf(options, clock)
  const demand = (answer: S3Answer, ...statuses: readonly number[]): S3Answer => {
    if (statuses.includes(answer.status)) return answer
    const [, code = ''] = /<Code>(\w{1,64})<\/Code>/.exec(answer.body.toString()) ?? []
    const { status } = answer
    throw new StoreError(`${endpoint} answers ${status} ${code}`.trim(), { status })
  }
  const page: ListedFolder['page'] = async (start, after, answerMs = ANSWER_MS) => {
    const from = after === '' ? {} : { 'start-after': `${prefix}${after}` }
    const query = { 'list-type': '2', prefix: `${prefix}${start}`, ...from }
    const bounds = { answerBytes: PAGE_BYTES, answerMs }
    const answer = await ask({ method: 'GET', path: `/${bucket}`, query }, bounds)
    // No bucket has no objects.
    if (demand(answer, 200, 404).status === 404) return { objects: [], next: undefined }
    return pageOf(answer.body.toString(), prefix)
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
        { answerBytes: Math.max(mostBytes + 1, REFUSAL_BYTES) },
      )
      if (answer.status === 404 && answer.body.includes('NoSuchKey')) return undefined
      demand(answer, 200)
      if (answer.body.length > mostBytes) throw new StoreError(`${name} is longer than it can be`)
      return answer.body
    },
    page,
    async list(start) {
      const names: string[] = []
      for (let after: string | undefined = ''; after !== undefined;) {
        const { objects, next }: ListedPage = await page(start, after)
        names.push(...objects.map(({ name }) => name))
        after = next
      }
      return names.sort()
    },
    async remove(name) {
      demand(await ask({ method: 'DELETE', path: at(name) }), 200, 204, 404)
    },
  }
}

function pageOf(text: string, prefix: string): ListedPage {
  const entries = [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)]
  const objects = entries.map(([, entry = '']) => {
    const members = new Map(
      [...entry.matchAll(/<(\w+)>([^<]*)</g)].map(([, name, value]) => [name, value]),
    )
    const member = (name: string) => members.get(name) ?? ''
    return {
      name: unescapeMarkup(member('Key')).slice(prefix.length),
      version: ['ETag', 'Size', 'LastModified'].map(member).join(' '),
    }
  })
  const isCut = text.includes('<IsTruncated>true<')
  return { objects, next: isCut ? objects.at(-1)?.name : undefined }
}
