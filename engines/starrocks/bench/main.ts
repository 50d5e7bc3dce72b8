/**
 * The engine's benches by themselves: `node engines/starrocks/bench/main.ts`. `npm run bench -- engine` runs them too.
 * With `encryption`, only what an encrypted instance costs; with `lake`, only files in object storage. BENCH_MS is the time per measurement, BENCH_ORDERS the size of the Star Schema Benchmark, BENCH_DIR where data goes.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { encryptionCost } from './encryption.ts'
import { benchEngine } from './engine.ts'
import { lakeCost } from './lake.ts'

const directory = mkdtempSync(join(process.env['BENCH_DIR'] ?? import.meta.dirname, '.data-'))
try {
  const orders = Number(process.env['BENCH_ORDERS'] ?? 2_000_000)
  if (process.argv.includes('encryption')) await encryptionCost(directory, orders)
  else if (process.argv.includes('lake')) await lakeCost(directory)
  else await benchEngine(directory)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
