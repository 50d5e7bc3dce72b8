/** Where a statement is translated: one that is long, or names thousands of columns, by the thread for those, so that nobody waits for it. */
import type { Expression, Query } from '../sql/ast.ts'
import { newPlanning, unlessWide } from '../sql/planning.ts'
import type { Scope, TypedSql } from '../sql/scope.ts'
import { LONG_TEXT } from '../sql/thread/statement-thread.ts'
import type { Asker } from '../thread/thread-end.ts'
import { translateExpression, translateQuery } from '../sql/translate.ts'
import type { DuckSql, ExpressionSource } from '../sql/translate.ts'
import type { Guard } from './guard.ts'
import type { StatementContext } from './statement-context.ts'

type Translating = Pick<StatementContext, 'engine' | 'state' | 'length'> & {
  readonly guard?: Pick<Guard, 'onCancel'>
  /** It is known to name too many columns to be translated here. */
  readonly isWide?: boolean
}

export const translatedQuery = async (
  context: Translating,
  query: Query,
  scope: Scope,
): Promise<DuckSql> =>
  atOnce(context, scope, () => translateQuery(query, scope)) ??
  context.engine.longStatements.query(query, scope, askerOf(context))

export const translatedExpression = async (
  context: Translating,
  expression: Expression,
  scope: Scope,
  sources: readonly ExpressionSource[] = [],
): Promise<TypedSql> =>
  atOnce(context, scope, () => translateExpression(expression, scope, sources)) ??
  context.engine.longStatements.expression({ expression, sources }, scope, askerOf(context))

/** Undefined of what others would wait for too long. */
function atOnce<T>(
  { length = 0, isWide = false }: Translating,
  { planning = newPlanning() }: Scope,
  translate: () => T,
): T | undefined {
  return length >= LONG_TEXT || isWide ? undefined : unlessWide(planning, translate)
}

const askerOf = ({ state, guard }: Translating): Asker => ({
  user: state.user,
  onCancel: guard?.onCancel,
})
