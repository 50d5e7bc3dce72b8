/**
 * What Spark says of statements: its servers of SQL by their page and REST, applications of YARN by the history server, which knows those
 * that run as well.
 */
import { findJson, findText } from '../../hadoop/client.ts'
import type {
  DaemonPeer,
  DaemonPlan,
  Execution,
  StatementRun,
  TimeRange,
} from '../../../src/substrate/local/service.ts'
import { executionOf, isOwnWork, type RestExecution } from './execution.ts'
import { history } from './history.ts'
import { sqlServer } from './sql-server.ts'
import { pagePath, readPage, type PageRow } from './statement-page.ts'

/** A history server reads an application's whole log when it is first asked for it. */
const ANSWER_MS = 10_000
const PAGE_LENGTH_MAX = 16_777_216
/** Each has its plans beside it. */
const PAGE_ROWS = 50
/** As many as a server keeps unless configured otherwise, and as many again. */
const PAGES_MAX = 8

interface At {
  readonly host: string
  readonly port: number
}

/** Of all that answer; rejects when none does. */
export async function statements(
  plan: DaemonPlan,
  begun: TimeRange,
): Promise<readonly StatementRun[]> {
  const all = placesOf(plan, sqlServer.name, 1).map(async (at) => {
    const [application] = await applicationsAt(at)
    const id = application?.id ?? ''
    const applications = id.startsWith('application_') ? [id] : []
    const rows = await statementsAt(at, begun)
    return rows.map((row) => ({ ...row, engine: 'spark', applications }))
  })
  return (await answered(all)).flat()
}

async function statementsAt(at: At, { fromMs, toMs }: TimeRange): Promise<readonly PageRow[]> {
  const rows: PageRow[] = []
  for (let number = 1; number <= PAGES_MAX; number++) {
    const page = readPage(await textAt(at, pagePath(number, PAGE_ROWS)))
    rows.push(...page)
    if (page.length < PAGE_ROWS || page.some(({ startedMs }) => startedMs < fromMs)) break
  }
  return rows.filter(({ startedMs }) => startedMs >= fromMs && startedMs <= toMs)
}

/** Of all servers that answer; rejects when none does. */
export async function executions(
  plan: DaemonPlan,
  begun: TimeRange,
): Promise<readonly Execution[]> {
  const places = [...placesOf(plan, sqlServer.name, 1), ...placesOf(plan, history.name, 0)]
  const all = await answered(places.map((at) => executionsAt(at, begun)))
  return all.flat()
}

async function executionsAt(at: At, begun: TimeRange): Promise<readonly Execution[]> {
  const { fromMs, toMs } = begun
  const applications = (await applicationsAt(at)).filter(({ attempts }) =>
    attempts.some(
      ({ startTimeEpoch, endTimeEpoch }) =>
        startTimeEpoch <= toMs && (endTimeEpoch < 0 || endTimeEpoch >= fromMs),
    ),
  )
  const found: Execution[] = []
  for (const { id, attempts } of applications) {
    const attempt = attempts[0]?.attemptId
    const path = `/api/v1/applications/${id}${attempt === undefined ? '' : `/${attempt}`}/sql`
    const all = await restExecutions(at, path)
    found.push(...all.filter((each) => !isOwnWork(each)).map((each) => executionOf(id, each)))
  }
  return found.filter(({ startedMs }) => startedMs >= fromMs && startedMs <= toMs)
}

const EXECUTIONS_AT_ONCE = 100
const EXECUTIONS_MAX = 2_000

async function restExecutions(at: At, path: string): Promise<readonly RestExecution[]> {
  const all: RestExecution[] = []
  while (all.length < EXECUTIONS_MAX) {
    const more = `offset=${all.length}&length=${EXECUTIONS_AT_ONCE}`
    const page = await json(at, `${path}?details=true&planDescription=false&${more}`)
    all.push(...(page as readonly RestExecution[]))
    if ((page as readonly unknown[]).length < EXECUTIONS_AT_ONCE) break
  }
  return all
}

interface SparkApplication {
  readonly id: string
  readonly attempts: readonly {
    readonly attemptId?: string
    readonly startTimeEpoch: number
    /** -1 of one that runs. */
    readonly endTimeEpoch: number
  }[]
}

/** The newest ones of a history. */
const APPLICATIONS_MAX = 50

async function applicationsAt(at: At): Promise<readonly SparkApplication[]> {
  const path = `/api/v1/applications?limit=${APPLICATIONS_MAX}`
  return (await json(at, path)) as readonly SparkApplication[]
}

function placesOf({ peers }: DaemonPlan, daemon: string, port: number): readonly At[] {
  const all: readonly DaemonPeer[] = peers.filter((each) => each.daemon === daemon)
  return all.map(({ host, ports }) => ({ host, port: ports[port] ?? 0 }))
}

async function answered<T>(all: readonly Promise<T>[]): Promise<readonly T[]> {
  const ends = await Promise.allSettled(all)
  const values = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  const failed = ends.find((end) => end.status === 'rejected')
  if (values.length === 0 && failed) throw failed.reason
  return values
}

/** An application that is not there any more has done nothing. */
async function json({ host, port }: At, path: string): Promise<unknown> {
  return (await findJson(host, port, { path, answerMs: ANSWER_MS })) ?? []
}

async function textAt({ host, port }: At, path: string): Promise<string> {
  const text = await findText(host, port, { path, answerMs: ANSWER_MS, most: PAGE_LENGTH_MAX })
  if (text === undefined) throw new Error(`${host}:${port} answers 404`)
  return text
}
