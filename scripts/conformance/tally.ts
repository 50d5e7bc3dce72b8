/** The figures of a replay: by suite, by kind of difference, and the refusals that stand in the way most. */
import type { Judged, Outcome } from './replay.ts'

export interface Record extends Judged {
  readonly suite: string
  readonly file: string
  readonly case: string
}

const OUTCOMES: readonly Outcome[] = [
  'same',
  'near',
  'wrong',
  'refused',
  'lenient',
  'timeout',
  'after',
  'free',
  'outside',
]

/** Those that say whether the engine answers as StarRocks does. */
const APPLICABLE: readonly Outcome[] = ['same', 'near', 'wrong', 'refused', 'lenient', 'timeout']

export interface Count {
  readonly statements: number
  readonly outcomes: Readonly<{ [key in Outcome]: number }>
  /** Same answers of those that apply, in percent. */
  readonly rate: number
}

export interface Tally {
  readonly total: Count
  /** Only SELECT and WITH. */
  readonly queries: Count
  readonly suites: ReadonlyMap<string, Count>
  readonly outside: ReadonlyMap<string, number>
  /** Of the statements that both refuse: those with the same number and with the same text. */
  readonly refusals: { readonly all: number; readonly number: number; readonly text: number }
  readonly blocking: readonly Blocking[]
}

export interface Blocking {
  readonly message: string
  readonly statements: number
  readonly cases: number
}

export function tally(records: readonly Record[]): Tally {
  const suites = Map.groupBy(records, (each) => each.suite)
  const outside = Map.groupBy(
    records.filter((each) => each.outcome === 'outside'),
    (each) => each.reason ?? '',
  )
  const both = records.filter((each) => each.refusal !== undefined)
  return {
    total: count(records),
    queries: count(records.filter((each) => /^\s*\(?\s*(select|with)\b/i.test(each.statement))),
    suites: new Map([...suites].map(([suite, group]) => [suite, count(group)])),
    outside: new Map([...outside].map(([reason, group]) => [reason, group.length])),
    refusals: {
      all: both.length,
      number: both.filter((each) => each.refusal !== 'neither').length,
      text: both.filter((each) => each.refusal === 'text').length,
    },
    blocking: blockingOf(records),
  }
}

function count(records: readonly Record[]): Count {
  const outcomes = Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, records.filter((each) => each.outcome === outcome).length]),
  ) as { [key in Outcome]: number }
  const applicable = APPLICABLE.reduce((sum, outcome) => sum + outcomes[outcome], 0)
  const rate = applicable === 0 ? 0 : (100 * (outcomes.same + outcomes.near)) / applicable
  return { statements: records.length, outcomes, rate }
}

/** Messages without the names and numbers in them, by the cases in which they stand. */
function blockingOf(records: readonly Record[]): readonly Blocking[] {
  const refused = records.filter((each) => each.outcome === 'refused' || each.outcome === 'timeout')
  return [...Map.groupBy(refused, (each) => kindOf(each.actual ?? ''))]
    .map(([message, group]) => ({
      message,
      statements: group.length,
      cases: new Set(group.map((each) => `${each.file} ${each.case}`)).size,
    }))
    .toSorted((a, b) => b.cases - a.cases || b.statements - a.statements)
}

const kindOf = (message: string): string =>
  message
    .replaceAll(/'[^']*'|"[^"]*"/g, (text) => (text.length > 60 ? text : '…'))
    .replaceAll(/\d+/g, '#')
    .slice(0, 160)

/** Lines for people. */
export function tallyText(figures: Tally): string {
  const head = ['suite', 'statements', ...OUTCOMES, '% same']
  const row = (name: string, { statements, outcomes, rate }: Count) => [
    name,
    String(statements),
    ...OUTCOMES.map((outcome) => String(outcomes[outcome])),
    rate.toFixed(1),
  ]
  const rows = [...figures.suites].map(([name, each]) => row(name, each))
  const sums = [row('all', figures.total), row('only SELECT and WITH', figures.queries)]
  const { all, number, text } = figures.refusals
  return [
    ...aligned([head, ...rows, ...sums]),
    '',
    `refused by both: ${String(all)}; same number ${String(number)}, same text ${String(text)}`,
    '',
    'does not apply, by reason:',
    ...[...figures.outside].map(([reason, each]) => `  ${String(each).padStart(6)}  ${reason}`),
    '',
    'refusals by cases (cases, statements, message):',
    ...figures.blocking
      .slice(0, 40)
      .map(
        (each) =>
          `  ${String(each.cases).padStart(5)} ${String(each.statements).padStart(5)}  ${each.message}`,
      ),
    '',
  ].join('\n')
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
}
