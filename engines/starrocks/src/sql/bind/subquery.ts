/** Subqueries as values: scalar, IN, EXISTS. Correlation needs nothing: inner names resolve outwards, DuckDB unnests. */
import type { Expression, Query } from '../ast.ts'
import type { Bound, BoundQuery } from '../bound.ts'
import { outputOf } from '../bound.ts'
import { planSubquery } from '../planning.ts'
import { analyzingError } from '../sql-error.ts'
import { simpleType } from '../type.ts'
import { matchingKeys } from './comparison.ts'
import type { Environment } from './environment.ts'
import { nullValue } from './literal.ts'
import { bind, bindQueryIn } from './recursion.ts'

const boolean = simpleType('boolean')

const inner = (query: Query, environment: Environment): BoundQuery => {
  environment.context.planning.joined += 1
  return bindQueryIn(query, {
    context: environment.context,
    outer: environment,
    commonTables: environment.commonTables,
  })
}

export const scalarSubquery = (written: Query, environment: Environment): Bound => {
  const { planning } = environment.context
  const query = planSubquery(planning, () => inner(written, environment))
  const [column] = query.columns
  if (column === undefined || query.columns.length !== 1)
    throw analyzingError('Subquery must output only one column.')
  return { kind: 'query', type: column.type, query }
}

export const existsSubquery = (query: Query, environment: Environment): Bound => ({
  kind: 'exists',
  type: boolean,
  query: inner(query, environment),
})

export const inSubquery = (
  expression: Extract<Expression, { kind: 'inQuery' }>,
  environment: Environment,
): Bound => {
  const operands = expression.operands.map((operand) => bind(operand, environment))
  const query = inner(expression.query, environment)
  const { columns } = query
  if (columns.length !== operands.length)
    throw analyzingError(
      `Subquery must output ${operands.length} column(s), not ${columns.length}.`,
    )
  const alias = environment.context.fresh('r')
  const keys = columns.map((column, index) =>
    matchingKeys(operands[index] ?? nullValue, outputOf(alias, index, column.type)),
  )
  return {
    kind: 'inQuery',
    type: boolean,
    operands: keys.map(([operand]) => operand),
    values: keys.map(([, value]) => value),
    from: { kind: 'derived', query, alias },
    negated: expression.negated,
  }
}
