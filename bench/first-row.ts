/** The time from CreateInstanceV1 to the first row of the instance, as a client sees it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createConnection } from 'mysql2/promise'
import { adminClient } from '../src/cli/admin-client.ts'
import { loadConfig } from '../src/config/config.ts'
import type { Endpoint } from '../src/domain/cluster/status.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startServer } from '../src/server/server.ts'
import { serverHere, withInstance } from '../scripts/client/instance.ts'
import type { Finding } from '../engines/starrocks/bench/report.ts'
import { median } from './spread.ts'

const CREATES = 7

/** An official client looks every 50 ms, and a MySQL client then asks for a row. `dataDir` is new; answers with what was found. */
export async function firstRow(dataDir: string): Promise<Finding> {
  mkdirSync(dataDir)
  const flags = { port: '0', 'data-dir': dataDir, 'requests-per-second': '0' }
  const server = await startServer({ config: loadConfig({ flags }).config, log: silentLogger() })
  try {
    return await timed(serverHere(server), 'from a checkout')
  } finally {
    await server.close()
  }
}

/** The same of the published package: `command` is its program. */
export async function packagedFirstRow(dataDir: string, command: string): Promise<Finding> {
  mkdirSync(dataDir)
  const serving = ['serve', '--port', '0', '--data-dir', dataDir, '--requests-per-second', '0']
  const child = spawn(process.execPath, [command, ...serving], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // What Node compiles is kept beside the data.
    env: { ...process.env, XDG_CACHE_HOME: `${dataDir}-cache` },
  })
  const ended = once(child, 'exit')
  try {
    const [line] = (await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      ended.then(() => Promise.reject(new Error('the server ended early'))),
    ])) as [string]
    const url = /https?:\/\/\S+/.exec(line)?.[0]
    if (url === undefined) throw new Error(`the server says ${line}`)
    const admin = adminClient({ url, tokenFile: join(dataDir, 'admin-token') })
    const endpointsOf = async (id: string) => {
      const { cluster } = (await admin.get(`clusters/${id}`)) as {
        readonly cluster: { readonly status: { readonly endpoints?: readonly Endpoint[] } }
      }
      return cluster.status.endpoints ?? []
    }
    return await timed({ port: Number(new URL(url).port), endpointsOf }, 'as the package has it')
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function timed(server: Parameters<typeof withInstance>[0], what: string): Promise<Finding> {
  const times: number[] = []
  for (let round = 0; round < CREATES; round++) {
    const startedMs = performance.now()
    await withInstance(server, async (instance) => {
      const client = await createConnection({
        host: instance.EMRYS_SQL_HOST,
        port: Number(instance.EMRYS_SQL_PORT),
        user: instance.EMRYS_SQL_USER,
        password: instance.EMRYS_SQL_PASSWORD,
      })
      await client.query('SELECT 1')
      times.push(performance.now() - startedMs)
      client.destroy()
    })
  }
  return {
    what: `From CreateInstanceV1 to the first row, ${what}`,
    found: `median ${median(times).toFixed(0)} ms, slowest of ${CREATES} ${Math.max(...times).toFixed(0)} ms`,
    aim: 'median under 500 ms',
  }
}
