/**
 * The statements that Spark's server of SQL was sent, as its page lists them (Spark 3.5, `ThriftServerPage.scala`): it is the only place where
 * they stand with who sent them. Times are whole seconds of this machine's time zone.
 */
import { unescapeMarkup } from '../../../src/kernel/markup.ts'
import type { StatementRun } from '../../../src/substrate/local/service.ts'

/** Of the columns: User, JobID, GroupID, Start Time, Finish Time, Close Time, Execution Time, Duration, Statement, State, Detail. */
const COLUMNS = 11

export type PageRow = Omit<StatementRun, 'applications' | 'engine'>

/** The path of one page, the newest first. */
export function pagePath(number: number, size: number): string {
  const query = new URLSearchParams({
    'sqlstat.page': String(number),
    'sqlstat.pageSize': String(size),
    'sqlstat.sort': 'Start Time',
    'sqlstat.desc': 'true',
  })
  return `/sqlserver/?${query.toString()}`
}

/** Throws where it is no such page. */
export function readPage(html: string): readonly PageRow[] {
  if (!html.includes('SQL Statistics')) throw new Error('the page of its statements is another one')
  const [, table = ''] = /id="sqlstat">([\s\S]*?)<\/table>/.exec(html) ?? []
  const [, body = ''] = /<tbody>([\s\S]*)<\/tbody>/.exec(table) ?? []
  return body.split(/<tr>/).slice(1).map(rowOf)
}

function rowOf(markup: string): PageRow {
  const cells = [...markup.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) =>
    unescapeMarkup(cell.replaceAll(/<[^>]*>/g, '')).trim(),
  )
  if (cells.length !== COLUMNS) throw new Error('its statements have other columns')
  const [user = '', , id = '', started = '', finished = '', , elapsed = ''] = cells
  const [statement = '', state = '', detail = ''] = cells.slice(8)
  const finishedMs = timeOf(finished)
  return {
    id,
    user,
    statement,
    state: stateOf(state, detail),
    startedMs: timeOf(started) ?? 0,
    ...(finishedMs === undefined ? {} : { finishedMs }),
    elapsedMs: durationOf(elapsed),
  }
}

/** What is closed has been read to its end, or has failed: its detail is a plan only of what was executed. */
function stateOf(state: string, detail: string): StatementRun['state'] {
  if (state === 'CLOSED') return detail.startsWith('== ') ? 'FINISHED' : 'ERROR'
  return STATES[state] ?? 'RUNNING'
}

/** Its words and Hive's. */
const STATES: Readonly<Record<string, StatementRun['state']>> = {
  FINISHED: 'FINISHED',
  FAILED: 'ERROR',
  TIMEDOUT: 'ERROR',
  CANCELED: 'CANCELED',
}

function timeOf(text: string): number | undefined {
  const numbers = /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+):(\d+)$/.exec(text)?.slice(1).map(Number)
  if (!numbers) return undefined
  const [year = 0, month = 0, ...rest] = numbers
  return new Date(year, month - 1, ...(rest as [number])).getTime()
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/** `2 minutes 5 seconds`. */
function durationOf(text: string): number {
  const parts = text.matchAll(/([\d.]+)\s*(ms|second|minute|hour|day)/g)
  return [...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * UNIT_MS[unit]!, 0)
}
