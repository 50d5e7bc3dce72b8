/**
 * A server in a process of its own, for tests that kill it. Arguments: data directory, pace, what carries StarRocks instances and what EMR
 * clusters, where the files of engines are, the store, and by how many milliseconds its machine's clock is wrong. Sends its port when ready.
 */
import { flushCompileCache } from 'node:module'
import { loadConfig } from '../../../src/config/config.ts'
import { everyInstance } from '../fixture/instance-shape.ts'
import { systemClock, type MovableClock } from '../../../src/kernel/clock.ts'
import { startServer } from '../../../src/server/server.ts'

const [dataDir = '', pace = 'time:0.05', starrocks = 'simulation', emr = 'simulation', ...more] =
  process.argv.slice(2)
const [cache = '', store = 'embedded', wrongByMs = '0'] = more
const flags = {
  'data-dir': dataDir,
  port: '0',
  'requests-per-second': '0',
  'simulation.default': pace,
  'substrate.starrocks': starrocks,
  'substrate.emr': emr,
  store,
  ...(cache === '' ? {} : { 'engines.cache': cache, 'local.memory-per-cpu': '64' }),
}
const server = await startServer({
  config: loadConfig({ flags }).config,
  ...(wrongByMs !== '0' && { clock: wrongClock(systemClock(), Number(wrongByMs)) }),
})
process.send?.({ port: server.port })
// The next one starts faster; what a process keeps of it would be lost with `kill -9`.
flushCompileCache()
const answers: Readonly<Record<string, () => unknown>> = {
  counts: server.loop.counts,
  cpu: () => process.cpuUsage(),
  kept: () => everyInstance(server.store),
}
process.on('message', (asked) => void answer(String(asked)))
process.on('disconnect', () => process.exit(0))

async function answer(asked: string): Promise<void> {
  process.send?.(await answers[asked]?.())
}

function wrongClock(clock: MovableClock, byMs: number): MovableClock {
  return {
    now: () => clock.now() + byMs,
    wall: () => clock.wall() + byMs,
    at: (atMs, task) => clock.at(atMs - byMs, task),
    advance: (ms) => clock.advance(ms),
    get aheadMs() {
      return clock.aheadMs
    },
  }
}
