/**
 * Where translation is recursive: expressions hold queries, queries hold expressions. Each file reaches what stands above
 * it through the context, so that files depend downwards only.
 */
import type { Expression, Query } from '../ast.ts'
import { truth } from './comparison.ts'
import type { Environment, RelationSql, EnclosingScope } from './environment.ts'
import type { TypedExpression } from './typed.ts'

export const translate = (expression: Expression, environment: Environment): TypedExpression =>
  environment.context.recursion.expression(expression, environment)

/** As a truth value: what WHERE, AND and IF need. */
export const condition = (expression: Expression, environment: Environment): string =>
  truth(translate(expression, environment))

export const translateQueryIn = (query: Query, enclosing: EnclosingScope): RelationSql =>
  enclosing.context.recursion.query(query, enclosing)
