/** Which signature of a function takes given arguments, with the arguments converted to it. */
import type { Bound } from '../bound.ts'
import { callNode } from '../bound.ts'
import { isDate, isInteger, isNumeric, isString } from '../common-type.ts'
import { jsonText } from '../emit/convert.ts'
import { maxVarcharLength, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { convertible, convertTo } from './conversion.ts'
import type { ParameterKind } from './function/spec.ts'

interface SignatureChoice<T> {
  readonly signature: T
  readonly args: readonly Bound[]
}

interface Shape {
  readonly parameters: readonly ParameterKind[]
  readonly variadic?: number
}

/** The cheapest by the sum of its conversions; of equals the first. */
export const chooseSignature = <T extends Shape>(
  signatures: readonly T[],
  args: readonly Bound[],
): SignatureChoice<T> | undefined => {
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

const parameterAt = (signature: Shape, index: number): ParameterKind => {
  const last = signature.parameters.length - 1
  return signature.parameters[Math.min(index, last)] ?? 'any'
}

const totalCost = (signature: Shape, args: readonly Bound[]): number | undefined => {
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
const costOf = (argument: Bound, parameter: ParameterKind): number | undefined => {
  const { type } = argument
  if (type.kind === 'null') return parameter === 'any' ? 1 : 2
  if (parameter === 'any') return 1
  if (parameter === 'number') {
    return isNumeric(type) ? 0 : isString(type) || type.kind === 'boolean' ? 20 : undefined
  }
  if (parameter === 'integer') return isInteger(type) ? 0 : type.kind === 'boolean' ? 10 : undefined
  if (exactKinds.has(parameter)) return type.kind === parameter ? 0 : undefined
  if (parameter === 'array<varchar>') {
    return type.kind === 'array' && convertible(argument, stringArray) ? 1 : undefined
  }
  return parameter === 'varchar' ? stringCost(type) : scalarCost(argument, parameter)
}

/** Nothing else converts to these by itself. */
const exactKinds: ReadonlySet<ParameterKind> = new Set<ParameterKind>([
  'decimal',
  'array',
  'map',
  'struct',
  'bitmap',
  'hll',
  'percentile',
  'varbinary',
])

const stringArray: SqlType = { kind: 'array', element: stringType }

const stringCost = (type: SqlType): number | undefined => {
  if (isString(type)) return 0
  if (isNumeric(type) || isDate(type) || type.kind === 'boolean' || type.kind === 'time') return 15
  return type.kind === 'json' ? 25 : undefined
}

const scalarCost = (
  { type }: Bound,
  parameter: Exclude<ParameterKind, 'any'>,
): number | undefined => {
  if (type.kind === parameter) return 0
  if (parameter === 'json') return isString(type) ? 26 : undefined
  if (parameter === 'date' || parameter === 'datetime') {
    if (isDate(type)) return parameter === 'datetime' ? 1 : 3
    // A text may hold a time of day: DATETIME is the safer reading.
    const extra = parameter === 'date' ? 1 : 0
    return isString(type) ? 10 + extra : isInteger(type) ? 20 + extra : undefined
  }
  // Dearer than any number: a text that adds up does so as DOUBLE.
  if (parameter === 'boolean') return isNumeric(type) || isString(type) ? 30 : undefined
  if (isString(type)) return 20
  const [from, to] = [integerRank.indexOf(type.kind), integerRank.indexOf(parameter)]
  if (from !== -1 && to !== -1) return to >= from ? to - from : 5 + from - to
  if (from !== -1) return parameter === 'double' ? 6 : parameter === 'float' ? 7 : undefined
  if (!isNumeric(type)) return undefined
  return parameter === 'double' ? 2 : parameter === 'float' ? 8 : 12
}

const fit = (argument: Bound, parameter: ParameterKind): Bound => {
  if (parameter === 'any' || parameter === 'array' || parameter === 'map' || parameter === 'struct')
    return argument
  if (parameter === 'number')
    return isNumeric(argument.type) ? argument : convertTo(argument, simpleType('double'))
  if (parameter === 'integer')
    return isInteger(argument.type) ? argument : convertTo(argument, simpleType('bigint'))
  if (parameter === 'decimal') {
    return argument.type.kind === 'decimal'
      ? argument
      : convertTo(argument, { kind: 'decimal', precision: 38, scale: 9 })
  }
  if (parameter === 'array<varchar>') return convertTo(argument, stringArray)
  if (parameter === 'varbinary')
    return convertTo(argument, { kind: 'varbinary', length: maxVarcharLength })
  if (parameter !== 'varchar') return keepLiteral(argument, simpleType(parameter))
  if (argument.type.kind === 'json')
    return callNode(stringType, [argument], ([x = '']) => jsonText(x))
  return keepLiteral(argument, stringType)
}

/** Formats, units and paths are read from the literal, so it survives the conversion. */
const keepLiteral = (argument: Bound, type: SqlType): Bound => {
  const converted = convertTo(argument, type)
  return argument.literal === undefined ? converted : { ...converted, literal: argument.literal }
}
