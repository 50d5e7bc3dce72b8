/** A server in a process of its own, for tests that kill it. Arguments: data directory, pace, what carries StarRocks instances. Sends its port when ready. */
import { loadConfig } from '../../../src/config/config.ts'
import { startServer } from '../../../src/server/server.ts'

const [dataDir = '', pace = 'time:0.05', starrocks = 'simulation'] = process.argv.slice(2)
const flags = {
  'data-dir': dataDir,
  port: '0',
  'requests-per-second': '0',
  'simulation.default': pace,
  'substrate.starrocks': starrocks,
}
const server = await startServer({ config: loadConfig({ flags }).config })
process.send?.({ port: server.port })
process.on('message', (asked) =>
  process.send?.(asked === 'counts' ? server.loop.counts() : process.cpuUsage()),
)
process.on('disconnect', () => process.exit(0))
