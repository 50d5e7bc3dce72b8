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
import { pageCost } from './page.ts'
import { flushesPerSecond } from './disk.ts'
import { startCost } from './start.ts'
import { statementCounts } from './statements.ts'
import { storeCost } from './store.ts'
import { validationCost } from './validation.ts'

interface Subject {
  readonly about: string
  readonly run: () => Promise<void>
  /** Measured only when it is named: it takes long, or needs what not every machine has. */
  readonly named?: true
}

const subjects: Readonly<Record<string, Subject>> = {
  validation: { about: 'what checking and authorising a create costs', run: validation },
  server: { about: 'requests beside a bare server and moto; start and memory', run: beside },
  pages: { about: 'pages at 100 to 100 000 clusters', run: pages },
  change: { about: 'changes of a running cluster beside its create', run: changes },
  engine: { about: 'an instance beside DuckDB: queries, loads, start, memory', run: engine },
  lake: { about: 'files in object storage', run: () => lakeCost(dataDir), named: true },
  emr: {
    about: 'EMR clusters that really run; minutes (emr sql: Hive alone)',
    run: () => emrCost(join(dataDir, 'emr')),
    named: true,
  },
  store: { about: 'the embedded store beside PostgreSQL', run: stores, named: true },
  listing: { about: 'listings beside a million clusters', run: listings, named: true },
  console: { about: 'the console in a browser', run: consoles, named: true },
}

const [name = ''] = process.argv.slice(2)
const chosen = name === '' ? Object.values(subjects).filter((each) => !each.named) : subjects[name]
if (chosen === undefined) {
  process.stderr.write(help(name))
  process.exit(['help', '--help', '-h'].includes(name) ? 0 : 1)
}
const dataDir = mkdtempSync(join(process.env['BENCH_DIR'] ?? import.meta.dirname, '.data-'))
try {
  for (const { run } of [chosen].flat()) await run()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

function help(asked: string): string {
  const unknown = asked.startsWith('-') || asked === 'help' ? '' : `There is no subject ${asked}.\n`
  const lines = Object.entries(subjects).map(
    ([subject, { about, named }]) => `  ${subject.padEnd(12)}${about}${named ? ' *' : ''}\n`,
  )
  return `${unknown}npm run bench -- [SUBJECT]\n\n${lines.join('')}\n* only when it is named; without a SUBJECT all others are measured.\nserver, engine and listing write what they find into docs/performance.md.\n`
}

async function engine(): Promise<void> {
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

async function pages(): Promise<void> {
  const { lines, facts } = await pageCost(join(dataDir, 'pages'))
  console.table(lines)
  for (const fact of facts) console.log(`- ${fact}`)
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

function times(ratio: number): string {
  return `${ratio.toFixed(2)} x`
}
