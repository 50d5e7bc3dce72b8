/** Replays a case: its statements in order, in a database of its own, and what became of each. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Case, Step } from './case-file.ts'
import { openClient } from './client.ts'
import type { Answer, Client, Endpoint } from './client.ts'
import { compareResult, compareShell } from './comparison.ts'
import type { Verdict } from './comparison.ts'
import { parseCurl, send } from './curl.ts'
import { isChange, leavesOut, runnerOnly, waitFor } from './runner-step.ts'

/** `after`: different, behind a change of this case that was refused. `free`: run, and the suite compares nothing. */
export type Outcome = Verdict | 'timeout' | 'after' | 'free' | 'outside'

type Refusal = 'text' | 'number' | 'neither'

export interface Judged {
  readonly statement: string
  readonly outcome: Outcome
  /** Why it does not apply. */
  readonly reason?: string
  readonly expected?: string
  readonly actual?: string
  /** Both refused: whether number and text are the same. */
  readonly refusal?: Refusal
}

export interface Replay {
  readonly endpoint: Endpoint
  /** Folder of the suite, for its data files. */
  readonly root: string
  readonly timeoutMs: number
  isSkipped(statement: string): boolean
}

interface Run extends Replay {
  readonly client: Client
  readonly variables: Map<string, string>
  /** A change that was refused, or a step that does not apply: what stands behind it has other rows. */
  broken?: 'refused' | 'outside'
  /** Why the rest of the case does not apply. */
  outside?: string
  ended?: boolean
}

export async function replayCase(replay: Replay, each: Case): Promise<readonly Judged[]> {
  const names = new Map<string, string>()
  const steps = each.steps.map((step) => ({
    ...step,
    text: step.text.replaceAll(/\$\{(uuid\d*)\}/g, (_, key: string) => {
      if (!names.has(key)) names.set(key, randomUUID().replaceAll('-', ''))
      return names.get(key) ?? ''
    }),
  }))
  const client = await openClient(replay.endpoint)
  const databases = steps.flatMap((step) => databaseOf(step.text))
  const run: Run = { ...replay, client, variables: variablesOf(replay) }
  try {
    for (const name of databases)
      await client.ask(`drop database if exists ${name} force`, replay.timeoutMs)
    if (databases.length === 0) databases.push(await ownDatabase(run))
    run.variables.set('db[0]', databases[0] ?? '')
    const judged: Judged[] = []
    for (const step of steps) judged.push(await judge(run, step))
    return judged
  } finally {
    client.close()
    await dropAll(replay, databases)
  }
}

async function ownDatabase(run: Run): Promise<string> {
  const name = `test_db_${randomUUID().replaceAll('-', '')}`
  await run.client.ask(`create database ${name}`, run.timeoutMs)
  await run.client.ask(`use ${name}`, run.timeoutMs)
  return name
}

function variablesOf({ endpoint, root }: Replay): Map<string, string> {
  return new Map([
    ['url', `http://${endpoint.host}:${String(endpoint.httpPort)}`],
    ['root_path', root],
    ['mysql_host', endpoint.host],
    ['mysql_port', String(endpoint.port)],
    ['mysql_user', endpoint.user],
    ['mysql_password', endpoint.password],
  ])
}

const databaseOf = (text: string): readonly string[] =>
  /create database/i.test(text) ? [text.replace(/;$/, '').trim().split(' ').at(-1) ?? ''] : []

async function dropAll(replay: Replay, databases: readonly string[]): Promise<void> {
  try {
    const client = await openClient(replay.endpoint)
    for (const name of databases)
      await client.ask(`drop database if exists ${name} force`, replay.timeoutMs)
    client.close()
  } catch {
    // The engine is gone; whoever started it starts it again.
  }
}

async function judge(run: Run, step: Step): Promise<Judged> {
  const statement = step.text.replaceAll(
    /\$\{([A-Za-z0-9_[\].-]+)\}/g,
    (whole, name: string) => run.variables.get(name) ?? whole,
  )
  const outside = run.outside ?? reasonOutside(step, statement)
  if (outside !== undefined) {
    if (/^(trino|spark|hive):|sql_dialect/i.test(statement)) run.outside = outside
    else if (leavesOut(step, statement)) run.broken ??= 'outside'
    return { statement, outcome: 'outside', reason: outside }
  }
  if (run.ended) return { statement, outcome: 'after', reason: 'the connection is gone' }
  if (step.kind === 'function') {
    await waitFor(run.client, statement, run.timeoutMs)
    return { statement, outcome: 'outside', reason: 'a wait of the runner' }
  }
  return step.kind === 'shell' ? judgeShell(run, step, statement) : judgeSql(run, step, statement)
}

