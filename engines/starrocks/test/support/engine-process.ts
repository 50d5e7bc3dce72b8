/** A real engine process in a directory of its own, and the shortest ways to ask it. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { programFile } from '../../../../src/kernel/place.ts'
import type { EngineConfiguration } from '../../src/process/configuration.ts'
import type { HealthAnswer } from '../../src/process/control.ts'
import { engineControl } from '../../src/process/control-client.ts'
import { loadClient } from './open-ports.ts'
import type { LoadClient } from './open-ports.ts'

const MAIN = programFile('engines/starrocks/src/main')

export const configuration: EngineConfiguration = {
  instance: 'c-0123456789abcdef',
  version: '3.3.8',
  host: '127.0.0.1',
  queryPort: 0,
  frontPort: 0,
  backPort: 0,
  threads: 2,
  memoryBytes: 268_435_456,
  storageBytes: 4_294_967_296,
  nodes: [
    { name: 'be-0', role: 'be', host: '127.0.0.1', group: 'be', zone: 'zone-a', version: '3.3.8' },
  ],
}

/** What an engine's control socket says of its health. */
export const healthOf = async (directory: string): Promise<HealthAnswer> =>
  (await engineControl(directory).health()) as unknown as HealthAnswer

export interface EngineProcess extends LoadClient {
  readonly child: ChildProcess
  readonly ports: { readonly query: number; readonly front: number; readonly back: number }
  /** Rows of the last statement. */
  query(sql: string, password?: string): Promise<readonly (readonly unknown[])[]>
  /** Ends it by its id and waits for its end; answers its exit code, null after a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export function engineDirectory(t: TestContext, more: Partial<EngineConfiguration> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'emrys-engine-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  writeConfiguration(directory, more)
  writeFileSync(join(directory, 'admin-verifier'), '', { mode: 0o600 })
  return directory
}

export function writeConfiguration(directory: string, more: Partial<EngineConfiguration>): void {
  writeFileSync(join(directory, 'engine.json'), JSON.stringify({ ...configuration, ...more }))
}

/** Starts the process without waiting for it to be ready. */
export function spawnEngine(
  t: TestContext,
  directory: string,
  environment: Readonly<Record<string, string>> = {},
  dataKey?: Uint8Array,
): ChildProcess {
  const child = spawn(process.execPath, [MAIN, directory], {
    stdio: [dataKey ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  child.stdin?.end(dataKey)
  child.stderr?.resume()
  t.after(() => void child.kill('SIGKILL'))
  return child
}

export async function startEngine(
  t: TestContext,
  directory: string,
  environment: Readonly<Record<string, string>> = {},
  dataKey?: Uint8Array,
): Promise<EngineProcess> {
  const child = spawnEngine(t, directory, environment, dataKey)
  if (!child.stdout) throw new Error('no standard output')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => [`{"exit":${String(code)}}`]),
  ])) as [string]
  const { ready, ports } = JSON.parse(line) as { ready?: boolean; ports: EngineProcess['ports'] }
  if (ready !== true) throw new Error(`the engine did not start: ${line}`)
  const front = `http://127.0.0.1:${ports.front}`
  return {
    child,
    ports,
    async query(sql, password = '') {
      const connection = await createConnection({
        host: '127.0.0.1',
        port: ports.query,
        user: 'admin',
        password,
        rowsAsArray: true,
        multipleStatements: true,
      })
      try {
        const [rows] = await connection.query(sql)
        return rows as unknown as readonly (readonly unknown[])[]
      } finally {
        connection.destroy()
      }
    },
    ...loadClient(front),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const ended = once(child, 'exit')
      child.kill(signal)
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}
