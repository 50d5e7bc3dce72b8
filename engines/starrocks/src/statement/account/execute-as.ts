/**
 * EXECUTE AS: the session continues as another user, with that one's default roles, variables and database, and cannot come back.
 * reference: StarRocks 3.3.7, ExecuteAsExecutor, StatementBase analysis of ExecuteAsStmt.
 */
import { identityText } from '../../catalog/user-identity.ts'
import { defaultRoles, demand } from '../../catalog/authority.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import type { SessionStatement } from '../../sql/ast-session.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { initialVariables, useInitialDatabase } from './user-property.ts'

export async function executeAs(
  { engine, state, link }: Execution,
  statement: Extract<SessionStatement, { kind: 'executeAs' }>,
): Promise<Result> {
  if (!statement.noRevert)
    throw analyzingError('`EXECUTE AS` must use with `WITH NO REVERT` for now!.')
  const { current } = engine.store
  const user = current.user(statement.user)
  const name = identityText(statement.user)
  const label = `USER ${name}`
  const target = { object: 'user', databaseId: '*', objectId: user?.id, label } as const
  demand(current, state.authority, ['IMPERSONATE'], target)
  if (!user) throw new SqlError(`cannot find user ${name}!`)
  state.user = user.name
  state.authority = { userId: user.id, activeRoles: defaultRoles(user) }
  for (const [variable, value] of initialVariables(user)) state.variables.set(variable, value)
  await useInitialDatabase({ engine, state, link }, user)
  return done()
}
