/** What reading a statement needs: names, types and variables as its session sees them. It reaches no data. */
import { SqlError } from '../session.ts'
import type { ScopeTable, TypedSql } from '../sql/scope.ts'
import type { EngineContext } from './engine-context.ts'
import type { SessionState, UserVariable, Warning } from './session-state.ts'
import { warningsMax } from './session-state.ts'
import { variableNamed } from './variable.ts'

export interface SessionContext {
  readonly engine: EngineContext
  readonly state: SessionState
}

export interface StatementContext extends SessionContext {
  /** When the statement began: what now() answers, in ms. */
  readonly startMs: number
  /** Of its text, or of the prepared one's; unknown for what the engine asks itself. */
  readonly length?: number
  /** Values of `?` as DuckDB literals, in order; empty for a text statement. */
  readonly parameters: readonly TypedSql[]
  /** From SET_VAR hints: lower-case name to value. */
  readonly overrides: ReadonlyMap<string, string>
  /** From SET_USER_VARIABLE hints, by lower-case name. */
  readonly hintVariables: Map<string, UserVariable>
  /** What each FILES() of the statement, or of a view that it reads, was found to be, by its properties as JSON. */
  readonly files?: ReadonlyMap<string, ScopeTable>
  /** What each table of an external catalog in the statement was found to be, by how it is written (resolution/external-table.ts). */
  readonly lakes?: ReadonlyMap<string, ScopeTable>
  /** Tables of the engine's own databases that were listed before binding (resolution/system-listing.ts). */
  readonly listed?: ReadonlyMap<string, ScopeTable>
}

export function variableOf(
  context: SessionContext & Partial<Pick<StatementContext, 'overrides'>>,
  name: string,
  scope: 'session' | 'global' = 'session',
): string {
  const definition = variableNamed(name)
  if (scope === 'session' && definition.scope !== 'global') {
    const own =
      context.overrides?.get(definition.name) ?? context.state.variables.get(definition.name)
    if (own !== undefined) return own
  }
  const global = context.engine.store.current
    .variables()
    .find((entry) => entry.name === definition.name)
  if (global) return global.value
  const isZone = definition.name === 'time_zone' || definition.name === 'system_time_zone'
  return isZone ? context.engine.identity.timeZone : definition.initial
}

export function warn(context: SessionContext, code: number, message: string): void {
  const warning: Warning = { level: 'Warning', code, message }
  context.state.warnings = [...context.state.warnings, warning].slice(0, warningsMax)
}

export const timeZoneOf = (
  context: SessionContext & Partial<Pick<StatementContext, 'overrides'>>,
): string => variableOf(context, 'time_zone')

/** StarRocks has had one engine since 3.2, and refuses what asks for the other. reference: StarRocks 3.3.7, be, FragmentExecutor */
export function refuseOldEngine(context: StatementContext): void {
  if (variableOf(context, 'enable_pipeline_engine') !== 'false') return
  throw new SqlError(
    'non-pipeline engine is no longer supported since 3.2, please set enable_pipeline_engine=true.',
  )
}
