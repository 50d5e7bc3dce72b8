/** An Emrys server in a process of its own, and what it needs to answer questions about itself. */
import { loadConfig } from '../src/config/config.ts'
import { startServer } from '../src/server/server.ts'

const [dataDir = '', pace = 'immediate', store = 'embedded'] = process.argv.slice(2)
const flags = {
  'data-dir': dataDir,
  port: '0',
  store,
  'requests-per-second': '0',
  'simulation.default': pace,
  'substrate.starrocks': 'simulation',
}
const server = await startServer({ config: loadConfig({ flags }).config })
process.send?.({ port: server.port })
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ rss: process.memoryUsage().rss })
  if (message === 'processor') {
    const { user, system } = process.cpuUsage()
    process.send?.({ micros: user + system })
  }
  if (message === 'tally')
    void server.store.read((tx) => tx.tally('cluster')).then((tally) => process.send?.(tally))
})
process.on('disconnect', () => void server.close().then(() => process.exit(0)))
