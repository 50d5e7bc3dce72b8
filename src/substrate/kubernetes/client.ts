/**
 * A client of the API server, as small as what the driver asks of it: get, list by pages, server-side apply, merge patch, delete, watch.
 * Every verb may be repeated, and is when the server asks for that by `Retry-After`; nothing else is tried again here.
 *
 * Applied objects are checked strictly: a field that the server's schema does not have is refused, where it would be dropped without a
 * word. Everything that this server says of an object it says as one field manager, and it overrules others in that.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { listOf, recordOf } from '../../kernel/json.ts'
import type { Random } from '../../kernel/random.ts'
import type { Access } from './access.ts'
import { ApiProblem, apiProblem } from './api-problem.ts'
import {
  keyOf,
  listPath,
  objectPath,
  type KubernetesObject,
  type ObjectKey,
  type ResourceType,
} from './resource.ts'
import { transport, type ApiAnswer, type ApiRequest, type Transport } from './transport.ts'
import { watch, type Watch } from './watch.ts'

export interface ListQuery {
  /** Without it, in all. */
  readonly namespace?: string
  /** Labels that they have. */
  readonly labels?: Readonly<Record<string, string>>
}

export interface DeleteOptions {
  /** `Orphan` leaves what it owns, `Foreground` goes after what it owns. */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
  /** Another object of the same name is not touched. */
  readonly uid?: string
}

export interface ApplyOptions {
  /** Checked in full, and not done. */
  readonly dryRun?: boolean
}

export interface KubernetesClient {
  /** Undefined when it is not there. */
  find(key: ObjectKey): Promise<KubernetesObject | undefined>
  /** All of them, by as many pages as that takes. */
  list(type: ResourceType, query?: ListQuery): Promise<readonly KubernetesObject[]>
  /** Makes it or brings it to this: what we said of it before and say no more is taken away. */
  apply(object: KubernetesObject, options?: ApplyOptions): Promise<KubernetesObject>
  /** Some of its members; for what others own. */
  merge(key: ObjectKey, members: unknown): Promise<KubernetesObject>
  /** No error when it is not there, or is another one. */
  remove(key: ObjectKey, options?: DeleteOptions): Promise<void>
  /** Of any path that is no object: `/version`, reviews of access. */
  read(path: string): Promise<Readonly<Record<string, unknown>>>
  create(path: string, object: unknown): Promise<Readonly<Record<string, unknown>>>
  /** Reports what changes until the signal ends it; a hint, as what happens while nobody is connected is reported late. */
  watch(it: Watch): void
  close(): void
}

export interface ClientOptions {
  readonly access: Access
  readonly random: Pick<Random, 'fraction'>
  readonly bounds?: Partial<ClientBounds>
}

export interface ClientBounds {
  readonly answerMs: number
  readonly answerBytes: number
  /** Objects of a page, and of a whole list. */
  readonly pageSize: number
  readonly listMax: number
  /** How often a request is repeated because the server asks for it, and how long it may ask for. */
  readonly retries: number
  readonly retryAfterMs: number
  /** A watch of which nothing is heard, bookmarks included. */
  readonly silenceMs: number
}

const usual: ClientBounds = {
  answerMs: 30_000,
  // A page of the largest objects that etcd takes would be more; a page of what the driver makes is two megabytes.
  answerBytes: 64 * 1024 * 1024,
  pageSize: 500,
  listMax: 50_000,
  retries: 4,
  retryAfterMs: 30_000,
  // The server sends a bookmark about once a minute.
  silenceMs: 90_000,
}

const FIELD_MANAGER = 'emrys'

const APPLY = 'application/apply-patch+yaml'
const MERGE = 'application/merge-patch+json'
const PLAIN = 'application/json'

