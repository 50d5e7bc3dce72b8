/**
 * The control interface of an engine: HTTP over a unix socket in its data directory that only its owner may open.
 * It outlives the process that started the engine; the next one finds it by the directory.
 *
 *   GET /health      HealthAnswer: whether the database answers, and what the engine runs with. Status 200
 *                    in either case, within seconds
 *   GET /stats       EngineStatus and open connections
 *   POST /reload     reads engine.json and the verifier again: nodes, version, password and limits change while running
 *   POST /shutdown   answers, then ends as SIGTERM does
 *   PUT /object-storage-key {keyId, secret} as JSON: the key of the object storage, which is kept in memory only
 *   POST /snapshot/NAME     begins to copy what is committed to `snapshot/NAME` in the data directory
 *   GET /snapshot/NAME      SnapshotAnswer: how far it has come
 *   DELETE /snapshot/NAME   ends it, and removes what is there of it
 *
 * Errors: 404 for what is not above; 422 with {"error":…} when a reload or a snapshot is refused, and nothing has changed then.
 */
import { createServer } from '../../../../src/kernel/http.ts'
import { schemaChecker } from '../../../../src/kernel/schema-checker.ts'
import type { IncomingMessage } from 'node:http'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../../../../src/kernel/log.ts'
import { ConfigurationError } from './configuration.ts'
import type { EngineEntry } from './configuration.ts'

const controlSocket = 'control.sock'

/** sun_path of Linux has 108 bytes with its end, that of macOS 104. */
const SOCKET_PATH_MAX = 103

/** Headers of this size are a mistake. */
const HEADER_BYTES = 8192
/** Far above any key; no other request has a body. */
const KEY_BYTES = 16_384

/** What an engine reports about itself: whether it works, and with what. */
export interface HealthAnswer {
  /** False when the database does not answer, or cannot continue: see `reason`. */
  readonly ok: boolean
  readonly reason?: string
  readonly instance: string
  readonly pid: number
  /** Of the configuration that was last taken over; 0 when it has none. */
  readonly generation: number
  readonly ports: { readonly query: number; readonly front: number; readonly back: number }
  /** Beside the engine's own address. */
  readonly entries: readonly EngineEntry[]
  readonly threads: number
  readonly memoryBytes: number
  /** The quota, and the bytes of data on disk. */
  readonly storageBytes: number
  readonly usedBytes: number
  /** Names of the nodes that the instance shows. */
  readonly nodes: readonly string[]
  /** Statements of clients under way. As many as the process has native threads keep it from answering anything else. */
  readonly running: number
  /** Whether it has the key of its object storage; absent when it has no object storage. */
  readonly objectStorageKey?: boolean
  /** Of a day at most: what was counted since then, and of the slowest statement its text without literals. */
  readonly work: {
    readonly sinceMs: number
    readonly slowStatements: number
    readonly slowestMs: number
    readonly slowest: string
    readonly failedLoads: number
    readonly failedTable: string
  }
}

/** `taken`: all of it is on the disk. */
export interface SnapshotAnswer {
  readonly phase: 'absent' | 'taking' | 'taken' | 'failed'
  readonly reason?: string
}

export interface SnapshotVerbs {
  /** Throws ConfigurationError while another one is being taken. */
  begin(name: string): void
  state(name: string): SnapshotAnswer
  forget(name: string): Promise<void>
}

export interface ObjectStorageKey {
  readonly keyId: string
  readonly secret: string
}

export interface ControlVerbs {
  readonly snapshots: SnapshotVerbs
  health(): Promise<HealthAnswer>
  stats(): Promise<object>
  reload(): Promise<void>
  /** Throws ConfigurationError when it cannot be taken; its text holds nothing of it. */
  setObjectStorageKey(key: ObjectStorageKey): Promise<void>
  shutdown(): void
}

export interface Control {
  close(): Promise<void>
}

