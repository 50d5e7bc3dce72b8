/** What is known of a system variable: what it may hold, who may set it, and whether it does anything here. */
export type VariableKind = 'boolean' | 'int' | 'integer' | 'real' | 'text'

export interface VariableDefinition {
  readonly name: string
  /** `int` has 32 bits, `integer` 64. */
  readonly kind: VariableKind
  /** `fixed` would change answers, and takes only its initial value. */
  readonly sort: 'effect' | 'client' | 'tuning' | 'fixed'
  readonly initial: string
  readonly scope: 'both' | 'session' | 'global' | 'read only'
  /** Other names that statements may use; it is shown by `name`. */
  readonly aliases?: readonly string[]
  readonly low?: number
  readonly high?: number
  /** StarRocks' analyzer checks these bounds, and says so in words of its own. */
  readonly checked?: boolean
  readonly values?: readonly string[]
  readonly hidden?: boolean
}

export type VariableRow = readonly [
  name: string,
  kind: VariableKind,
  initial: string,
  more?: Partial<VariableDefinition>,
]
