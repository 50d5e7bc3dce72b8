/**
 * `npm run conformance -- DIR`: replays a copy of StarRocks' SQL suite against an engine that it starts, or against `--host`, and
 * prints how the answers differ from the recorded ones.
 */
import { Command } from 'commander'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { localEngine } from './conformance/local-engine.ts'
import { replayCase } from './conformance/replay.ts'
import type { Judged } from './conformance/replay.ts'
import { openSuite, type Suite } from './conformance/suite.ts'
import { tally, tallyText } from './conformance/tally.ts'
import type { Record } from './conformance/tally.ts'

/** More of a text is not kept. */
const KEPT = 2000

const EXAMPLES = `
Examples:
  npm run conformance -- ../starrocks/test
  npm run conformance -- ../starrocks/test --only 'test_join/'
  npm run conformance -- ../starrocks/test --only 'test_agg/R/test_distinct_agg:' --fresh --results /tmp/one.jsonl
`

interface Options {
  readonly only?: string
  readonly results: string
  readonly fresh?: true
  readonly json?: true
  readonly seconds: string
  readonly host?: string
  readonly port: string
  readonly httpPort: string
  readonly user: string
  readonly password: string
  readonly release: string
}

const command = new Command('npm run conformance --')
  .description(
    "Replays a copy of StarRocks' own SQL suite and counts the answers that differ from the recorded ones. What was replayed is kept, so that an interrupted run continues where it was.",
  )
  .argument('<folder>', "the folder `test` of StarRocks' repository, which has `sql` and `lib`")
  .option('--only <pattern>', 'only cases whose `file:case` matches this regular expression')
  .option('--results <file>', 'where answers are kept, as JSON lines', '.cache/conformance.jsonl')
  .option('--fresh', 'forget what was replayed before')
  .option('--seconds <number>', 'at most so long for a statement', '60')
  .option('--json', 'the figures as JSON')
  .option('--host <host>', 'against this server, instead of an engine of its own')
  .option('--port <port>', "its port of MySQL's protocol", '9030')
  .option('--http-port <port>', 'its port of Stream Load', '8030')
  .option('--user <name>', 'who asks', 'root')
  .option('--password <text>', 'with which password', '')
  .option(
    '--release <number>',
    "of the engine that is started: what it calls StarRocks' version",
    '3.3.7',
  )
  .addHelpText('after', EXAMPLES)
  .parse()
const values = command.opts<Options>()
const [directory = ''] = command.args

const suite = suiteIn(directory)
const results = resolve(values.results)
mkdirSync(dirname(results), { recursive: true })
if (values.fresh === true) rmSync(results, { force: true })
const records = readRecords(results)
const done = new Set(records.map((each) => `${each.file}:${each.case}`))
const chosen = values.only === undefined ? undefined : new RegExp(values.only)
const engine = values.host === undefined ? localEngine(values.release) : undefined
const remote = {
  host: values.host ?? '',
  port: Number(values.port),
  httpPort: Number(values.httpPort),
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
  values.json === true
    ? `${JSON.stringify({ ...figures, suites: Object.fromEntries(figures.suites), outside: Object.fromEntries(figures.outside) }, null, 2)}\n`
    : tallyText(figures),
)

function suiteIn(folder: string): Suite {
  try {
    return openSuite(folder)
  } catch (problem) {
    return command.error(`error: ${(problem as Error).message}`)
  }
}

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
