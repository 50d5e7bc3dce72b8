/**
 * The form of the function tables. A function is known here with all its signatures, or it does not exist: nothing of
 * DuckDB's own functions can be reached by name.
 *
 * `sql` names its arguments `$1`, `$2` … after conversion to the declared types. A signature may instead compute its
 * answer in `build`, where StarRocks' rule depends on the arguments' types or on literal values.
 */
import type { TypedExpression } from '../translate/typed.ts'
import { maxVarcharLength, simpleType, stringType } from '../type.ts'
import type { SimpleKind, SqlType } from '../type.ts'

/** What an argument must be, or is converted to. `any…` takes the argument as it is. */
export type ParameterKind =
  | Exclude<SimpleKind, 'null'>
  | 'varchar'
  | 'varbinary'
  /** As it is. */
  | 'any'
  /** Any number: integers, decimals, floats as they are; strings become DOUBLE. */
  | 'number'
  | 'integer'
  | 'decimal'
  | 'array'
  | 'map'
  | 'struct'
  | 'array<varchar>'

export type ReturnType =
  | Exclude<SimpleKind, 'null'>
  | 'varchar'
  | 'varbinary'
  | 'array<varchar>'
  | ((types: readonly SqlType[], args: readonly TypedExpression[]) => SqlType)

export interface Signature {
  readonly parameters: readonly ParameterKind[]
  /** The last parameter repeats, at least this often (0 or more). */
  readonly variadic?: number
  readonly returns: ReturnType
  readonly sql: string | ((args: readonly string[], typed: readonly TypedExpression[]) => string)
}

export interface FunctionSpec {
  readonly name: string
  readonly signatures: readonly Signature[]
  /** Where this engine's answer is known to differ from StarRocks', for the documents. */
  readonly note?: string
}

export const signature = (
  parameters: readonly ParameterKind[],
  returns: ReturnType,
  sql: Signature['sql'],
): Signature => ({ parameters, returns, sql })

export const variadic = (
  parameters: readonly ParameterKind[],
  atLeast: number,
  returns: ReturnType,
  sql: Signature['sql'],
): Signature => ({ parameters, variadic: atLeast, returns, sql })

export const define = (
  names: string,
  ...signatures: readonly Signature[]
): readonly FunctionSpec[] => names.split(' ').map((name) => ({ name, signatures }))

export const noted = (specs: readonly FunctionSpec[], note: string): readonly FunctionSpec[] =>
  specs.map((spec) => ({ ...spec, note }))

export const resultType = (result: ReturnType, args: readonly TypedExpression[]): SqlType => {
  if (typeof result === 'function')
    return result(
      args.map((argument) => argument.type),
      args,
    )
  if (result === 'varchar') return stringType
  if (result === 'varbinary') return { kind: 'varbinary', length: maxVarcharLength }
  if (result === 'array<varchar>') return { kind: 'array', element: stringType }
  return simpleType(result)
}
