/** What one connection remembers between statements. */
import type { ParsedStatement } from '../sql/ast.ts'
import type { SqlType } from '../sql/type.ts'
import type { Authority } from '../catalog/authority.ts'

export interface UserVariable {
  readonly type: SqlType
  /** The value's text form; undefined is NULL. */
  readonly text: string | undefined
}

export interface Warning {
  readonly level: 'Warning' | 'Error' | 'Note'
  readonly code: number
  readonly message: string
}

export interface SessionState {
  readonly id: number
  /** The name that the client logged in with. */
  readonly login: string
  /** Whom the session acts as: EXECUTE AS changes it. */
  user: string
  readonly host: string
  /** The front end that it is counted to; the first one without it. */
  readonly frontend?: string | undefined
  readonly connectedMs: number
  /** The external catalog that names mean; undefined: the default one. */
  catalog?: string | undefined
  database: string | undefined
  authority: Authority
  /** Session variables that differ from the global ones, by lower-case name. */
  variables: Map<string, string>
  userVariables: Map<string, UserVariable>
  /** Of PREPARE, by lower-case name. */
  prepared: Map<string, ParsedStatement>
  warnings: readonly Warning[]
  /** Given with the first temporary table, which it is found by. */
  temporarySession?: string
  lastQueryId: string
}

/** SHOW WARNINGS keeps this many, as MySQL's max_error_count would bound it. */
export const warningsMax = 64