function reasonOutside(step: Step, statement: string): string | undefined {
  if (step.kind === 'block') return 'loops and concurrent clients of the runner'
  if (/\$\{/.test(statement)) return 'a variable of the cluster that recorded the suite'
  if (step.kind === 'function') return runnerOnly(statement)
  if (step.kind === 'shell') {
    const request = parseCurl(statement)
    if (!request) return 'a command of the shell'
    return request.file === undefined || existsSync(request.file)
      ? undefined
      : 'a data file that the copy lacks'
  }
  return OUTSIDE.find(([pattern]) => pattern.test(statement))?.[1]
}

/** Statements about what the engine has no counterpart for. */
const OUTSIDE: readonly (readonly [RegExp, string])[] = [
  [/^\s*(trino|spark|hive):/i, 'other SQL engines'],
  [/sql_dialect\s*=\s*["']?trino/i, 'the Trino dialect'],
  [
    /^\s*(create|drop|alter|set)\s+(external\s+)?(resource(?!\s+group)|catalog)\b/i,
    'external catalogs',
  ],
  [/^\s*create\s+external\s+table/i, 'external catalogs'],
  [/^\s*(create|alter)\s+(global\s+)?function\b/i, 'user-defined functions and plugins'],
  [
    // But for settings that the engine acts on.
    /^\s*admin\s+(?!set\s+frontend\s+config\s*\(\s*["'](?:enable_display_shadow_partitions|enable_replicated_storage_as_default_engine|max_automatic_partition_number)["'])(?:set|enable|disable|execute|show)\b/i,
    'settings and fail points of a cluster',
  ],
  [
    /information_schema\.be_|be_configs|_statistics_\.(?!histogram_statistics)/i,
    'the inside of a StarRocks cluster',
  ],
  [/^\s*(explain|trace|analyze profile)\b/i, 'texts of plans'],
  [/\[_META_\]/i, 'the inside of a StarRocks cluster'],
]

async function judgeSql(run: Run, step: Step, statement: string): Promise<Judged> {
  const answer = await run.client.ask(statement, run.timeoutMs)
  if (answer.timedOut || answer.lost) run.ended = true
  if (step.variable !== undefined) run.variables.set(step.variable, answer.text)
  const shown = { statement, expected: step.expected, actual: answer.text }
  if (answer.timedOut) return { ...shown, outcome: 'timeout' }
  const failed = answer.text.startsWith('E: ')
  if (step.unchecked || run.isSkipped(statement)) {
    if (failed && isChange(statement)) run.broken ??= 'refused'
    return { ...shown, outcome: 'free' }
  }
  const verdict = compareResult(step, answer.text)
  if (verdict === 'refused' && isChange(statement)) {
    if (run.broken !== undefined) return behind(run, shown, verdict)
    run.broken = 'refused'
    return { ...shown, outcome: 'refused' }
  }
  if (verdict === 'same' && failed)
    return { ...shown, outcome: 'same', refusal: refusalOf(step, answer) }
  return behind(run, shown, verdict)
}

async function judgeShell(run: Run, step: Step, statement: string): Promise<Judged> {
  const request = parseCurl(statement)
  if (!request) throw new Error('only plain curl gets here')
  let code = 0
  let printed: string
  try {
    printed = await send(request, run.timeoutMs)
  } catch (error) {
    code = 1
    printed = (error as Error).message
  }
  const actual = `${String(code)}\n${printed}`
  if (step.unchecked) return { statement, outcome: 'free', expected: step.expected, actual }
  const verdict = compareShell(step.expected, code, printed.replace(/\n+$/, ''))
  return behind(run, { statement, expected: step.expected, actual }, verdict)
}

/** A difference counts only where all that stands before it was done. */
function behind(run: Run, shown: Omit<Judged, 'outcome'>, verdict: Verdict): Judged {
  if (run.broken === undefined || verdict === 'same' || verdict === 'near')
    return { ...shown, outcome: verdict }
  return run.broken === 'refused'
    ? { ...shown, outcome: 'after' }
    : { ...shown, outcome: 'outside', reason: 'behind a step that does not apply' }
}

function refusalOf(step: Step, answer: Answer): Refusal {
  if (step.expected === answer.text) return 'text'
  return step.expected.startsWith(`E: (${String(answer.code)},`) ? 'number' : 'neither'
}
