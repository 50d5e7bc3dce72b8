/**
 * Where binding is recursive: expressions hold queries, queries hold expressions. Each file reaches what stands above
 * it through the context, so that files depend downwards only.
 */
import type { Expression, Query } from '../ast.ts'
import type { Bound, BoundQuery } from '../bound.ts'
import { truth } from './conversion.ts'
import type { EnclosingScope, Environment } from './environment.ts'

export const bind = (expression: Expression, environment: Environment): Bound =>
  environment.context.recursion.expression(expression, environment)

/** As a truth value: what WHERE, AND and IF need. */
export const condition = (expression: Expression, environment: Environment): Bound =>
  truth(bind(expression, environment))

export const bindQueryIn = (query: Query, enclosing: EnclosingScope): BoundQuery =>
  enclosing.context.recursion.query(query, enclosing)
