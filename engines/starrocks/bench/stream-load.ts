/**
 * Stream Load's bytes a second beside DuckDB's own CSV and JSON readers on the same files, in turns within one run, and how much
 * memory the engine takes for a file and for one four times as large (it must not grow with the file).
 * Both end with the rows committed in a table of the same columns in a database file; the loads pass HTTP from this process.
 *
 * Run: node engines/starrocks/bench/stream-load.ts [rows, default 1000000] [rounds, default 3]
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { createConnection } from 'mysql2/promise'
import { median, report } from './report.ts'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const MEMORY_BYTES = 268_435_456
const THREADS = 2
const MAIN = new URL('../src/main.ts', import.meta.url).pathname

/** Names and types in StarRocks' words and DuckDB's. */
const COLUMNS = [
  ['id', 'BIGINT'],
  ['customer', 'INT'],
  ['name', 'VARCHAR(100)'],
  ['day', 'DATE'],
  ['price', 'DECIMAL(10,2)'],
  ['note', 'VARCHAR(100)'],
  ['total', 'BIGINT'],
  ['quantity', 'INT'],
] as const

const directory = mkdtempSync(join(process.env['BENCH_DIR'] ?? import.meta.dirname, '.data-'))
try {
  await measure()
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const plain = await written('plain.csv', ROWS, csvRow)
  const enclosed = await written('enclosed.csv', ROWS / 4, (row) =>
    valuesOf(row)
      .map((value) => `"${value}"`)
      .join(','),
  )
  const json = await written('rows.json', ROWS / 4, (row) =>
    JSON.stringify(Object.fromEntries(valuesOf(row).map((value, at) => [COLUMNS[at]?.[0], value]))),
  )
  const engine = await startEngine()
  const csv = { column_separator: ',' }
  const rates: Record<'duck' | 'load' | 'duckJson' | 'loadJson', number[]> = {
    duck: [],
    load: [],
    duckJson: [],
    loadJson: [],
  }
  for (let round = 0; round < ROUNDS; round++) {
    rates.duck.push(await rate(plain, () => duckReads(plain, `csv-${round}`)))
    rates.load.push(await rate(plain, () => load(engine, plain, csv)))
    rates.duckJson.push(await rate(json, () => duckReads(json, `json-${round}`)))
    rates.loadJson.push(await rate(json, () => load(engine, json, { format: 'json' })))
  }
  const small = peakMegabytes(engine)
  const [duck, loaded] = [median(rates.duck), median(rates.load)]
  report({
    what: 'Stream Load, plain CSV',
    found: `${loaded.toFixed(1)} MB/s, ${(loaded / duck).toFixed(2)} of DuckDB's reader (${duck.toFixed(1)} MB/s)`,
    aim: 'at least 0.7',
  })
  const quoted = await rate(enclosed, () => load(engine, enclosed, { ...csv, enclose: '"' }))
  report({ what: 'Stream Load, enclosed CSV', found: `${quoted.toFixed(1)} MB/s` })
  const [duckJson, documents] = [median(rates.duckJson), median(rates.loadJson)]
  report({
    what: 'Stream Load, JSON lines',
    found: `${documents.toFixed(1)} MB/s, ${(documents / duckJson).toFixed(2)} of DuckDB's reader (${duckJson.toFixed(1)} MB/s)`,
    aim: 'at least 0.5',
  })
  rmSync(enclosed)
  rmSync(json)
  const large = await written('large.csv', ROWS * 4, csvRow)
  const largeRate = await rate(large, () => load(engine, large, csv))
  report({
    what: `Stream Load, ${megabytes(large)} MB at once`,
    found: `${largeRate.toFixed(1)} MB/s`,
  })
  report({
    what: "The engine's peak memory",
    found: `${small} MB after files of ${megabytes(plain)} MB, ${peakMegabytes(engine)} MB after one of ${megabytes(large)} MB (DuckDB's limit: ${MEMORY_BYTES >> 20} MB)`,
    aim: 'at most 1.25 times that limit and 1 GiB, where the watchdog ends statements',
  })
  const ended = once(engine.child, 'exit')
  engine.child.kill('SIGTERM')
  await ended
}

