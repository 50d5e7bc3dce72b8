/**
 * Configuration items set by SQL: ADMIN SET FRONTEND CONFIG, and UPDATE of information_schema.be_configs. What they set is in force at
 * once and until the process ends, as in StarRocks; what outlasts it is the instance's configuration.
 */
import { demand, systemTarget } from '../../catalog/authority.ts'
import { withItem, type Settings } from '../../execution/configuration-item.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { externalOf, qualify } from '../../resolution/object-name.ts'
import type { Result } from '../../session.ts'
import type { Update } from '../../sql/ast-data.ts'
import type { Expression, Statement } from '../../sql/ast.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'

type SetConfig = Extract<Statement, { kind: 'adminSetConfig' }>

export function setFrontendConfig(execution: Execution, statement: SetConfig): Result {
  if (statement.persistent) throw unsupportedByEngine('ADMIN SET FRONTEND CONFIG … WITH PERSISTENT')
  const { settings } = execution.engine.identity
  return putInForce(
    execution,
    statement.properties.reduce(
      (changed, { name, value }) => withItem(changed, 'frontend', name, value),
      settings,
    ),
  )
}

export function isBackendConfig(execution: Execution, { table }: Update): boolean {
  if (externalOf(execution, table.parts.at(-3))) return false
  const { database, name } = qualify(execution, table)
  return /^information_schema$/i.test(database) && /^be_configs$/i.test(name)
}

/** `UPDATE information_schema.be_configs SET value = '…' WHERE name = '…'`: of all back ends, which are one process. */
export function setBackendConfig(execution: Execution, statement: Update): Result {
  const name = comparedName(statement.where)
  const [assignment, ...others] = statement.assignments
  const isValue = others.length === 0 && assignment?.column.toLowerCase() === 'value'
  const value = isValue ? constantText(assignment.value) : undefined
  if (name === undefined || value === undefined)
    throw unsupportedByEngine("UPDATE of be_configs but SET value = '…' WHERE name = '…'")
  return putInForce(execution, withItem(execution.engine.identity.settings, 'backend', name, value))
}

function comparedName(where: Expression | undefined): string | undefined {
  if (where?.kind !== 'binary' || where.operator !== '=' || where.left.kind !== 'column') return
  return where.left.path.at(-1)?.toLowerCase() === 'name' ? constantText(where.right) : undefined
}

function constantText(value: Expression): string | undefined {
  if (value.kind === 'string') return value.value
  if (value.kind === 'boolean') return String(value.value)
  return value.kind === 'integer' || value.kind === 'decimal' ? value.text : undefined
}

/** All that was named, or nothing. */
function putInForce({ engine, state }: Execution, settings: Settings): Result {
  demand(engine.store.current, state.authority, ['OPERATE'], systemTarget)
  engine.identity = { ...engine.identity, settings }
  return done()
}
