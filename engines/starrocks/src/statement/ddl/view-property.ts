/**
 * Properties that only materialized views have. `session.*` are variables that hold while the view is refreshed. The others steer
 * query rewriting or refreshing by partition: neither happens here, so they are checked, kept and shown, and change no result; but
 * a transparent view is read as the view that it is (resolution/statement-scope.ts).
 * reference: StarRocks documentation, CREATE MATERIALIZED VIEW, "PROPERTIES"; fe PropertyAnalyzer.
 */
import { SqlError } from '../../session.ts'
import { readVariable, variableNamed } from '../../execution/variable.ts'

const number = /^(?:-1|[1-9]\d{0,8})$/
const flag = /^(?:true|false)$/i

const idle: Readonly<Record<string, RegExp>> = {
  auto_refresh_partitions_limit: number,
  enable_query_rewrite: /^(?:true|false|default)$/i,
  force_external_table_query_rewrite: /^(?:true|false|disable|loose|checked|nocheck|force_mv)$/i,
  mv_rewrite_staleness_second: /^\d{1,9}$/,
  partition_refresh_number: number,
  query_rewrite_consistency: /^(?:disable|loose|checked|nocheck|force_mv)$/i,
  resource_group: /^[\w-]{1,64}$/,
  transparent_mv_rewrite_mode: /^(?:true|false|transparent_or_error|transparent_or_default)$/i,
  colocate_mv: flag,
}

const SESSION = 'session.'

export const isViewProperty = (name: string): boolean =>
  name.toLowerCase().startsWith(SESSION) || Object.hasOwn(idle, name.toLowerCase())

/** Throws when the property cannot have this value. */
export function checkViewProperty(name: string, value: string): void {
  const lower = name.toLowerCase()
  if (lower.startsWith(SESSION)) {
    readVariable(variableNamed(lower.slice(SESSION.length)), value)
    return
  }
  if (idle[lower]?.test(value) === false) throw new SqlError(`Invalid ${lower}: ${value}`)
}

/** What `session.*` says, for the session that refreshes. */
export function refreshVariables(
  properties: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return Object.entries(properties)
    .filter(([name]) => name.toLowerCase().startsWith(SESSION))
    .map(([name, value]) => {
      const definition = variableNamed(name.toLowerCase().slice(SESSION.length))
      return [definition.name, readVariable(definition, value)]
    })
}

/** As `session.*` says; without it, as long as an INSERT may take. */
export function refreshTimeout(properties: Readonly<Record<string, string>>): {
  readonly timeoutSeconds?: number
} {
  const variables = new Map(refreshVariables(properties))
  const seconds = variables.get('insert_timeout') ?? variables.get('query_timeout')
  return seconds === undefined ? {} : { timeoutSeconds: Number(seconds) }
}
