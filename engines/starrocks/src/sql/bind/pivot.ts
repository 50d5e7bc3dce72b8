/**
 * FROM … PIVOT (…): a query that groups by the columns that PIVOT does not name, with an aggregate for each value and function.
 * reference: StarRocks 3.3.7, QueryAnalyzer.visitPivotRelation.
 */
import type { Expression, FromItem, FunctionCall, PivotValue, Query, SelectItem } from '../ast.ts'
import { plainItem, selectQuery } from '../ast-build.ts'
import { printExpression } from '../print.ts'
import { analyzingError, unknownColumn } from '../sql-error.ts'
import { isAggregate } from './call.ts'
import type { Binding } from './environment.ts'
import { sameName } from './environment.ts'
import { holds } from './walk.ts'

type Pivot = Extract<FromItem, { kind: 'pivot' }>

/** `bindings` are those of the pivot's source. */
export function pivotQuery(pivot: Pivot, bindings: readonly Binding[]): Query {
  const { aggregates, columns, values } = pivot
  if (!aggregates.every(({ call }) => isAggregate(call)))
    throw analyzingError('Measure expression in PIVOT must use aggregate function.')
  const all = bindings.flatMap((binding) => binding.columns.map((column) => ({ binding, column })))
  const missing = columns.find((name) => !all.some(({ column }) => sameName(column.name, name)))
  if (missing !== undefined) throw unknownColumn(missing)
  const isUsed = (name: string): boolean =>
    columns.some((column) => sameName(column, name)) ||
    aggregates.some(({ call }) => holds(call, (node) => isNamed(node, name)))
  const kept = all
    .filter(({ column }) => column.merged !== true)
    .filter(({ column }) => !isUsed(column.name))
    .map(({ binding, column }) => reference(binding, column.name))
  const measured = values.flatMap((value) =>
    aggregates.map(({ call, alias }): SelectItem => {
      const name = valueName(value)
      return {
        kind: 'expression',
        expression: measure(call, columns, value),
        alias: aggregates.length === 1 ? name : `${name}_${alias ?? printExpression(call)}`,
      }
    }),
  )
  return selectQuery({
    items: [...kept.map(plainItem), ...measured],
    from: pivot.source,
    groupBy: kept.length > 0 ? { kind: 'plain', items: kept } : undefined,
  })
}

const isNamed = (node: Expression, name: string): boolean =>
  node.kind === 'column' && node.path.some((part) => sameName(part, name))

function reference({ name, database }: Binding, column: string): Expression {
  const path = [database, name, column].filter((part) => part !== undefined)
  return { kind: 'column', path, at: 0 }
}

/** `sum(a)` of one value is `sum(CASE WHEN column = value THEN a END)`; `count(*)` counts 1. */
function measure(
  call: FunctionCall,
  columns: readonly string[],
  { literals }: PivotValue,
): FunctionCall {
  const tests = columns.map((column, at): Expression => ({
    kind: 'binary',
    operator: '=',
    left: { kind: 'column', path: [column], at: 0 },
    right: literals[at] ?? { kind: 'null' },
  }))
  const when = tests.reduce((left, right): Expression => ({
    kind: 'binary',
    operator: 'and',
    left,
    right,
  }))
  const [first = { kind: 'integer', text: '1' } as const] = call.args
  const argument: Expression = {
    kind: 'case',
    operand: undefined,
    whens: [{ when, result: first }],
    otherwise: undefined,
  }
  return { ...call, star: false, args: [argument, ...call.args.slice(1)] }
}

function valueName({ literals, alias }: PivotValue): string {
  if (alias !== undefined) return alias
  const names = literals.map(printExpression)
  return names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`
}
