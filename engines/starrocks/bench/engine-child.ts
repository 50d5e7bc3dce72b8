/** A StarRocks-compatible engine in a process and a directory of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { createConnection, type Connection } from 'mysql2/promise'
import { engineControl } from '../src/process/control-client.ts'
import type { ObjectKey, ObjectStorageOptions } from '../src/storage/object-storage.ts'

const MAIN = new URL('../src/main.ts', import.meta.url).pathname

export interface EngineChild {
  readonly child: ChildProcess
  readonly ports: { readonly query: number; readonly front: number; readonly back: number }
  connect(): Promise<Connection>
  /** MiB that are the process's own: shared pages of the program and its libraries are counted in part. */
  memoryMib(): number
  /** Processor time that it took so far, of all its threads and of the one that serves connections. */
  processorMs(): { readonly all: number; readonly main: number }
  stop(): Promise<void>
}

export interface BenchObjects {
  readonly module: string
  readonly storage: ObjectStorageOptions
  readonly key: ObjectKey
}

export interface EngineSize {
  readonly threads: number
  readonly memoryBytes: number
  /** Encrypted with this module. */
  readonly cipher?: string
  /** Object storage that it may use, by this module. */
  readonly objects?: BenchObjects
}

interface EngineChildOptions extends EngineSize {
  /** A folder of compiled modules; the first engine that is given it fills it. */
  readonly compiled: string
  /** In place of the checkout's. */
  readonly program?: string
}

export async function startEngineChild(
  parent: string,
  { compiled, cipher, objects, program = MAIN, ...size }: EngineChildOptions,
): Promise<EngineChild> {
  const directory = mkdtempSync(join(parent, 'engine-'))
  const node = { role: 'be', host: '127.0.0.1', group: 'be', zone: 'z', version: '3.3.8' }
  const configuration = {
    instance: 'bench',
    version: '3.3.8',
    host: '127.0.0.1',
    queryPort: 0,
    frontPort: 0,
    backPort: 0,
    ...size,
    storageBytes: 64 * 1024 ** 3,
    ...(cipher === undefined ? {} : { encrypted: true, modules: ['httpfs'] }),
    ...(objects && { modules: ['httpfs'], objectStorage: objects.storage }),
    nodes: [{ name: 'be-0', ...node }],
  }
  writeFileSync(join(directory, 'engine.json'), JSON.stringify(configuration))
  writeFileSync(join(directory, 'admin-verifier'), '', { mode: 0o600 })
  const flags = process.env['ENGINE_FLAGS']?.split(' ') ?? []
  const child = spawn(process.execPath, [...flags, program, directory], {
    stdio: [cipher === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    // As the substrate starts every engine but the first.
    env: {
      ...process.env,
      UV_THREADPOOL_SIZE: '64',
      NODE_COMPILE_CACHE: compiled,
      EMRYS_ENGINE_MODULES: dirname(cipher ?? objects?.module ?? ''),
    },
  })
  child.stdin?.end(Buffer.alloc(32, 1))
  if (!child.stdout) throw new Error('no standard output')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { ports } = JSON.parse(line) as Pick<EngineChild, 'ports'>
  if (objects) await engineControl(directory).setObjectStorageKey(objects.key)
  return {
    child,
    ports,
    connect: () =>
      createConnection({
        host: '127.0.0.1',
        port: ports.query,
        user: 'admin',
        rowsAsArray: true,
        multipleStatements: true,
      }),
    memoryMib() {
      const text = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8')
      return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024
    },
    processorMs: () => ({
      all: processorMs(`/proc/${child.pid}/stat`),
      main: processorMs(`/proc/${child.pid}/task/${child.pid}/stat`),
    }),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Ticks of user and system time, a hundredth of a second each (proc(5)). */
function processorMs(path: string): number {
  const fields = readFileSync(path, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
