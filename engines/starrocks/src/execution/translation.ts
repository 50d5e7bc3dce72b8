/** Where a statement is translated: a long one by the thread for those, so that nobody waits for it. */
import type { Expression, Query } from '../sql/ast.ts'
import type { Scope, TypedSql } from '../sql/scope.ts'
import { LONG_TEXT } from '../sql/thread/statement-thread.ts'
import type { Asker } from '../thread/turn-queue.ts'
import { translateExpression, translateQuery } from '../sql/translate.ts'
import type { DuckSql, ExpressionSource } from '../sql/translate.ts'
import type { Guard } from './guard.ts'
import type { StatementContext } from './statement-context.ts'

type Translating = Pick<StatementContext, 'engine' | 'state' | 'length'> & {
  readonly guard?: Pick<Guard, 'onCancel'>
}

export const translatedQuery = async (
  context: Translating,
  query: Query,
  scope: Scope,
): Promise<DuckSql> =>
  isLong(context)
    ? context.engine.longStatements.query(query, scope, askerOf(context))
    : translateQuery(query, scope)

export const translatedExpression = async (
  context: Translating,
  expression: Expression,
  scope: Scope,
  sources: readonly ExpressionSource[] = [],
): Promise<TypedSql> =>
  isLong(context)
    ? context.engine.longStatements.expression({ expression, sources }, scope, askerOf(context))
    : translateExpression(expression, scope, sources)

const askerOf = ({ state, guard }: Translating): Asker => ({
  user: state.user,
  onCancel: guard?.onCancel,
})

const isLong = ({ length = 0 }: Translating): boolean => length >= LONG_TEXT
