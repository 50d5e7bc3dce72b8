/** What the execution of one statement carries along. */
import type { TypedSql } from '../sql/scope.ts'
import type { Core } from './core.ts'
import type { Link } from './link.ts'
import type { SessionState, Warning } from './session-state.ts'
import { warningsMax } from './session-state.ts'
import type { Guard } from './statement-run.ts'
import type { OpenTransaction } from './transaction.ts'
import { variableNamed } from './variable.ts'

export interface Run {
  readonly core: Core
  readonly state: SessionState
  /** Guarded: fails once the statement is cancelled. */
  readonly link: Link
  readonly guard: Guard
  /** The statement's own text. */
  readonly text: string
  readonly startMs: number
  readonly queryId: string
  /** Values of `?` as DuckDB literals, in order; empty for a text statement. */
  readonly parameters: readonly TypedSql[]
  /** From SET_VAR hints: lower-case name to value. */
  readonly overrides: ReadonlyMap<string, string>
  readonly transaction: TransactionSlot
}

/** BEGIN … COMMIT of a session: at most one at a time. */
export interface TransactionSlot {
  open: OpenTransaction | undefined
}

export function variableOf(
  run: Pick<Run, 'core' | 'state' | 'overrides'>,
  name: string,
  scope: 'session' | 'global' = 'session',
): string {
  const definition = variableNamed(name)
  if (scope === 'session' && definition.scope !== 'global') {
    const own = run.overrides.get(definition.name) ?? run.state.variables.get(definition.name)
    if (own !== undefined) return own
  }
  const global = run.core.store.current.variables().find((entry) => entry.name === definition.name)
  if (global) return global.value
  const isZone = definition.name === 'time_zone' || definition.name === 'system_time_zone'
  return isZone ? run.core.identity.timeZone : definition.initial
}

export function warn(run: Run, code: number, message: string): void {
  const warning: Warning = { level: 'Warning', code, message }
  run.state.warnings = [...run.state.warnings, warning].slice(0, warningsMax)
}

export const timeZoneOf = (run: Run): string => variableOf(run, 'time_zone')