export function kubernetesClient({ access, random, bounds = {} }: ClientOptions): KubernetesClient {
  const bound = { ...usual, ...bounds }
  const connection = transport(access, bound)
  const ask = (request: ApiRequest) => answered(connection, request, bound)
  return {
    async find(key) {
      try {
        return objectOf(await ask({ method: 'GET', path: objectPath(key) }))
      } catch (problem) {
        if (isMissing(problem)) return undefined
        throw problem
      }
    },
    list: (type, query = {}) => listed(ask, { type, query }, bound),
    async apply(object, { dryRun = false } = {}) {
      const query = `fieldManager=${FIELD_MANAGER}&force=true&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`
      const path = `${objectPath(keyOf(object))}?${query}`
      return objectOf(await ask({ method: 'PATCH', path, body: { type: APPLY, value: object } }))
    },
    async merge(key, members) {
      const path = `${objectPath(key)}?fieldManager=${FIELD_MANAGER}&fieldValidation=Strict`
      return objectOf(await ask({ method: 'PATCH', path, body: { type: MERGE, value: members } }))
    },
    async remove(key, { propagation = 'Background', uid } = {}) {
      const value = {
        propagationPolicy: propagation,
        ...(uid !== undefined && { preconditions: { uid } }),
      }
      try {
        await ask({ method: 'DELETE', path: objectPath(key), body: { type: PLAIN, value } })
      } catch (problem) {
        // With a uid, a conflict says that another one has the name: the one that was meant is gone.
        const isOther = uid !== undefined && problem instanceof ApiProblem && problem.status === 409
        if (!isMissing(problem) && !isOther) throw problem
      }
    },
    read: async (path) => recordOf(await ask({ method: 'GET', path })),
    create: async (path, object) =>
      recordOf(await ask({ method: 'POST', path, body: { type: PLAIN, value: object } })),
    watch: (it) => watch({ connection, random, silenceMs: bound.silenceMs }, it),
    close: () => connection.close(),
  }
}

type Ask = (request: ApiRequest) => Promise<unknown>

/** How often a list is begun again because its pages became too old while they were read. */
const LIST_TRIES = 3

async function listed(
  ask: Ask,
  { type, query }: { readonly type: ResourceType; readonly query: ListQuery },
  { pageSize, listMax }: ClientBounds,
): Promise<readonly KubernetesObject[]> {
  const { namespace, labels = {} } = query
  const selector = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  const page = async (from: string) => {
    const text = new URLSearchParams({
      limit: String(pageSize),
      ...(selector.length > 0 && { labelSelector: selector.join(',') }),
      ...(from !== '' && { continue: from }),
    })
    const answer = recordOf(
      await ask({ method: 'GET', path: `${listPath(type, namespace)}?${text.toString()}` }),
    )
    const next = recordOf(answer['metadata'])['continue']
    return { items: listOf(answer['items']), next: typeof next === 'string' ? next : '' }
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const found: unknown[] = []
      for (let from = ''; ;) {
        const { items, next } = await page(from)
        found.push(...items)
        if (found.length > listMax) throw new Error(`there are more than ${listMax} ${type.plural}`)
        if (next === '') break
        from = next
      }
      return found.map(objectOf)
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.status === 410) || attempt === LIST_TRIES)
        throw problem
    }
  }
}

async function answered(
  connection: Transport,
  request: ApiRequest,
  { retries, retryAfterMs }: ClientBounds,
): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    const answer = await sent(connection, request)
    if (answer.status >= 200 && answer.status < 300) return jsonOf(answer, request)
    const problem = problemOf(answer, request)
    const waitMs = problem.retryAfterMs ?? Infinity
    const isBusy = answer.status === 429 || answer.status >= 500
    if (!isBusy || problem.persists || waitMs > retryAfterMs || attempt === retries) throw problem
    await pause(waitMs, undefined, { ...(request.signal && { signal: request.signal }) })
  }
}

/** A connection that was kept may have been closed while the request went out: it was not read then, and goes out again. */
async function sent(connection: Transport, request: ApiRequest): Promise<ApiAnswer> {
  try {
    return await connection.send(request)
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ECONNRESET') throw problem
    return connection.send(request)
  }
}

function jsonOf({ body }: ApiAnswer, { method, path }: ApiRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    throw new Error(`${method} ${pathOf(path)} is not answered with JSON`)
  }
}

function problemOf(
  { status, body, retryAfter }: ApiAnswer,
  { method, path }: ApiRequest,
): ApiProblem {
  const place = pathOf(path)
  const secret = /\/secrets(\/|$)/.test(place)
  return apiProblem({ status, body, retryAfter, what: `${method} ${place}`, secret })
}

/** Without its query, in which a long token of a list may stand. */
function pathOf(path: string): string {
  return path.replace(/\?.*$/, '')
}

function isMissing(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.status === 404
}

function objectOf(value: unknown): KubernetesObject {
  const object = recordOf(value)
  const { name } = recordOf(object['metadata'])
  if (typeof name !== 'string')
    throw new Error('the API server answers something that is no object')
  return object as unknown as KubernetesObject
}
