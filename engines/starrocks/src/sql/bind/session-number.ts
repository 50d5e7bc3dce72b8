/**
 * `session_number(value, delta) OVER (…)`: a row begins a session where its value is more than `delta` above the last one. DuckDB nests no windows,
 * so the beginnings are found in a relation of their own, below the SELECT, and counted above it.
 * reference: StarRocks, be/src/exprs/agg/window.h, SessionNumberWindowFunction; its suite, test_session_number_window_function
 */
import type { Expression, FunctionCall } from '../ast.ts'
import type { Bound, BoundFrom, BoundWindow, CallTail } from '../bound.ts'
import { isInteger } from '../common-type.ts'
import { analyzingError, unknownFunction } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import type { Below, Environment } from './environment.ts'
import { positionOf } from './environment.ts'
import { bind } from './recursion.ts'

const bigint = simpleType('bigint')

const isCounted = (type: SqlType): boolean =>
  type.kind === 'null' || (type.kind !== 'largeint' && isInteger(type))

export const bindSessionNumber = (
  call: FunctionCall,
  environment: Environment,
  over: BoundWindow,
): Bound => {
  const args = call.args.map((argument) => bind(argument, environment))
  const [value, gap] = args
  if (!value || !gap || args.length > 2 || !args.every(({ type }) => isCounted(type)))
    throw unknownFunction(
      call.name,
      args.map(({ type }) => printType(type)).join(', '),
      positionOf(environment, call.at),
    )
  if (call.ignoreNulls) throw analyzingError('session_number() does not take IGNORE NULLS.')
  const { below } = environment
  if (!below || environment.grouping)
    throw analyzingError(
      'session_number() is not supported in a query that groups; it takes one around that.',
    )
  const delta = deltaOf(call.args[1])
  const begins = below.add(
    (texts, _, { over: window }) => {
      const number = `CAST(${texts[0] ?? ''} AS HUGEINT)`
      // Rows without a value before the first that has one count as zero.
      const last = `coalesce(lag(${number} IGNORE NULLS)${window}, CASE WHEN row_number()${window} > 1 THEN 0 END)`
      return `CASE WHEN ${number} - ${last} > ${delta} THEN 1 END`
    },
    { value, over },
  )
  const place = below.add((_, _values, { over: window }) => `row_number()${window}`, {
    value,
    over,
  })
  return {
    kind: 'call',
    type: bigint,
    args: [value, begins],
    over: {
      partitions: over.partitions,
      order: [{ value: place, direction: '', constant: false }],
      frame: {
        unit: 'ROWS',
        bounds: [
          { offset: undefined, word: 'UNBOUNDED PRECEDING' },
          { offset: undefined, word: 'CURRENT ROW' },
        ],
      },
    },
    write: ([number = '', begin = ''], _, tail: CallTail) =>
      `CASE WHEN ${number} IS NOT NULL THEN 1 + count(${begin})${tail.over} END`,
  }
}

const deltaOf = (written: Expression | undefined): string => {
  if (written?.kind === 'null') return '0'
  if (written?.kind === 'integer' && /^\d{1,10}$/.test(written.text)) return written.text
  throw analyzingError("session_number()'s second argument must be a constant integer.")
}

/** What a SELECT computes over its rows before its own windows. */
export const belowSelect = ({ context }: Pick<Environment, 'context'>): Below => {
  let alias = ''
  const columns: { readonly name: string; readonly value: Bound }[] = []
  return {
    add(write, { value, over }) {
      alias ||= context.fresh('r')
      const name = context.fresh('g')
      columns.push({ name, value: { kind: 'call', type: bigint, args: [value], over, write } })
      return { kind: 'column', sql: `${alias}.${name}`, type: bigint }
    },
    /** Rows of the relations keep their names: each is a struct under the alias that it had. */
    around(from, where) {
      if (columns.length === 0) return undefined
      if (!from) throw analyzingError('session_number() needs a FROM clause.')
      const rows = aliasesOf(from)
      const values = rows.map((row): Bound => ({
        kind: 'column',
        sql: row,
        type: { kind: 'null' },
      }))
      return {
        kind: 'derived',
        alias,
        names: [...rows, ...columns.map(({ name }) => name)],
        query: {
          kind: 'projection',
          columns: [],
          values: [...values, ...columns.map((column) => column.value)],
          from,
          ...(where && { where }),
        },
      }
    },
  }
}

/** Those that are seen above: of a semi or an anti join, one side. */
const aliasesOf = (from: BoundFrom): readonly string[] => {
  if (from.kind !== 'join') return [from.alias]
  return /\b(?:SEMI|ANTI)\b/.test(from.words)
    ? aliasesOf(from.left)
    : [...aliasesOf(from.left), ...aliasesOf(from.right)]
}
