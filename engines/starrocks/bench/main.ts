/**
 * The engine's benches by themselves: `node engines/starrocks/bench/main.ts`. `npm run bench -- engine` runs them too.
 * BENCH_MS is the time per measurement, BENCH_ORDERS the size of the Star Schema Benchmark, BENCH_DIR where data goes.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { benchEngine } from './engine.ts'

const directory = mkdtempSync(join(process.env['BENCH_DIR'] ?? import.meta.dirname, '.data-'))
try {
  await benchEngine(directory)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
