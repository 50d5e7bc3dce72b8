/** Function calls: special forms first, then aggregates and window functions, then the scalar tables. */
import type { FunctionCall } from '../ast.ts'
import type { Bound } from '../bound.ts'
import { callNode } from '../bound.ts'
import { analyzingError, unknownFunction } from '../sql-error.ts'
import { printType } from '../type.ts'
import { bindAggregate } from './aggregate.ts'
import type { Environment } from './environment.ts'
import { positionOf } from './environment.ts'
import { aggregateFunctions } from './function/aggregate.ts'
import type { AggregateSpec } from './function/aggregate.ts'
import { collectionFunctions } from './function/array.ts'
import { dateFunctions } from './function/date.ts'
import { geometryFunctions } from './function/geometry.ts'
import { hashFunctions } from './function/hash.ts'
import { jsonFunctions } from './function/json.ts'
import { mapFunctions } from './function/map.ts'
import { mathFunctions } from './function/math.ts'
import { sketchFunctions } from './function/sketch.ts'
import { specialFunctions } from './function/special.ts'
import type { FunctionSpec, Signature } from './function/spec.ts'
import { resultType } from './function/spec.ts'
import { stringFunctions } from './function/string.ts'
import { urlFunctions } from './function/url.ts'
import { windowFunctions } from './function/window.ts'
import { bind } from './recursion.ts'
import { chooseSignature } from './signature.ts'
import { bindWindowFunction } from './window.ts'

const byName = <T extends { readonly name: string }>(specs: readonly T[]): ReadonlyMap<string, T> =>
  new Map(specs.map((spec) => [spec.name, spec]))

const scalars = byName<FunctionSpec>([
  ...geometryFunctions,
  ...hashFunctions,
  ...urlFunctions,
  ...stringFunctions,
  ...mathFunctions,
  ...dateFunctions,
  ...jsonFunctions,
  ...collectionFunctions,
  ...mapFunctions,
  ...sketchFunctions,
])

const aggregates = byName<AggregateSpec>(aggregateFunctions)

export const isAggregate = (call: FunctionCall): boolean =>
  call.over === undefined &&
  (aggregates.has(call.name) ||
    call.name === 'count' ||
    call.name === 'group_concat' ||
    call.name === 'string_agg' ||
    call.name === 'grouping' ||
    call.name === 'grouping_id')

/** Every function that exists, for SHOW FUNCTIONS and the documents. */
export const functionNames = (): readonly {
  readonly name: string
  readonly kind: 'scalar' | 'aggregate' | 'window'
  readonly note: string | undefined
}[] => [
  ...[...scalars.values()].map(({ name, note }) => ({ name, kind: 'scalar' as const, note })),
  ...[...specialFunctions.keys()].map((name) => ({
    name,
    kind: 'scalar' as const,
    note: undefined,
  })),
  ...['count', 'group_concat', 'string_agg', 'grouping', 'grouping_id'].map((name) => ({
    name,
    kind: 'aggregate' as const,
    note: undefined,
  })),
  ...[...aggregates.values()].map(({ name, note }) => ({ name, kind: 'aggregate' as const, note })),
  ...[...windowFunctions.keys()].map((name) => ({
    name,
    kind: 'window' as const,
    note: undefined,
  })),
]

export const bindCall = (call: FunctionCall, environment: Environment): Bound => {
  if (windowFunctions.has(call.name)) return bindWindowFunction(call, environment)
  const aggregate = aggregates.get(call.name)
  if (aggregate !== undefined || isAggregate({ ...call, over: undefined })) {
    return bindAggregate(call, aggregate, environment)
  }
  refuseModifiers(call)
  const special = specialFunctions.get(call.name)
  if (special !== undefined) {
    const value = special({ call, environment })
    if (value !== undefined) return value
  }
  const args = call.args.map((argument) => bind(argument, environment))
  const spec = scalars.get(call.name)
  if (spec === undefined || call.star) throw noMatch(call, args, environment)
  const chosen = chooseSignature(spec.signatures, args)
  if (chosen === undefined) throw noMatch(call, args, environment)
  return bindScalar(chosen.signature, chosen.args)
}

const bindScalar = (signature: Signature, args: readonly Bound[]): Bound => {
  const type = resultType(signature.returns, args)
  const { sql } = signature
  signature.check?.(args)
  const taken = signature.convert?.(args) ?? args
  if (typeof sql === 'function') return callNode(type, taken, sql)
  return callNode(type, taken, (texts) =>
    sql.replaceAll(/\$(\d)/g, (_, digit: string) => texts[Number(digit) - 1] ?? ''),
  )
}

const noMatch = (call: FunctionCall, args: readonly Bound[], environment: Environment): Error =>
  unknownFunction(
    call.name,
    args.map((argument) => printType(argument.type)).join(', '),
    positionOf(environment, call.at),
  )

/** What only aggregates and window functions understand. */
const refuseModifiers = (call: FunctionCall): void => {
  if (call.over !== undefined)
    throw analyzingError(`The function ${call.name} is no window function.`)
  if (
    call.distinct ||
    call.orderBy.length > 0 ||
    call.separator !== undefined ||
    call.ignoreNulls
  ) {
    throw analyzingError(`The function ${call.name} is no aggregate function.`)
  }
}
