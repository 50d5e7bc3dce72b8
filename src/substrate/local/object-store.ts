/**
 * Object storage on this machine: one S3Proxy for the whole server, on loopback, whose buckets are folders. It is started when
 * it is first asked for, started again when it died or does not answer, and outlives this server as engines do; a new server finds it by its
 * directory, and never starts a second one.
 *
 *   state.json     its port, and its keys, sealed
 *   process.json   which process it is (pid-file.ts)
 *   start.log      what it printed since it was last started
 *   run/           its own directory
 *   buckets/       a folder for each
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { backoffMs } from '../../kernel/backoff.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { s3Request } from '../../kernel/s3.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { RoleCommand } from './component.ts'
import { findJava, type Java } from './java.ts'
import { keyedMutex } from '../../kernel/keyed-mutex.ts'
import { freePort } from './loopback-address.ts'
import type { Modules } from './module.ts'
import { roleProcess, type RoleProcess } from './role-process.ts'
import { clearUnfinished, UNFINISHED_UMASK } from './unfinished-object.ts'
import { writeWhole } from './whole-file.ts'

export interface ObjectStore {
  /** What is to be done so that it can run, in a sentence; undefined when nothing is. */
  unmet(): Promise<string | undefined>
  /** Runs from now on, and has these buckets. Throws a sentence when it cannot. */
  open(buckets: readonly string[]): Promise<StoreAccess>
  close(): Promise<void>
}

export interface StoreAccess {
  readonly endpoint: string
  readonly region: string
  readonly keyId: string
  readonly secret: string
}

export interface ObjectStoreOptions {
  /** Absolute, its own. */
  readonly directory: string
  readonly modules: Modules
  readonly sealer: Sealer
  readonly clock: Clock
  readonly log: Logger
  /** Whether it outlives `close`. It does unless this says otherwise. */
  readonly keepRunning?: boolean
  /** Between two looks at it. */
  readonly lookMs?: number
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Of an engine's lock, and the Java that it needs. */
export const storePart = { name: 's3proxy', javaMin: 17 } as const
const REGION = 'us-east-1'
const HOST = '127.0.0.1'
const SEAL = 'object-store/secret'

const LOOK_MS = 2_000
/** Looks without an answer after which it is ended and started again. */
const SILENT_LOOKS = 4
/** Java starts in two seconds, and in many more where the machine is loaded. */
const START_MS = 60_000
const START_LOOK_MS = 50
/** A port that somebody else has taken meanwhile is given up for another one. */
const STARTS = 3
const END_MS = 2_500

interface State {
  readonly port: number
  readonly keyId: string
  /** Sealed. */
  readonly secret: string
}

export function objectStore(options: ObjectStoreOptions): ObjectStore {
  const { clock, log, keepRunning = true, lookMs = LOOK_MS } = options
  const { withLock, settled } = keyedMutex()
  const files = filesOf(options.directory)
  const process = roleProcess(files)
  const closed = new AbortController()
  const it: Store = { ...options, files, process, closed: closed.signal }
  let cancel: (() => void) | undefined
  let silent = 0
  let ends = 0

  const look = async (): Promise<void> => {
    const state = readState(files.state)
    if (closed.signal.aborted || !state) return
    const isThere = process.pid() !== undefined
    if (isThere && (await answers(it, state))) {
      silent = 0
      ends = 0
      return
    }
    if (isThere && ++silent < SILENT_LOOKS) return
    log.warn({ ends }, isThere ? 'the object store hangs and is ended' : 'the object store ended')
    silent = 0
    if (ends++ > 0) await pause(backoffMs(ends, 0.5), undefined, { signal: closed.signal })
    await run(it)
  }
  const watch = (): void => {
    cancel = clock.at(clock.now() + lookMs, () => {
      void withLock('', look)
        .catch((problem: unknown) => {
          if (!closed.signal.aborted) log.error({ err: problem }, 'the object store does not start')
        })
        .finally(() => closed.signal.aborted || watch())
    })
  }
  return {
    unmet: async () => options.modules.unmet(storePart.name) ?? unmetJava(await javaOf(it)),
    open: (buckets) =>
      withLock('', async () => {
        const access = await run(it)
        for (const bucket of buckets)
          mkdirSync(join(files.buckets, bucket), { recursive: true, mode: 0o700 })
        if (!cancel) watch()
        return access
      }),
    async close() {
      closed.abort()
      cancel?.()
      await settled()
      if (!keepRunning) await end(process)
    },
  }
}

interface Store extends ObjectStoreOptions {
  readonly files: ReturnType<typeof filesOf>
  readonly process: RoleProcess
  readonly closed: AbortSignal
}

function filesOf(directory: string) {
  return {
    directory: join(directory, 'run'),
    pidFile: join(directory, 'process.json'),
    startLog: join(directory, 'start.log'),
    state: join(directory, 'state.json'),
    buckets: join(directory, 'buckets'),
    aside: join(directory, 'unfinished'),
  }
}

/** To be called with the lock. What runs and answers is left as it is. */
async function run(it: Store): Promise<StoreAccess> {
  const { files, process, log } = it
  mkdirSync(files.directory, { recursive: true, mode: 0o700 })
  mkdirSync(files.buckets, { recursive: true, mode: 0o700 })
  let state = readState(files.state) ?? (await newState(it))
  // One whose starter died before it could write down which it is.
  const found = process.pid() !== undefined || process.adopt(undefined)
  if (found && (await untilAnswers(it, state))) return accessOf(it, state)
  await end(process)
  const aside = await clearUnfinished(files)
  if (aside > 0) log.warn({ aside, folder: files.aside }, 'unfinished objects are put aside')
  const command = await commandOf(it)
  for (let start = 1; ; start++) {
    await process.start(command, Buffer.from(propertiesOf(it, state)))
    if (await untilAnswers(it, state)) {
      log.info(
        { port: state.port, buckets: readdirSync(files.buckets).length },
        'object storage runs',
      )
      return accessOf(it, state)
    }
    it.closed.throwIfAborted()
    await end(process)
    if (start === STARTS)
      throw new Error(`object storage does not start; what it said is in ${files.startLog}`)
    state = { ...state, port: await freePort(HOST) }
    writeWhole(files.state, JSON.stringify(state))
  }
}

function readState(file: string): State | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : undefined
}

