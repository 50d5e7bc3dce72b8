/** The time from CreateInstanceV1 to the first row of the instance, as a client sees it. */
import { mkdirSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { loadConfig } from '../src/config/config.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startServer } from '../src/server/server.ts'
import { withInstance } from '../scripts/client/instance.ts'

const CREATES = 7

/** An official client looks every 50 ms, and a MySQL client then asks for a row. `dataDir` is new; answers one line. */
export async function firstRow(dataDir: string): Promise<string> {
  mkdirSync(dataDir)
  const flags = { port: '0', 'data-dir': dataDir, 'requests-per-second': '0' }
  const server = await startServer({ config: loadConfig({ flags }).config, log: silentLogger() })
  const times: number[] = []
  try {
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
  } finally {
    await server.close()
  }
  return `from CreateInstanceV1 to the first row: median ${median(times).toFixed(0)} ms, slowest of ${CREATES} ${Math.max(...times).toFixed(0)} ms`
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