export function controlPath(directory: string): string {
  const path = join(directory, controlSocket)
  if (Buffer.byteLength(path) > SOCKET_PATH_MAX) {
    throw new ConfigurationError(
      `${path} is too long for a unix socket (${SOCKET_PATH_MAX} bytes): choose a shorter directory`,
    )
  }
  return path
}

/** The directory must be locked by this process: a socket left by a dead one is taken away. */
export async function openControl(
  directory: string,
  verbs: ControlVerbs,
  log: Logger,
): Promise<Control> {
  const path = controlPath(directory)
  rmSync(path, { force: true })
  const server = createServer({ maxHeaderSize: HEADER_BYTES }, (request, response) => {
    const send = async () => {
      const { status, value } = await answerOf(request, verbs, log)
      response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' })
      response.end(JSON.stringify(value))
    }
    void send()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
  chmodSync(path, 0o600)
  server.on('error', (error) => log.error({ err: error }, 'the control socket failed'))
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Answer {
  readonly status: number
  readonly value: object
}

const notFound: Answer = { status: 404, value: { error: 'not found' } }

const KeyText = {
  type: 'string',
  minLength: 1,
  maxLength: 4096,
  pattern: String.raw`^[^\u0000-\u001F\u007F]*$`,
} as const
const Key = {
  type: 'object',
  properties: { keyId: KeyText, secret: KeyText },
  required: ['keyId', 'secret'],
  additionalProperties: false,
} as const

/** A name that can be a directory's. */
const SNAPSHOT_PATH = /^\/snapshot\/([A-Za-z0-9-]{1,64})$/

async function answerOf(
  request: IncomingMessage,
  verbs: ControlVerbs,
  log: Logger,
): Promise<Answer> {
  const [, snapshot] = SNAPSHOT_PATH.exec(request.url ?? '') ?? []
  try {
    if (snapshot !== undefined)
      return await snapshotAnswer(request.method ?? '', snapshot, verbs.snapshots)
    switch (`${request.method} ${request.url}`) {
      case 'GET /health':
        return { status: 200, value: await verbs.health() }
      case 'GET /stats':
        return { status: 200, value: await verbs.stats() }
      case 'POST /reload':
        await verbs.reload()
        return { status: 200, value: { ok: true } }
      case 'PUT /object-storage-key':
        await verbs.setObjectStorageKey(await readKey(request))
        return { status: 200, value: { ok: true } }
      case 'POST /shutdown':
        verbs.shutdown()
        return { status: 200, value: { ok: true } }
      default:
        return notFound
    }
  } catch (error) {
    if (error instanceof ConfigurationError) return { status: 422, value: { error: error.message } }
    log.error({ err: error }, 'a control request failed')
    return { status: 500, value: { error: 'internal error' } }
  }
}

async function readKey(request: IncomingMessage): Promise<ObjectStorageKey> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    bytes += (piece as Buffer).length
    if (bytes > KEY_BYTES) throw new ConfigurationError('the key is too long')
    pieces.push(piece as Buffer)
  }
  return storageKeyIn(Buffer.concat(pieces))
}

/** Throws ConfigurationError, whose text holds nothing of it. */
export function storageKeyIn(content: Buffer): ObjectStorageKey {
  let value: unknown
  try {
    value = JSON.parse(content.toString('utf8'))
  } catch {
    // The parser's own text would repeat what it could not read.
  }
  if (!schemaChecker().Check(Key, value))
    throw new ConfigurationError('the key is not {keyId, secret}')
  return value
}

async function snapshotAnswer(
  method: string,
  name: string,
  snapshots: SnapshotVerbs,
): Promise<Answer> {
  if (method === 'GET') return { status: 200, value: snapshots.state(name) }
  if (method === 'POST') snapshots.begin(name)
  else if (method === 'DELETE') await snapshots.forget(name)
  else return notFound
  return { status: 200, value: { ok: true } }
}
