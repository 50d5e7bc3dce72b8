/** Which signature of a function takes given arguments, with the arguments converted to it. */
import type { Parameter } from '../function/spec.ts'
import { simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { isDate, isInteger, isNumeric, isString } from './common-type.ts'
import { convertTyped, convertible } from './convert.ts'
import { jsonText } from './convert.ts'
import type { Typed } from './typed.ts'

interface Chosen<T> {
  readonly signature: T
  readonly args: readonly Typed[]
}

interface Shape {
  readonly parameters: readonly Parameter[]
  readonly variadic?: number
}

/** The cheapest by the sum of its conversions; of equals the first. */
export const chooseSignature = <T extends Shape>(
  signatures: readonly T[],
  args: readonly Typed[],
): Chosen<T> | undefined => {
  let best: { signature: T; cost: number } | undefined
  for (const signature of signatures) {
    const cost = totalCost(signature, args)
    if (cost !== undefined && (best === undefined || cost < best.cost)) best = { signature, cost }
  }
  if (best === undefined) return undefined
  const { signature } = best
  return {
    signature,
    args: args.map((argument, index) => fit(argument, parameterAt(signature, index))),
  }
}

const parameterAt = (signature: Shape, index: number): Parameter => {
  const last = signature.parameters.length - 1
  return signature.parameters[Math.min(index, last)] ?? 'any'
}

const totalCost = (signature: Shape, args: readonly Typed[]): number | undefined => {
  const { parameters, variadic } = signature
  const least = variadic === undefined ? parameters.length : parameters.length - 1 + variadic
  const most = variadic === undefined ? parameters.length : 1000
  if (args.length < least || args.length > most) return undefined
  let total = 0
  for (const [index, argument] of args.entries()) {
    const cost = costOf(argument, parameterAt(signature, index))
    if (cost === undefined) return undefined
    total += cost
  }
  return total
}

const integerRank: readonly string[] = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'largeint',
]

/** 0 for what fits as it is; undefined for what StarRocks does not convert by itself. */
const costOf = (argument: Typed, parameter: Parameter): number | undefined => {
  const { type } = argument
  if (type.kind === 'null') return parameter === 'any' ? 1 : 2
  switch (parameter) {
    case 'any':
      return 1
    case 'number':
      return isNumeric(type) ? 0 : isString(type) || type.kind === 'boolean' ? 20 : undefined
    case 'integer':
      return isInteger(type) ? 0 : type.kind === 'boolean' ? 10 : undefined
    case 'decimal':
      return type.kind === 'decimal' ? 0 : undefined
    case 'array':
    case 'map':
    case 'struct':
    case 'bitmap':
    case 'hll':
    case 'percentile':
      return type.kind === parameter ? 0 : undefined
    case 'array<varchar>':
      return type.kind === 'array' && convertible(argument, { kind: 'array', element: stringType })
        ? 1
        : undefined
    case 'varchar':
      return stringCost(type)
    case 'varbinary':
      return type.kind === 'varbinary' ? 0 : undefined
    default:
      return scalarCost(argument, parameter)
  }
}

const stringCost = (type: SqlType): number | undefined => {
  if (isString(type)) return 0
  if (isNumeric(type) || isDate(type) || type.kind === 'boolean') return 15
  return type.kind === 'json' ? 25 : undefined
}

const scalarCost = ({ type }: Typed, parameter: Exclude<Parameter, 'any'>): number | undefined => {
  if (type.kind === parameter) return 0
  if (parameter === 'json') return undefined
  if (parameter === 'date' || parameter === 'datetime') {
    if (isDate(type)) return parameter === 'datetime' ? 1 : 3
    return isString(type) ? 10 : isInteger(type) ? 20 : undefined
  }
  if (parameter === 'boolean') return isNumeric(type) || isString(type) ? 20 : undefined
  if (isString(type)) return 20
  const [from, to] = [integerRank.indexOf(type.kind), integerRank.indexOf(parameter)]
  if (from !== -1 && to !== -1) return to >= from ? to - from : 5 + from - to
  if (from !== -1) return parameter === 'double' ? 6 : parameter === 'float' ? 7 : undefined
  if (!isNumeric(type)) return undefined
  return parameter === 'double' ? 2 : parameter === 'float' ? 8 : 12
}

const fit = (argument: Typed, parameter: Parameter): Typed => {
  switch (parameter) {
    case 'any':
      return argument
    case 'number':
      return isNumeric(argument.type) ? argument : convertTyped(argument, simpleType('double'))
    case 'integer':
      return isInteger(argument.type) ? argument : convertTyped(argument, simpleType('bigint'))
    case 'decimal':
      return argument.type.kind === 'decimal'
        ? argument
        : convertTyped(argument, { kind: 'decimal', precision: 38, scale: 9 })
    case 'array':
    case 'map':
    case 'struct':
      return argument
    case 'array<varchar>':
      return convertTyped(argument, { kind: 'array', element: stringType })
    case 'varchar':
      if (argument.type.kind === 'json') return { sql: jsonText(argument.sql), type: stringType }
      return keepLiteral(argument, stringType)
    case 'varbinary':
      return convertTyped(argument, { kind: 'varbinary', length: 1_048_576 })
    default:
      return keepLiteral(argument, simpleType(parameter))
  }
}

/** Formats, units and paths are read from the literal, so it survives the conversion. */
const keepLiteral = (argument: Typed, type: SqlType): Typed => {
  const converted = convertTyped(argument, type)
  return argument.literal === undefined ? converted : { ...converted, literal: argument.literal }
}
