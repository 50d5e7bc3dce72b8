/**
 * Files in object storage: FILES() over Parquet through the MySQL wire beside DuckDB itself on the same bucket, with as many threads and as
 * much memory, in turns. Then the same files into a table.
 */
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Connection } from 'mysql2/promise'
import { cachedModule } from '../../../test/support/engine/module.ts'
import {
  objectStoreServer,
  skipWithoutObjectStore,
} from '../../../test/support/engine/object-store.ts'
import { startEngineChild } from './engine-child.ts'
import { median, say } from './report.ts'

const SIZE = { threads: 2, memoryBytes: 1024 ** 3 }
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 9)
const LOADS = 3
/** Of Parquet; a row takes about this much of it. */
const MIB = Number(process.env['BENCH_LAKE_MIB'] ?? 1024)
const ROW_BYTES = 52

const SOURCE = 's3://lake/orders/*.parquet'
const FILES = "FILES('path' = 'oss://lake/orders/*.parquet', 'format' = 'parquet')"

/** `FROM` stands for the rows. */
const QUERIES: Readonly<Record<string, string>> = {
  count: 'SELECT count(*) FROM',
  sum: 'SELECT sum(revenue), max(price) FROM',
  filter: 'SELECT count(*), sum(revenue) FROM … WHERE customer BETWEEN 1000 AND 1100',
  group: 'SELECT region, year(day) AS y, sum(revenue), count(*) FROM … GROUP BY 1, 2',
  wide: 'SELECT * FROM … ORDER BY revenue DESC LIMIT 100',
}

export async function lakeCost(directory: string): Promise<void> {
  const module = cachedModule('httpfs')
  const lacks = skipWithoutObjectStore()
  if (module === undefined || lacks !== false)
    return say(`lake: not measured; ${lacks || '`npm run emrys -- engines fetch httpfs`'}`)
  const undos: (() => unknown)[] = []
  const ending = { after: (undo: () => unknown) => void undos.push(undo) }
  try {
    const store = await objectStoreServer(ending, ['lake'])
    await measure(directory, module, store)
  } finally {
    for (const undo of undos) await undo()
  }
}

async function measure(
  directory: string,
  module: string,
  { endpoint, region, keyId, secret }: Awaited<ReturnType<typeof objectStoreServer>>,
): Promise<void> {
  const duck = await DuckDBInstance.create(join(directory, 'direct.duckdb'), {
    memory_limit: `${SIZE.memoryBytes}B`,
    threads: String(SIZE.threads),
  })
  const direct = await duck.connect()
  await direct.run(`LOAD '${module}'`)
  await direct.run(
    `CREATE SECRET (TYPE s3, KEY_ID '${keyId}', SECRET '${secret}', ENDPOINT '${new URL(endpoint).host}', REGION '${region}', USE_SSL false, URL_STYLE 'path')`,
  )
  await fill(direct)
  const storage = {
    endpoint,
    region,
    prefixes: [{ name: 'oss://lake/', rights: ['read', 'list'] as const }],
  }
  const engine = await startEngineChild(directory, {
    ...SIZE,
    compiled: join(directory, 'compiled'),
    objects: { module, storage, key: { keyId, secret } },
  })
  try {
    const client = await engine.connect()
    await queries(client, direct)
    await loads(client, direct)
    client.destroy()
  } finally {
    await engine.stop()
    direct.closeSync()
    duck.closeSync()
  }
}

async function fill(direct: DuckDBConnection): Promise<void> {
  const rows = Math.round((MIB * 1024 ** 2) / ROW_BYTES)
  // Columns that compress little, as figures of sales do; files as an engine writes them, of an eighth each.
  await direct.run("SET GLOBAL s3_uploader_max_filesize = '50GB'")
  const part = Math.ceil(rows / 8)
  for (let file = 0; file < 8; file++)
    await direct.run(
      `COPY (SELECT range AS id, (hash(range) % 300000)::INT AS customer, (hash(range + 1) % 1000000000)::BIGINT AS revenue, (hash(range + 2) % 10000000)::DECIMAL(18, 2) AS price, ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE'][(hash(range + 3) % 4)::INT + 1] AS region, DATE '2017-01-01' + (hash(range + 4) % 2500)::INT AS day, md5(range::VARCHAR)[:12] AS note FROM range(${file * part}, ${Math.min(rows, (file + 1) * part)})) TO 's3://lake/orders/${file}.parquet' (FORMAT parquet, COMPRESSION snappy)`,
    )
  const found = await direct.runAndReadAll(`SELECT sum(size), count(*) FROM read_blob('${SOURCE}')`)
  const [size, files] = found.getRows()[0] ?? []
  say(
    `lake: ${(Number(size) / 1024 ** 2).toFixed(0)} MiB of Parquet in ${String(files)} files, ${rows} rows`,
  )
}

async function queries(client: Connection, direct: DuckDBConnection): Promise<void> {
  const rows: Record<string, string | number>[] = []
  const ratios: number[] = []
  for (const [name, sql] of Object.entries(QUERIES)) {
    const over = (source: string) =>
      sql.includes('…') ? sql.replace('…', source) : `${sql} ${source}`
    const taken: [number[], number[]] = [[], []]
    for (let round = 0; round <= ROUNDS; round++) {
      const own = await timed(() => client.query(over(FILES)))
      const plain = await timed(() => direct.runAndReadAll(over(`read_parquet('${SOURCE}')`)))
      // The first one warms up.
      if (round > 0) {
        taken[0].push(own)
        taken[1].push(plain)
      }
    }
    const ratio = median(taken[0]) / median(taken[1])
    ratios.push(ratio)
    rows.push({
      query: name,
      'median ms': Math.round(median(taken[0])),
      'p99 ms': Math.round(Math.max(...taken[0])),
      'DuckDB median ms': Math.round(median(taken[1])),
      'DuckDB p99 ms': Math.round(Math.max(...taken[1])),
      ratio: ratio.toFixed(2),
    })
  }
  console.table(rows)
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  say(
    `FILES() over Parquet: ${mean.toFixed(2)} of DuckDB's own time (geometric mean of ${ratios.length} queries, ${ROUNDS} rounds), worst ${Math.max(...ratios).toFixed(2)}`,
  )
}

async function loads(client: Connection, direct: DuckDBConnection): Promise<void> {
  await client.query('CREATE DATABASE lake; USE lake')
  const taken: [number[], number[]] = [[], []]
  const columns =
    'id BIGINT, customer INT, revenue BIGINT, price DECIMAL(18, 2), region VARCHAR(20), day DATE, note VARCHAR(20)'
  for (let round = 0; round < LOADS; round++) {
    await client.query(
      `DROP TABLE IF EXISTS orders; CREATE TABLE orders (${columns}) DUPLICATE KEY (id) DISTRIBUTED BY HASH (id)`,
    )
    taken[0].push(await timed(() => client.query(`INSERT INTO orders SELECT * FROM ${FILES}`)))
    await direct.run(`DROP TABLE IF EXISTS orders; CREATE TABLE orders (${columns})`)
    taken[1].push(
      await timed(() => direct.run(`INSERT INTO orders SELECT * FROM read_parquet('${SOURCE}')`)),
    )
  }
  say(
    `those files into a table: ${(median(taken[0]) / median(taken[1])).toFixed(2)} of DuckDB's own time (${(median(taken[0]) / 1000).toFixed(1)} s beside ${(median(taken[1]) / 1000).toFixed(1)} s, median of ${LOADS})`,
  )
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}