function csvRow(row: number): string {
  return valuesOf(row).join(',')
}

function valuesOf(row: number): string[] {
  return [
    String(row),
    String((row * 7919) % 100_000),
    `customer ${row % 5000}`,
    `2024-0${1 + (row % 9)}-1${row % 10}`,
    ((row % 10_000) / 100).toFixed(2),
    row % 3 === 0 ? '' : `what was said about order ${row}`,
    String(row * 31),
    String(row % 97),
  ]
}

async function written(
  name: string,
  rows: number,
  rowOf: (row: number) => string,
): Promise<string> {
  const path = join(directory, name)
  const blocks = function* () {
    for (let first = 0; first < rows; first += 10_000) {
      const count = Math.min(10_000, rows - first)
      yield `${Array.from({ length: count }, (_, at) => rowOf(first + at)).join('\n')}\n`
    }
  }
  await pipeline(blocks, createWriteStream(path))
  return path
}

async function rate(path: string, work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return statSync(path).size / 1000 / (performance.now() - start)
}

async function duckReads(path: string, database: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(directory, `own-${database}.duckdb`), {
    threads: String(THREADS),
    memory_limit: `${MEMORY_BYTES}B`,
  })
  const connection = await instance.connect()
  const columns = COLUMNS.map(([name, type]) => `'${name}': '${type}'`).join(', ')
  const reader = path.endsWith('.json')
    ? `read_ndjson('${path}', columns = {${columns}})`
    : `read_csv('${path}', header = false, columns = {${columns}})`
  await connection.run(`CREATE TABLE t AS SELECT * FROM ${reader}`)
  connection.closeSync()
  instance.closeSync()
}

interface Engine {
  readonly child: ChildProcess
  readonly front: number
}

async function startEngine(): Promise<Engine> {
  const home = mkdtempSync(join(directory, 'engine-'))
  const ports = { queryPort: 0, frontPort: 0, backPort: 0 }
  const node = { role: 'be', host: '127.0.0.1', group: 'be', zone: 'z', version: '3.3.8' }
  const configuration = {
    instance: 'bench',
    version: '3.3.8',
    host: '127.0.0.1',
    ...ports,
    threads: THREADS,
    memoryBytes: MEMORY_BYTES,
    storageBytes: 64 * 1024 ** 3,
    nodes: [{ name: 'be-0', ...node }],
  }
  writeFileSync(join(home, 'engine.json'), JSON.stringify(configuration))
  writeFileSync(join(home, 'admin-verifier'), '', { mode: 0o600 })
  const child = spawn(process.execPath, [MAIN, home], { stdio: ['ignore', 'pipe', 'ignore'] })
  if (!child.stdout) throw new Error('no standard output')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const ready = JSON.parse(line) as { ports: { query: number; front: number } }
  const client = await createConnection({
    host: '127.0.0.1',
    port: ready.ports.query,
    user: 'admin',
    multipleStatements: true,
  })
  const columns = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')
  await client.query(
    `CREATE DATABASE d; CREATE TABLE d.t (${columns}) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id)`,
  )
  client.destroy()
  return { child, front: ready.ports.front }
}

async function load(
  { front }: Engine,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const put = (url: string) => {
    const sent = request(url, {
      method: 'PUT',
      auth: 'admin:',
      agent: false,
      headers: { ...headers, Expect: '100-continue', 'Content-Length': statSync(path).size },
    })
    sent.flushHeaders()
    sent.once('continue', () => void createReadStream(path).pipe(sent))
    return sent
  }
  const asked = put(`http://127.0.0.1:${front}/api/d/t/_stream_load`)
  const [redirect] = (await once(asked, 'response')) as [IncomingMessage]
  asked.destroy()
  const [response] = (await once(put(redirect.headers.location ?? ''), 'response')) as [
    IncomingMessage,
  ]
  let text = ''
  for await (const piece of response) text += String(piece)
  const { Status } = JSON.parse(text) as { Status: string }
  if (Status !== 'Success') throw new Error(text)
}

/** The highest resident size of the process until now. */
function peakMegabytes({ child }: Engine): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

function megabytes(path: string): number {
  return Math.round(statSync(path).size / 1e6)
}
