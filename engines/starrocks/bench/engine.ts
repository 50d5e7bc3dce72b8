/**
 * What an engine on this machine does, beside DuckDB itself where it can be asked the same: point queries and the Star Schema
 * Benchmark through the MySQL wire, Stream Load against DuckDB's CSV reader, and an idle engine's memory. Ratios are of
 * things measured in the same run, in turns.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { type Connection } from 'mysql2/promise'
import { ssbQueries, ssbTables } from '../test/support/corpus.ts'
import { fillSsb, ssbDefinitions } from '../test/support/ssb.ts'
import { startEngineChild, type EngineChild } from './engine-child.ts'
import type { PointRate } from './point-load.ts'

const SIZE = { threads: 2, memoryBytes: 1024 ** 3 }
const POINT_ROWS = 100_000
const CONNECTIONS = 16
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)
const ORDERS = Number(process.env['BENCH_ORDERS'] ?? 2_000_000)
const SSB = { orders: ORDERS, customers: 30_000, suppliers: 2_000, parts: 200_000 }
const ROUNDS = 5

export async function benchEngine(parent: string): Promise<void> {
  const directory = mkdtempSync(join(parent, 'engine-bench-'))
  try {
    const engine = await startEngineChild(directory, SIZE)
    try {
      say(
        `an idle engine: ${engine.memoryMib().toFixed(0)} MiB (its share of shared pages included)`,
      )
      await pointQueries(engine)
      await starSchema(engine, directory)
    } finally {
      await engine.stop()
    }
    await streamLoad()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function pointQueries(engine: EngineChild): Promise<void> {
  const client = await engine.connect()
  await client.query(
    `CREATE DATABASE bench; CREATE TABLE bench.points (id BIGINT NOT NULL, name VARCHAR(64), price DECIMAL(10, 2), day DATE)
       PRIMARY KEY (id) DISTRIBUTED BY HASH (id);
     INSERT INTO bench.points SELECT g, concat('name ', g), g / 7, date_add('2024-01-01', INTERVAL g % 300 DAY)
       FROM TABLE(generate_series(0, ${POINT_ROWS - 1})) x (g)`,
  )
  client.destroy()
  for (const kind of ['text', 'prepared']) {
    const { perSecond, p50Ms, p99Ms } = await pointRate(engine, kind)
    say(
      `point queries, ${kind}, ${CONNECTIONS} connections: ${perSecond.toFixed(0)}/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`,
    )
  }
}

async function pointRate({ ports }: EngineChild, kind: string): Promise<PointRate> {
  const program = join(import.meta.dirname, 'point-load.ts')
  const args = [ports.query, CONNECTIONS, FOR_MS, POINT_ROWS, kind].map(String)
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the load ended early'))),
  ])) as [Buffer]
  return JSON.parse(line.toString()) as PointRate
}

async function starSchema(engine: EngineChild, directory: string): Promise<void> {
  const duck = await DuckDBInstance.create(join(directory, 'direct.duckdb'), {
    threads: String(SIZE.threads),
    memory_limit: `${SIZE.memoryBytes}B`,
  })
  const direct = await duck.connect()
  const client = await engine.connect()
  try {
    await fillSsb(direct, SSB)
    await client.query(`CREATE DATABASE ssb; USE ssb; ${ssbDefinitions.join('; ')}`)
    for (const table of Object.keys(ssbTables)) {
      const file = join(directory, `${table}.csv`)
      await direct.run(`COPY ${table} TO '${file}' (HEADER false, DELIMITER '|', QUOTE '')`)
      await load(engine, table, file)
      rmSync(file)
    }
    const ratios: number[] = []
    for (const [index, sql] of ssbQueries.entries()) {
      const { wire, own } = await compared(client, direct, sql)
      ratios.push(median(wire) / median(own))
      say(
        `SSB query ${index + 1}: ${median(wire).toFixed(1)} ms through the wire (slowest ${Math.max(...wire).toFixed(1)}), ${median(own).toFixed(1)} ms in DuckDB directly: ${(ratios.at(-1) ?? 0).toFixed(2)}`,
      )
    }
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
    say(
      `SSB, ${ORDERS} orders: ${mean.toFixed(2)} times DuckDB's own time (geometric mean), worst ${Math.max(...ratios).toFixed(2)}`,
    )
  } finally {
    client.destroy()
    direct.closeSync()
    duck.closeSync()
  }
}

async function compared(client: Connection, direct: DuckDBConnection, sql: string) {
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const startedMs = performance.now()
    await work()
    return performance.now() - startedMs
  }
  const ask = () => client.query(sql)
  const read = async () => (await direct.run(sql)).getRows()
  await ask()
  await read()
  const wire: number[] = []
  const own: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    wire.push(await timed(ask))
    own.push(await timed(read))
  }
  return { wire, own }
}

async function load({ ports }: EngineChild, table: string, file: string): Promise<void> {
  const sent = request(`http://127.0.0.1:${ports.back}/api/ssb/${table}/_stream_load`, {
    method: 'PUT',
    auth: 'admin:',
    agent: false,
    headers: {
      column_separator: '|',
      Expect: '100-continue',
      'Content-Length': statSync(file).size,
    },
  })
  sent.flushHeaders()
  sent.once('continue', () => void createReadStream(file).pipe(sent))
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const piece of response) text += String(piece)
  if (!/"Status": *"Success"/.test(text)) throw new Error(text)
}

async function streamLoad(): Promise<void> {
  const program = join(import.meta.dirname, 'stream-load.ts')
  const child = spawn(process.execPath, [program, '500000'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('the bench of Stream Load failed')
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
