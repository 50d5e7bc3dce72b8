/**
 * The form of the function tables. A function is known here with all its signatures, or it does not exist: nothing of
 * DuckDB's own functions can be reached by name.
 *
 * A signature is bound by its parameters, `check`, `convert` and `returns`, and written by its text. Nothing is refused there.
 */
import type { Bound, Operand } from '../../bound.ts'
import { maxVarcharLength, simpleType, stringType } from '../../type.ts'
import type { SimpleKind, SqlType } from '../../type.ts'
import { convertTo } from '../conversion.ts'

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
  | ((types: readonly SqlType[], args: readonly Bound[]) => SqlType)

/** How a call is bound. */
export interface CallForm {
  readonly parameters: readonly ParameterKind[]
  /** The last parameter repeats, at least this often (0 or more). */
  readonly variadic?: number
  readonly returns: ReturnType
  /** What parameters cannot say of the arguments: throws SqlError. */
  readonly check?: Check
  /** The arguments brought to types that depend on all of them. */
  readonly convert?: (args: readonly Bound[]) => readonly Bound[]
}

export interface Signature extends CallForm {
  /** Names the arguments `$1`, `$2` …, or is computed from their texts, types and literal values. */
  readonly sql: string | ((args: readonly string[], typed: readonly Operand[]) => string)
}

export type Check = (args: readonly Bound[]) => void

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

export const checked = <T extends object>(
  check: Check,
  form: T,
): T & { readonly check: Check } => ({
  ...form,
  check,
})

/** All arguments are brought to one type. */
export const unified = (
  typeOf: (types: readonly SqlType[]) => SqlType,
  form: Signature,
): Signature => ({
  ...form,
  convert: (args) => {
    const type = typeOf(args.map((argument) => argument.type))
    return args.map((argument) => convertTo(argument, type))
  },
})

export const noted = (specs: readonly FunctionSpec[], note: string): readonly FunctionSpec[] =>
  specs.map((spec) => ({ ...spec, note }))

export const resultType = (result: ReturnType, args: readonly Bound[]): SqlType => {
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
