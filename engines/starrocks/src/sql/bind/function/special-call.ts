/** What the special functions share: the call they are given and how its arguments are read. */
import type { FunctionCall } from '../../ast.ts'
import type { Bound } from '../../bound.ts'
import { analyzingError } from '../../sql-error.ts'
import type { Environment } from '../environment.ts'
import { bind } from '../recursion.ts'

export interface SpecialCall {
  readonly call: FunctionCall
  readonly environment: Environment
}

/** Undefined: not this form after all; the tables are asked next. */
export type SpecialFunction = (special: SpecialCall) => Bound | undefined

export function requireArity({ call }: SpecialCall, least: number, most: number): void {
  if (call.args.length < least || call.args.length > most) {
    throw analyzingError(
      `No matching function with signature: ${call.name}() of ${call.args.length} arguments.`,
    )
  }
}

/** NULL stands for an argument that was left out. */
export function argumentAt({ call, environment }: SpecialCall, index: number): Bound {
  return bind(call.args[index] ?? { kind: 'null' }, environment)
}
