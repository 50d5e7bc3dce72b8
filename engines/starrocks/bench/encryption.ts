/** What encryption costs: two engines with the same rows, one of them encrypted, loaded and asked in turns. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { cachedModule } from '../../../test/support/engine/module.ts'
import { load, starSchema } from './analytic.ts'
import { startEngineChild, type EngineChild } from './engine-child.ts'
import { median, report, say } from './report.ts'

const SIZE = { threads: 2, memoryBytes: 1024 ** 3 }
const ROUNDS = 5
/** After the first one, in which the engines warm up. */
const LOADS = 5

export async function encryptionCost(directory: string, orders: number): Promise<void> {
  const cipher = cachedModule('httpfs')
  if (cipher === undefined)
    return say(
      'encryption: not measured; `npm run emrys -- engines fetch httpfs` brings its module',
    )
  const size = { ...SIZE, compiled: join(directory, 'compiled') }
  const plain = await startEngineChild(directory, size)
  const encrypted = await startEngineChild(directory, { ...size, cipher })
  try {
    await measure(directory, orders, [plain, encrypted])
  } finally {
    await plain.stop()
    await encrypted.stop()
  }
}

type Pair = readonly [EngineChild, EngineChild]

async function measure(directory: string, orders: number, engines: Pair): Promise<void> {
  const it = starSchema(orders)
  const duck = await DuckDBInstance.create(':memory:', { memory_limit: '1GiB' })
  const direct = await duck.connect()
  await it.fill(direct)
  const clients = await Promise.all(engines.map((each) => each.connect()))
  for (const client of clients)
    await client.query(
      `CREATE DATABASE ${it.database}; USE ${it.database}; ${it.definitions.join('; ')}`,
    )
  const loading = [0, 0]
  for (const table of it.tables) {
    const file = join(directory, `${table}.csv`)
    await direct.run(`COPY ${table} TO '${file}' (HEADER false, DELIMITER '|', QUOTE '')`)
    const taken: [number[], number[]] = [[], []]
    for (let round = 0; round < LOADS; round++)
      // The first one to read a file is the slower one.
      for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) {
        await clients[at]?.query(`TRUNCATE TABLE ${table}`)
        taken[at]?.push(await timed(() => load(engines[at]!, `${it.database}/${table}`, file)))
      }
    for (const at of [0, 1]) loading[at]! += median(taken[at]!)
    rmSync(file)
  }
  direct.closeSync()
  duck.closeSync()
  const ratios: number[] = []
  for (const sql of it.queries) {
    const taken: [number[], number[]] = [[], []]
    for (let round = 0; round <= ROUNDS; round++)
      for (const [at, client] of clients.entries()) {
        const ms = await timed(() => client.query(sql))
        if (round > 0) taken[at]?.push(ms)
      }
    ratios.push(median(taken[1]) / median(taken[0]))
  }
  for (const client of clients) client.destroy()
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  const [without = 1, withIt = 1] = loading
  report({
    what: 'An encrypted instance beside one that is not',
    found: `${mean.toFixed(2)} times the time of SSB's queries (geometric mean), worst ${Math.max(...ratios).toFixed(2)}; ${(withIt / without).toFixed(2)} times the time of its load (${(withIt / 1000).toFixed(1)} s, ${orders} orders)`,
    aim: 'at most 1.15',
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}
