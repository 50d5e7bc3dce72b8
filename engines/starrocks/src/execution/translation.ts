/** Where a statement is translated: a long one by the thread for those, so that nobody waits for it. */
import type { Expression, Query } from '../sql/ast.ts'
import type { Scope, TypedSql } from '../sql/scope.ts'
import { LONG_TEXT } from '../sql/thread/statement-thread.ts'
import { translateExpression, translateQuery } from '../sql/translate.ts'
import type { DuckSql, ExpressionSource } from '../sql/translate.ts'
import type { Guard } from './guard.ts'
import type { StatementContext } from './statement-context.ts'

type Translating = Pick<StatementContext, 'engine' | 'length' | 'lakes'> & {
  readonly guard?: Pick<Guard, 'onCancel'>
}

export const translatedQuery = async (
  context: Translating,
  query: Query,
  scope: Scope,
): Promise<DuckSql> =>
  isLong(context)
    ? context.engine.longStatements.query(query, scope, context.guard?.onCancel)
    : translateQuery(query, scope)

export const translatedExpression = async (
  context: Translating,
  expression: Expression,
  scope: Scope,
  sources: readonly ExpressionSource[] = [],
): Promise<TypedSql> =>
  isLong(context)
    ? context.engine.longStatements.expression(
        { expression, sources },
        scope,
        context.guard?.onCancel,
      )
    : translateExpression(expression, scope, sources)

/** Tables of external catalogs are known by their places in this thread's tree. */
const isLong = ({ length = 0, lakes }: Translating): boolean =>
  length >= LONG_TEXT && (lakes?.size ?? 0) === 0
