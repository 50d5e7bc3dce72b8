/**
 * `npm run conformance -- DIR`: replays a copy of StarRocks' SQL suite (a folder with `sql` and `lib`) against an engine that it
 * starts, or against `--host` and `--port`, and prints how the answers differ from the recorded ones. What was replayed is kept in
 * `--results` (JSON lines), so that an interrupted run goes on where it was; `--fresh` begins again, `--only PATTERN` replays the
 * cases whose `file:case` matches, `--json` prints the figures as JSON, `--seconds` bounds each statement.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { localEngine } from './conformance/local-engine.ts'
import { replayCase } from './conformance/replay.ts'
import type { Judged } from './conformance/replay.ts'
import { openSuite } from './conformance/suite.ts'
import { tally, tallyText } from './conformance/tally.ts'
import type { Record } from './conformance/tally.ts'

/** More of a text is not kept. */
const KEPT = 2000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    results: { type: 'string', default: '.cache/conformance.jsonl' },
    fresh: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    host: { type: 'string' },
    port: { type: 'string', default: '9030' },
    'http-port': { type: 'string', default: '8030' },
    user: { type: 'string', default: 'root' },
    password: { type: 'string', default: '' },
    version: { type: 'string', default: '3.3.7' },
  },
})
const [directory] = positionals
if (directory === undefined)
  throw new Error('name the folder of the suite: npm run conformance -- DIR')

const suite = openSuite(directory)
const results = resolve(values.results)
mkdirSync(dirname(results), { recursive: true })
if (values.fresh) rmSync(results, { force: true })
const records = readRecords(results)
const done = new Set(records.map((each) => `${each.file}:${each.case}`))
const chosen = values.only === undefined ? undefined : new RegExp(values.only)
const engine = values.host === undefined ? localEngine(values.version) : undefined
const remote = {
  host: values.host ?? '',
  port: Number(values.port),
  httpPort: Number(values['http-port']),
  user: values.user,
  password: values.password,
}
let stopped = false
process.once('SIGINT', () => (stopped = true))
process.once('SIGTERM', () => (stopped = true))

try {
  for (const file of suite.files) {
    const cases = file.cases().filter(({ name }) => chosen?.test(`${file.path}:${name}`) ?? true)
    for (const each of cases) {
      if (stopped || done.has(`${file.path}:${each.name}`)) continue
      const reason = file.outside
      const judged: readonly Judged[] =
        reason === undefined
          ? await replayCase(
              {
                endpoint: engine ? await engine.endpoint() : remote,
                root: suite.root,
                timeoutMs: Number(values.seconds) * 1000,
                isSkipped: (statement) => suite.isSkipped(statement),
              },
              each,
            )
          : each.steps.map((step) => ({ statement: step.text, outcome: 'outside', reason }))
      keep(judged.map((one) => ({ suite: file.suite, file: file.path, case: each.name, ...one })))
      tell(`${file.path}:${each.name}`, judged)
    }
  }
} finally {
  await engine?.close()
}
const seen = records.filter((each) => chosen?.test(`${each.file}:${each.case}`) ?? true)
const figures = tally(seen)
process.stdout.write(
  values.json
    ? `${JSON.stringify({ ...figures, suites: Object.fromEntries(figures.suites), outside: Object.fromEntries(figures.outside) }, null, 2)}\n`
    : tallyText(figures),
)

function keep(judged: readonly Record[]): void {
  const cut = (text: string) => (text.length > KEPT ? `${text.slice(0, KEPT)}…` : text)
  const kept = judged.map((each) => ({
    ...each,
    statement: cut(each.statement),
    ...(each.expected !== undefined && { expected: cut(each.expected) }),
    ...(each.actual !== undefined && { actual: cut(each.actual) }),
  }))
  records.push(...kept)
  appendFileSync(results, kept.map((each) => `${JSON.stringify(each)}\n`).join(''))
}

function tell(name: string, judged: readonly Judged[]): void {
  const counts = [...Map.groupBy(judged, (each) => each.outcome)]
    .map(([outcome, group]) => `${outcome} ${String(group.length)}`)
    .join(', ')
  process.stderr.write(`${name}  ${counts}\n`)
}

/** The last case of an interrupted run was written whole or not at all: its lines are one write. */
function readRecords(path: string): Record[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record)
}