/** Before the first start: whoever dies in between leaves a store that is found with its keys. */
async function newState({ files, sealer }: Store): Promise<State> {
  const secret = sealer.seal(randomBytes(30).toString('base64url'), SEAL)
  const keyId = `EMRYS${randomBytes(8).toString('hex').toUpperCase()}`
  const state = { port: await freePort(HOST), keyId, secret }
  writeWhole(files.state, JSON.stringify(state))
  return state
}

function accessOf({ sealer }: Store, { port, keyId, secret }: State): StoreAccess {
  const endpoint = `http://${HOST}:${port}`
  return { endpoint, region: REGION, keyId, secret: sealer.open(secret, SEAL) }
}

/**
 * It reads its configuration, keys among it, from a pipe by a name: Java opens no socket as a file, which is what Node's pipes are,
 * and nothing of it shall be on the disk, in an argument or in the environment. The shell becomes Java.
 */
const START = `${UNFINISHED_UMASK}
exec 3<&0 </dev/null
rm -f configuration && mkfifo -m 600 configuration || exit 1
(cat <&3 >configuration; rm -f configuration) &
exec "$0" "$@" --properties configuration 3<&-`

async function commandOf(it: Store): Promise<RoleCommand> {
  const java = await javaOf(it)
  const unmet = it.modules.unmet(storePart.name) ?? unmetJava(java)
  const jar = it.modules.file(storePart.name)
  if (unmet !== undefined || !java || !jar) throw new Error(unmet ?? 'there is no Java')
  const args = [START, java.program, '-Xmx192m', '-jar', jar]
  return { runtime: '/bin/sh', program: '-c', args }
}

function propertiesOf(it: Store, state: State): string {
  const { endpoint, keyId, secret } = accessOf(it, state)
  const properties = {
    's3proxy.endpoint': endpoint,
    's3proxy.authorization': 'aws-v2-or-v4',
    // Newer clients of AWS send checksums that it does not know.
    's3proxy.ignore-unknown-headers': 'true',
    's3proxy.identity': keyId,
    's3proxy.credential': secret,
    'jclouds.provider': 'filesystem-nio2',
    'jclouds.filesystem.basedir': it.files.buckets.replaceAll('\\', '\\\\'),
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

function javaOf({ env = process.env }: ObjectStoreOptions): Promise<Java | undefined> {
  return findJava(env)
}

function unmetJava(java: Java | undefined): string | undefined {
  if (java && java.version >= storePart.javaMin) return undefined
  const there = java ? `${java.program} is ${java.version}` : 'there is none'
  return `object storage on this machine needs Java ${storePart.javaMin} or newer by JAVA_HOME or on the path, and ${there}`
}

/** False once its process is gone, or when it has had its time. */
async function untilAnswers(it: Store, state: State): Promise<boolean> {
  const { process, closed } = it
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += START_LOOK_MS) {
    if (process.pid() === undefined) return false
    if ((await answers(it, state)) && process.pid() !== undefined) return true
    await pause(START_LOOK_MS, undefined, { signal: closed })
  }
  return false
}

/** Whether it is ours: another program that has taken the port may answer too, and knows no key of ours. */
async function answers(it: Store, state: State): Promise<boolean> {
  try {
    const request = { method: 'GET', path: '/' } as const
    const { status } = await s3Request(accessOf(it, state), request, new Date(it.clock.wall()))
    return status === 200
  } catch {
    return false
  }
}

async function end(process: RoleProcess): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (process.isGone()) return
    process.signal(signal)
    for (let waitedMs = 0; waitedMs < END_MS && !process.isGone(); waitedMs += START_LOOK_MS)
      await pause(START_LOOK_MS)
  }
}
