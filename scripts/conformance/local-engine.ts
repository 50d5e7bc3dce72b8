/** An engine for the suite, in a directory of its own; it is started again when it has ended. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Endpoint } from './client.ts'

const MAIN = new URL('../../engines/starrocks/src/main.ts', import.meta.url).pathname

export interface LocalEngine {
  /** Where it answers; started when it does not run. */
  endpoint(): Promise<Endpoint>
  close(): Promise<void>
}

export function localEngine(version: string): LocalEngine {
  const directory = mkdtempSync(join(tmpdir(), 'starrocks-conformance-'))
  const node = { host: '127.0.0.1', zone: 'zone-a', version }
  writeFileSync(
    join(directory, 'engine.json'),
    JSON.stringify({
      instance: 'conformance',
      version,
      host: '127.0.0.1',
      queryPort: 0,
      frontPort: 0,
      backPort: 0,
      threads: 2,
      memoryBytes: 2 * 1024 ** 3,
      storageBytes: 64 * 1024 ** 3,
      nodes: [
        { ...node, name: 'fe-0', role: 'fe', group: 'fe' },
        // As many as the suite was recorded with: a table that says nothing of its copies has three, and its resource groups take three cores.
        ...[0, 1, 2].map((at) => ({
          ...node,
          name: `be-${at}`,
          role: 'be',
          group: 'be',
          cpuCores: 8,
        })),
      ],
    }),
  )
  writeFileSync(join(directory, 'admin-verifier'), '', { mode: 0o600 })
  let running: { child: ChildProcess; endpoint: Endpoint } | undefined
  return {
    async endpoint() {
      const { exitCode, signalCode } = running?.child ?? { exitCode: 1, signalCode: null }
      if (!running || exitCode !== null || signalCode !== null) running = await start(directory)
      return running.endpoint
    },
    async close() {
      if (running && running.child.exitCode === null) {
        const ended = once(running.child, 'exit')
        running.child.kill('SIGKILL')
        await ended
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function start(directory: string): Promise<{ child: ChildProcess; endpoint: Endpoint }> {
  const child = spawn(process.execPath, [MAIN, directory], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  })
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(child, 'exit').then(([code]) => `exit code ${String(code)}`),
  ])
  const said = line.startsWith('{') ? (JSON.parse(line) as Ready) : undefined
  if (said?.ready !== true) throw new Error(`the engine did not start: ${line}`)
  const endpoint = {
    host: '127.0.0.1',
    port: said.ports.query,
    httpPort: said.ports.front,
    user: 'root',
    password: '',
  }
  return { child, endpoint }
}

interface Ready {
  readonly ready?: boolean
  readonly ports: { readonly query: number; readonly front: number }
}
