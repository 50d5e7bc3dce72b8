/**
 * What a create can be at best on this machine: a bare Fastify server that writes the rows which a create leaves, of the same sizes into the same
 * tables, in grouped commits that are on the disk before it answers, and does nothing else. The rows are those of one create of the real server.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fastify from 'fastify'
import { loadConfig } from '../src/config/config.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startServer } from '../src/server/server.ts'
import { connect, demandDurable } from '../src/store/sqlite/connection.ts'
import { runLoad } from './process.ts'
import { createBody, wireRequest } from './request.ts'

type Row = Readonly<Record<string, string | number>>
type Rows = ReadonlyMap<string, readonly Row[]>

const TABLES = ['document', 'token', 'audit', 'work_item', 'address'] as const
/** What is another one for each create; their ends are replaced by its own letters. */
const OWN = new Set(['id', 'parent', 'token', 'holder', 'subject', 'request_id', 'name'])
const ID_LETTERS = 8
/** One after the other, as the real server's. */
const FIRST_ID = 36 ** (ID_LETTERS - 1)
/** As the real server lets its log grow. */
const LOG_PAGES = 4_000

const [dataDir = '', answerBytes = '0'] = process.argv.slice(2)
const file = join(dataDir, 'emrys.db')
const template = await rowsOfCreate()
const connection = connect(file, { readOnly: false })
demandDurable(connection)
connection.exec(`pragma wal_autocheckpoint = ${LOG_PAGES}`)
const inserts = [...template].map(([table, rows]) => insertOf(table, rows))

const answer = JSON.stringify({
  Response: { filler: 'x'.repeat(Math.max(0, Number(answerBytes) - 28)) },
})
let waiting: (() => void)[] = []
let created = 0
const app = fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.all('*', async (_request, reply) => {
  await new Promise<void>((resolve) => {
    waiting.push(resolve)
    if (waiting.length === 1) setImmediate(commit)
  })
  return reply.header('content-type', 'application/json').send(answer)
})
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: (app.server.address() as AddressInfo).port })
process.on('disconnect', () => process.exit(0))

function commit(): void {
  const batch = waiting
  waiting = []
  connection.exec('begin immediate')
  for (const _ of batch) {
    created++
    const own = (FIRST_ID + created).toString(36)
    for (const { sql, valuesOf } of inserts) connection.run(sql, valuesOf(own, created))
  }
  connection.exec('commit')
  for (const answered of batch) answered()
}

/** The rows that were not there before it; the first create of an account makes its network as well, so that it is the second. */
async function rowsOfCreate(): Promise<Rows> {
  const flags = {
    'data-dir': dataDir,
    port: '0',
    'requests-per-second': '0',
    'simulation.default': 'time:30',
    'substrate.starrocks': 'simulation',
  }
  const server = await startServer({ config: loadConfig({ flags }).config, log: silentLogger() })
  const { port } = server
  const create = async (n: number) => {
    const requests = [wireRequest(port, 'CreateInstance', createBody(n))]
    await runLoad({
      port,
      connections: 1,
      requests,
      mode: { each: 'once' },
      expect: '"InstanceId"',
    })
    await server.loop.drain()
  }
  await create(0)
  const before = allRows()
  await create(1)
  const after = allRows()
  await server.close()
  return new Map(
    TABLES.map((table) => {
      const known = new Set(before.get(table)?.map((row) => JSON.stringify(row)))
      return [table, (after.get(table) ?? []).filter((row) => !known.has(JSON.stringify(row)))]
    }),
  )
}

function allRows(): Rows {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return new Map(
      TABLES.map((table) => [table, database.prepare(`select * from ${table}`).all() as Row[]]),
    )
  } finally {
    database.close()
  }
}

/** One statement for all of them. */
function insertOf(table: string, rows: readonly Row[]) {
  if (rows.length === 0) throw new Error(`a create left nothing in ${table}`)
  const columns = Object.keys(rows[0]!).filter((column) => column !== 'seq')
  const holes = rows.map(() => `(${columns.map(() => '?').join(', ')})`)
  return {
    sql: `insert into ${table} (${columns.join(', ')}) values ${holes.join(', ')}`,
    valuesOf: (own: string, n: number) =>
      rows.flatMap((row) =>
        columns.map((column) => {
          const value = row[column]!
          if (column === 'number') return Number(value) + n * rows.length
          if (!OWN.has(column) || value === '') return value
          return `${String(value).slice(0, -ID_LETTERS)}${own}`
        }),
      ),
  }
}
