/**
 * A MySQL protocol server of its own process that answers every query with as many rows as its first argument says.
 * Writes its port, then, for each line on stdin, how much memory it holds and how far that is above the level after
 * the first tenth of the rows. Ends with its parent's pipe.
 */
import { defaultMysqlLimits } from '../../src/wire-mysql/mysql-limits.ts'
import { startMysqlServer } from '../../src/wire-mysql/mysql-server.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import { column, scriptedEngine, streamed } from './scripted-engine.ts'

const total = Number(process.argv[2])
const CHUNK_ROWS = 2_048
let early = 0
let highest = 0

/** One chunk again and again, so that what grows is the server's and not this source's. */
function* source() {
  const chunk = Array.from({ length: CHUNK_ROWS }, (_, index) => [index, `row number ${index}`])
  for (let from = 0; from < total; from += CHUNK_ROWS) {
    yield total - from < CHUNK_ROWS ? chunk.slice(0, total - from) : chunk
    const rss = process.memoryUsage.rss()
    if (from < total / 10) early = Math.max(early, rss)
    highest = Math.max(highest, rss)
  }
}

const server = await startMysqlServer({
  engine: scriptedEngine({ answer: () => streamed([column('n', 'long'), column('s')], source()) }),
  host: '127.0.0.1',
  port: 0,
  log: silentLogger(),
  limits: defaultMysqlLimits,
  clock: systemClock(),
})
process.stdout.write(String(server.port))
process.stdin.on('data', () => {
  process.stdout.write(JSON.stringify({ rss: highest, growth: highest - early }))
})
process.stdin.on('end', () => process.exit(0))
