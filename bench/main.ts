/**
 * `npm run bench`: what the server does in a second, beside what the machine could do. Every claim is a ratio of two things
 * measured in the same run: Emrys against a bare Fastify server with the same bodies and answer sizes, and durable creates
 * against the disk's own flushes. Machines differ and are noisy; ratios travel.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { benchEngine } from '../engines/starrocks/bench/engine.ts'
import { report } from '../engines/starrocks/bench/report.ts'
import { lakeCost } from '../engines/starrocks/bench/lake.ts'
import { builtPackage } from './built-package.ts'
import { besideOthers } from './beside.ts'
import { changeCost } from './change.ts'
import { consoleCost } from './console.ts'
import { writeSection } from './document.ts'
import { emrCost } from './emr.ts'
import { firstRow, packagedFirstRow } from './first-row.ts'
import { listingCost, LISTED } from './listing.ts'
import { runLoad, startChild, type Child } from './process.ts'
import { flushesPerSecond } from './disk.ts'
import type { Measured } from './load.ts'
import { wireRequest } from './request.ts'
import { seedClusters, seededDirectory } from './seed.ts'
import { startCost } from './start.ts'
import { statementCounts } from './statements.ts'
import { storeCost } from './store.ts'
import { validationCost } from './validation.ts'

const COUNTS = [100, 10_000, 100_000]
const FOR_MS = Number(process.env['BENCH_MS'] ?? 4000)
/** `npm run bench -- validation` measures what checking costs, and nothing else. */
const ONLY_VALIDATION = process.argv.includes('validation')
/** `npm run bench -- engine` measures what an instance does, and nothing else. */
const ONLY_ENGINE = process.argv.includes('engine')
/** `npm run bench -- lake` measures files in object storage, and nothing else. */
const ONLY_LAKE = process.argv.includes('lake')
/** `npm run bench -- change` measures what changes cost beside a creation, and nothing else. */
const ONLY_CHANGE = process.argv.includes('change')
/** `npm run bench -- emr` measures EMR clusters that really run, which takes minutes, and nothing else. */
const ONLY_EMR = process.argv.includes('emr')
/** `npm run bench -- server` measures the control plane beside others, and how it starts, and writes that down; nothing else. */
const ONLY_SERVER = process.argv.includes('server')
/** `npm run bench -- store` measures one server and several on PostgreSQL beside the embedded store, and nothing else. */
const ONLY_STORE = process.argv.includes('store')
/** `npm run bench -- listing` measures listings beside a million clusters, and nothing else. */
const ONLY_LISTING = process.argv.includes('listing')
/** `npm run bench -- console` measures the console in a browser, and nothing else. */
const ONLY_CONSOLE = process.argv.includes('console')
const PAGE = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }

interface Line {
  readonly what: string
  readonly connections: number
  readonly measured: Measured
  readonly ratio?: string
}

const lines: Line[] = []
const facts: string[] = []
const dataDir = mkdtempSync(join(process.env['BENCH_DIR'] ?? import.meta.dirname, '.data-'))

