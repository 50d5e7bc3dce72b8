/**
 * What an engine on this machine does, beside DuckDB itself where it can be asked the same: point queries, the Star Schema
 * Benchmark and TPC-H through the MySQL wire, Stream Load against DuckDB's CSV reader, and an idle engine's memory. Ratios are of
 * things measured in the same run, in turns.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { analytic, starSchema, tpch } from './analytic.ts'
import { startEngineChild, type EngineChild } from './engine-child.ts'
import { encryptionCost } from './encryption.ts'
import { expressions } from './expression.ts'
import { keep, report, reported, type Finding } from './report.ts'
import type { PointRate } from './point-load.ts'

const SIZE = { threads: 2, memoryBytes: 1024 ** 3 }
const POINT_ROWS = 100_000
const CONNECTIONS = 16
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)
const ORDERS = Number(process.env['BENCH_ORDERS'] ?? 2_000_000)
const SCALE = Number(process.env['BENCH_SCALE'] ?? 0.1)

/** `built`: the engine's program as the package has it. */
export async function benchEngine(parent: string, built?: string): Promise<readonly Finding[]> {
  const directory = mkdtempSync(join(parent, 'engine-bench-'))
  try {
    const size = { ...SIZE, compiled: join(directory, 'compiled') }
    if (built !== undefined) await idle(directory, 'as the package has it', built)
    await idle(directory, 'from a checkout')
    const engine = await startEngineChild(directory, size)
    try {
      await pointQueries(engine)
      for (const each of [starSchema(ORDERS), tpch(SCALE)]) await analytic(engine, directory, each)
      await expressions(engine)
    } finally {
      await engine.stop()
    }
    await streamLoad()
    await encryptionCost(directory, ORDERS)
    return reported()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Started a second time, as the substrate starts every engine but the first. */
async function idle(parent: string, what: string, program?: string): Promise<void> {
  const compiled = join(parent, program === undefined ? 'compiled' : 'compiled-package')
  const options = { ...SIZE, compiled, ...(program !== undefined && { program }) }
  await (await startEngineChild(parent, options)).stop()
  const engine = await startEngineChild(parent, options)
  report({
    what: `An idle engine, ${what}`,
    found: `${engine.memoryMib().toFixed(0)} MiB (its share of shared pages included), ready after ${engine.processorMs().all.toFixed(0)} ms of processor time`,
    aim: 'under 110 MiB',
  })
  await engine.stop()
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
    const before = engine.processorMs()
    const { perSecond, answers, p50Ms, p99Ms } = await pointRate(engine, kind)
    const after = engine.processorMs()
    const each = (ms: number) => `${((ms * 1000) / answers).toFixed(0)} µs`
    report({
      what: `Point queries, ${kind}, ${CONNECTIONS} connections`,
      found: `${perSecond.toFixed(0)} a second, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms; processor time each ${each(after.all - before.all)}, of that ${each(after.main - before.main)} on the main thread`,
      aim: '3 000 a second',
    })
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

async function streamLoad(): Promise<void> {
  const program = join(import.meta.dirname, 'stream-load.ts')
  const child = spawn(process.execPath, [program, '500000'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', (it) => keep(it as Finding))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('the bench of Stream Load failed')
}
