/** What the special functions share: the call they are given and how its arguments are read. */
import type { Expression, FunctionCall } from '../ast.ts'
import { analyzingError } from '../sql-error.ts'
import type { Environment } from '../translate/environment.ts'
import type { TypedExpression } from '../translate/typed.ts'

export interface SpecialCall {
  readonly call: FunctionCall
  readonly environment: Environment
  readonly translate: (expression: Expression, environment: Environment) => TypedExpression
}

/** Undefined: not this form after all; the tables are asked next. */
export type SpecialFunction = (special: SpecialCall) => TypedExpression | undefined

export function requireArity({ call }: SpecialCall, least: number, most: number): void {
  if (call.args.length < least || call.args.length > most) {
    throw analyzingError(
      `No matching function with signature: ${call.name}() of ${call.args.length} arguments.`,
    )
  }
}

/** NULL stands for an argument that was left out. */
export function argumentAt(
  { call, environment, translate }: SpecialCall,
  index: number,
): TypedExpression {
  return translate(call.args[index] ?? { kind: 'null' }, environment)
}
