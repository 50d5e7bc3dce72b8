/** Subqueries as values: scalar, IN, EXISTS. Correlation needs nothing: inner names resolve outwards, DuckDB unnests. */
import type { Expression, Query } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import { planSubquery } from '../planning.ts'
import { simpleType } from '../type.ts'
import { matchingKeys } from './comparison.ts'
import type { Environment } from './environment.ts'
import { translate, translateQueryIn } from './recursion.ts'
import type { RelationSql } from './environment.ts'
import { typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

const boolean = simpleType('boolean')

const inner = (query: Query, environment: Environment): RelationSql => {
  environment.context.planning.joined += 1
  return translateQueryIn(query, {
    context: environment.context,
    outer: environment,
    commonTables: environment.commonTables,
  })
}

export const scalarSubquery = (query: Query, environment: Environment): TypedExpression => {
  const { planning } = environment.context
  const { sql, columns } = planSubquery(planning, () => inner(query, environment))
  const [column] = columns
  if (column === undefined || columns.length !== 1)
    throw analyzingError('Subquery must output only one column.')
  return typed(`(${sql})`, column.type)
}

export const existsSubquery = (query: Query, environment: Environment): TypedExpression =>
  typed(`EXISTS (${inner(query, environment).sql})`, boolean)

export const inSubquery = (
  expression: Extract<Expression, { kind: 'inQuery' }>,
  environment: Environment,
): TypedExpression => {
  const operands = expression.operands.map((operand) => translate(operand, environment))
  const { sql, columns } = inner(expression.query, environment)
  if (columns.length !== operands.length)
    throw analyzingError(
      `Subquery must output ${operands.length} column(s), not ${columns.length}.`,
    )
  const alias = environment.context.fresh('r')
  const converted = columns.map((column, index) => {
    const operand = operands[index] ?? { sql: 'NULL', type: simpleType('null') }
    const value: TypedExpression = { sql: `${alias}.c${index + 1}`, type: column.type }
    return matchingKeys(operand, value)
  })
  const left = converted.map(([operand]) => operand).join(', ')
  const right = converted.map(([, value]) => value).join(', ')
  const not = expression.negated ? 'NOT ' : ''
  return typed(`((${left}) ${not}IN (SELECT ${right} FROM (${sql}) AS ${alias}))`, boolean)
}
