/**
 * Benchmarks of queries over much data: each query through the MySQL wire and in DuckDB itself on the same rows, in turns, and
 * the geometric mean of the ratios.
 */
import { once } from 'node:events'
import { createReadStream, rmSync, statSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { Connection } from 'mysql2/promise'
import { ssbQueries, ssbTables } from '../test/support/corpus.ts'
import { fillSsb, ssbDefinitions } from '../test/support/ssb.ts'
import { fillTpch, tpchDefinitions, tpchTables } from '../test/support/tpch.ts'
import { tpchQueries } from '../test/support/tpch-query.ts'
import type { EngineChild } from './engine-child.ts'
import { median, report, say } from './report.ts'

export interface Analytic {
  /** How lines call it. */
  readonly name: string
  /** Of the database. */
  readonly database: string
  readonly size: string
  readonly tables: readonly string[]
  readonly definitions: readonly string[]
  readonly queries: readonly string[]
  fill(direct: DuckDBConnection): Promise<void>
}

const ROUNDS = 5
const THREADS = 2

export function starSchema(orders: number): Analytic {
  const size = { orders, customers: 30_000, suppliers: 2_000, parts: 200_000 }
  return {
    name: 'SSB',
    database: 'ssb',
    size: `${orders} orders`,
    tables: Object.keys(ssbTables),
    definitions: ssbDefinitions,
    queries: ssbQueries,
    fill: (direct) => fillSsb(direct, size),
  }
}

export function tpch(scale: number): Analytic {
  return {
    name: 'TPC-H',
    database: 'tpch',
    size: `scale ${scale}`,
    tables: Object.keys(tpchTables),
    definitions: tpchDefinitions,
    queries: tpchQueries,
    fill: (direct) => fillTpch(direct, scale),
  }
}

export async function analytic(
  engine: EngineChild,
  directory: string,
  it: Analytic,
): Promise<void> {
  const duck = await DuckDBInstance.create(join(directory, `${it.database}.duckdb`), {
    threads: String(THREADS),
    memory_limit: '1GiB',
  })
  const direct = await duck.connect()
  const client = await engine.connect()
  try {
    await it.fill(direct)
    await client.query(
      `CREATE DATABASE ${it.database}; USE ${it.database}; ${it.definitions.join('; ')}`,
    )
    for (const table of it.tables) {
      const file = join(directory, `${table}.csv`)
      await direct.run(`COPY ${table} TO '${file}' (HEADER false, DELIMITER '|', QUOTE '')`)
      await load(engine, `${it.database}/${table}`, file)
      rmSync(file)
    }
    await compare(client, direct, it)
  } finally {
    client.destroy()
    direct.closeSync()
    duck.closeSync()
  }
}

async function compare(
  client: Connection,
  direct: DuckDBConnection,
  { name, size, queries }: Analytic,
): Promise<void> {
  const ratios: number[] = []
  for (const [index, sql] of queries.entries()) {
    const { wire, own } = await compared(client, direct, sql)
    const ratio = median(wire) / median(own)
    ratios.push(ratio)
    say(
      `${name} query ${index + 1}: ${median(wire).toFixed(1)} ms through the wire (slowest ${Math.max(...wire).toFixed(1)}), ${median(own).toFixed(1)} ms in DuckDB directly: ${ratio.toFixed(2)}`,
    )
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  report({
    what: `${name}, ${size}, ${ratios.length} queries through the wire`,
    found: `${mean.toFixed(2)} times DuckDB's own time (geometric mean), worst ${Math.max(...ratios).toFixed(2)}`,
    aim: 'at most 1.2',
  })
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

export async function load({ ports }: EngineChild, table: string, file: string): Promise<void> {
  const sent = request(`http://127.0.0.1:${ports.back}/api/${table}/_stream_load`, {
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