try {
  if (ONLY_EMR) await emrCost(join(dataDir, 'emr'))
  else if (ONLY_STORE) await stores()
  else if (ONLY_SERVER) await beside()
  else if (ONLY_LISTING) await listings()
  else if (ONLY_CONSOLE) await consoles()
  else await benchOthers()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

async function benchOthers(): Promise<void> {
  if (!ONLY_ENGINE && !ONLY_CHANGE && !ONLY_LAKE) await benchServer()
  if (!ONLY_VALIDATION && !ONLY_ENGINE && !ONLY_LAKE) await changes()
  if (ONLY_LAKE) await lakeCost(dataDir)
  if (!ONLY_VALIDATION && !ONLY_CHANGE && !ONLY_LAKE) {
    const built = await builtPackage(join(dataDir, 'package'))
    report(await packagedFirstRow(join(dataDir, 'first-row-package'), built.command))
    report(await firstRow(join(dataDir, 'first-row')))
    const rows = (await benchEngine(dataDir, built.engine)).map(({ what, found, aim = '–' }) => ({
      What: what,
      Found: found,
      Aim: aim,
    }))
    const heading = 'The StarRocks-compatible engine beside DuckDB'
    writeSection({ name: 'engine', heading, command: 'npm run bench -- engine', rows })
  }
}

async function stores(): Promise<void> {
  const costs = await storeCost(join(dataDir, 'store'))
  const [embedded] = costs
  console.table(
    costs.map(({ what, creates: made, describes: shown }) => ({
      '64 connections': what,
      'creates per second': Math.round(made.perSecond),
      'create p99 ms': Number(made.p99Ms.toFixed(1)),
      'server µs': Math.round(made.serverMicros),
      'database µs': Math.round(made.databaseMicros),
      'of embedded': times(made.perSecond / (embedded?.creates.perSecond ?? 1)),
      'describes per second': Math.round(shown.perSecond),
      'describe p99 ms': Number(shown.p99Ms.toFixed(1)),
      ' server µs': Math.round(shown.serverMicros),
      ' database µs': Math.round(shown.databaseMicros),
      ' of embedded': times(shown.perSecond / (embedded?.describes.perSecond ?? 1)),
    })),
  )
}

async function listings(): Promise<void> {
  const costs = await listingCost(join(dataDir, 'listing'))
  console.table(costs)
  const heading = 'Listings beside a million clusters'
  const rows = costs.map(({ what, few, many, ratio }) => ({
    'What is listed': what,
    'ms beside 100': few,
    [`ms beside ${LISTED}`]: many,
    Ratio: ratio,
    Aim: what === 'page' ? 'at most 1.5' : 'at most 3',
  }))
  writeSection({ name: 'listing', heading, command: 'npm run bench -- listing', rows })
}

async function consoles(): Promise<void> {
  const costs = await consoleCost(join(dataDir, 'console'))
  console.table(
    costs.map((it) => ({
      clusters: it.clusters,
      'first view ms': Math.round(it.firstViewMs),
      'its server ms': Number(it.firstViewServerMs.toFixed(1)),
      'kB compressed': Number(it.compressedKb.toFixed(1)),
      'live update ms': Math.round(it.liveMs),
      ' its server ms': Number(it.liveServerMs.toFixed(1)),
      'idle ‰ of a processor': Number(it.idleWithout.toFixed(1)),
      'with an open page': Number(it.idleWith.toFixed(1)),
      'resident MiB': Math.round(it.residentMib),
    })),
  )
}

async function benchServer(): Promise<void> {
  const flushes = flushesPerSecond(dataDir)
  facts.push(`disk: ${Math.round(flushes)} writes of 4 KiB with fsync per second`)
  await validation()
  if (!ONLY_VALIDATION) {
    await beside()
    await pages()
  }
  printServer()
}

/** Written to docs/performance.md. */
async function beside(): Promise<void> {
  const command = 'npm run bench -- server'
  const flushes = flushesPerSecond(dataDir)
  const rows = await besideOthers(join(dataDir, 'beside'))
  const counts = await statementCounts(join(dataDir, 'statements'))
  console.table(counts)
  const heading = 'Requests beside a bare Fastify server and moto'
  const remarks = [
    `The disk took ${Math.round(flushes)} writes of 4 KiB with fsync a second.`,
    'The floor is a bare Fastify server that writes the rows of a create, of the same sizes into the same tables and indexes, in grouped commits that are on the disk before it answers, and does nothing else: what a durable create can be of bare at best.',
    ...counts.map(
      ({ what, statements, pragmas, commits }) =>
        `Statements of a ${what}: ${statements}, ${pragmas} of which ask whether somebody else committed, in ${commits} commits.`,
    ),
  ]
  writeSection({ name: 'requests', heading, command, rows, remarks })
  const starts = await startCost(join(dataDir, 'start'))
  console.table(starts)
  const memory = { name: 'start', heading: 'Start and memory', command, rows: starts }
  writeSection({
    ...memory,
    remarks: ['Memory is what the process has resident, files that it shares among it.'],
  })
}

async function validation(): Promise<void> {
  const costs = await validationCost(join(dataDir, 'validation'))
  const named = {
    full: 'checked and authorised',
    allocated: 'ready cluster',
    bare: 'ready cluster, no environment',
  }
  console.table(
    costs.map(({ door, perSecond, p50Ms, p99Ms, cpuMicros, ratio }) => ({
      'create, 16 connections': named[door],
      'per second': Math.round(perSecond),
      'p50 ms': Number(p50Ms.toFixed(2)),
      'p99 ms': Number(p99Ms.toFixed(2)),
      'processor µs each': Math.round(cpuMicros),
      'checked over this': `${times(ratio.median)} (${times(ratio.min)} to ${times(ratio.max)})`,
    })),
  )
}

async function changes(): Promise<void> {
  for (const substrate of ['simulation', 'local'] as const) {
    const costs = await changeCost(join(dataDir, `change-${substrate}`), substrate)
    console.table(
      costs.map(({ what, medianMs, p99Ms, ofCreate }) => ({
        [`until it runs (${substrate})`]: what,
        'median ms': Math.round(medianMs),
        'p99 ms': Math.round(p99Ms),
        'of a create': times(ofCreate),
      })),
    )
  }
}

async function pages(): Promise<void> {
  const directory = join(dataDir, 'pages')
  await seededDirectory(directory, 100)
  let first: Measured | undefined
  for (const count of COUNTS) {
    await seedClusters(directory, count)
    const server = await startChild('server.ts', [directory])
    if (count !== 100)
      facts.push(
        `ready with ${count} clusters in ${Math.round(server.readyMs)} ms after the process was started`,
      )
    const requests = [wireRequest(server.port, 'DescribeInstances', PAGE)]
    const measured = await compare(`page of 10 at ${count} clusters`, {
      server,
      requests,
      connections: 16,
      expect: `"TotalCnt":${count}`,
    })
    first ??= measured
    facts.push(
      `a page at ${count} clusters takes ${times(measured.p50Ms / first.p50Ms)} its time at 100 (median)`,
    )
    const { rss } = await server.ask<{ rss: number }>('memory')
    facts.push(
      `resident with ${count} clusters after this load: ${Math.round(rss / 1_048_576)} MiB`,
    )
    await stopped(server)
  }
}

interface Comparison {
  readonly server: Child
  readonly requests: readonly Uint8Array[]
  readonly connections: number
  readonly expect: string
}

async function compare(
  what: string,
  { server, requests, connections, expect }: Comparison,
): Promise<Measured> {
  const job = { connections, requests, mode: { each: 'again', forMs: FOR_MS } } as const
  await runLoad({ ...job, port: server.port, expect, mode: { each: 'again', forMs: 1000 } })
  const measured = await runLoad({ ...job, port: server.port, expect })
  const bare = await bareLike(requests, measured.answerBytes, connections)
  lines.push({
    what,
    connections,
    measured,
    ratio: `${times(measured.perSecond / bare.perSecond)} bare`,
  })
  lines.push({ what: '  bare server, same bodies', connections, measured: bare })
  return measured
}

async function bareLike(
  requests: readonly Uint8Array[],
  answerBytes: number,
  connections: number,
): Promise<Measured> {
  const bare = await startChild('bare.ts', [String(answerBytes)])
  const job = { port: bare.port, connections, requests, expect: 'Response' }
  await runLoad({ ...job, mode: { each: 'again', forMs: 1000 } })
  const measured = await runLoad({ ...job, mode: { each: 'again', forMs: FOR_MS } })
  await bare.stop()
  return measured
}

async function stopped(server: Child): Promise<void> {
  await server.stop()
}

function printServer(): void {
  const table = lines.map(({ what, connections, measured, ratio }) => ({
    what,
    connections,
    'per second': Math.round(measured.perSecond),
    'p50 ms': Number(measured.p50Ms.toFixed(2)),
    'p99 ms': Number(measured.p99Ms.toFixed(2)),
    'answer bytes': measured.answerBytes,
    ratio: ratio ?? '',
  }))
  console.table(table)
  for (const fact of facts) console.log(`- ${fact}`)
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} x`
}
