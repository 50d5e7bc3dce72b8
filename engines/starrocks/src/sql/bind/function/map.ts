/** Map functions. Of entries with the same key the last one stays, at its place. */
import type { Bound, Operand } from '../../bound.ts'
import { callNode, constant } from '../../bound.ts'
import { commonTypeOf } from '../../common-type.ts'
import { convertTyped } from '../../emit/convert.ts'
import { mapOf } from '../../emit/map-entry.ts'
import { once, quote } from '../../emit/text.ts'
import { wrappedKey } from '../../map-key.ts'
import { analyzingError } from '../../sql-error.ts'
import { printType, simpleType, stringType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { convertTo, truth } from '../conversion.ts'
import { memberOf } from '../environment.ts'
import { bind } from '../recursion.ts'
import { settled } from '../window.ts'
import { define, signature, variadic } from './spec.ts'
import type { FunctionSpec } from './spec.ts'
import { argumentAt, requireArity } from './special-call.ts'
import type { SpecialCall, SpecialFunction } from './special-call.ts'

type MapType = Extract<SqlType, { kind: 'map' }>

const nullType = simpleType('null')
const emptyMap: MapType = { kind: 'map', key: nullType, value: nullType }

const joinedType = (types: readonly SqlType[]): MapType => {
  const type = commonTypeOf([emptyMap, ...types])
  if (type?.kind === 'map') return type
  throw analyzingError(
    `No matching function with signature: map_concat(${types.map(printType).join(', ')}).`,
  )
}

/** A map that is NULL adds nothing. */
const joined = (values: readonly Operand[]): string => {
  const type = joinedType(values.map((value) => value.type))
  const lists = values.map(
    (value) =>
      `list_transform(map_entries(${convertTyped(value, type).sql}), lambda entry: struct_pack(k := (entry).key, v := (entry).value))`,
  )
  const known = values.map((value) => `${value.sql} IS NOT NULL`).join(' OR ')
  return `CASE WHEN ${known} THEN ${mapOf(`list_concat(${lists.join(', ')})`)} END`
}

export const mapFunctions: readonly FunctionSpec[] = [
  ...define(
    'map_concat',
    variadic(['map'], 1, joinedType, (_, values) => joined(values)),
  ),
  ...define(
    'str_to_map',
    ...[1, 2, 3].map((count) =>
      signature(
        Array.from({ length: count }, () => 'varchar' as const),
        () => ({ kind: 'map', key: stringType, value: stringType }),
        ([text = '', between = quote(','), inside = quote(':')]) =>
          once(text, (value) =>
            once(
              inside,
              (mark) =>
                `CASE WHEN ${value} IS NOT NULL AND ${between} IS NOT NULL AND ${mark} IS NOT NULL THEN ${mapOf(`list_transform(string_split(${value}, ${between}), lambda part: struct_pack(k := ${wrappedKey(`string_split(part, ${mark})[1]`)}, v := CASE WHEN contains(part, ${mark}) THEN substring(part, length(string_split(part, ${mark})[1]) + length(${mark}) + 1) END))`)} END`,
            ),
          ),
      ),
    ),
  ),
]

interface Application {
  readonly map: Bound
  readonly type: MapType
  readonly body: Bound
  /** What DuckDB calls each entry. */
  readonly entry: string
}

const keyOf = (entry: string): string => `((${entry}).key).k`

const valueOf = (entry: string): string => `(${entry}).value`

/** The lambda of a key and a value, which may stand first or last, over the entries of a map. */
const applied = (special: SpecialCall): Application => {
  requireArity(special, 2, 2)
  const { environment } = special
  const at = special.call.args.findIndex((argument) => argument.kind === 'lambda')
  const lambda = special.call.args[at]
  const map = argumentAt(special, at === 0 ? 1 : 0)
  const type = map.type.kind === 'null' ? emptyMap : map.type
  if (lambda?.kind !== 'lambda' || type.kind !== 'map')
    throw analyzingError(`${special.call.name}() needs a lambda and a map.`)
  const [key, value] = lambda.parameters
  if (key === undefined || value === undefined || lambda.parameters.length !== 2)
    throw analyzingError(`The lambda of ${special.call.name}() must take a key and a value.`)
  const lambdas = environment.lambdas + 1
  const entry = `entry${lambdas}`
  const variables = new Map(environment.variables)
  variables.set(key.toLowerCase(), constant(keyOf(entry), type.key))
  variables.set(value.toLowerCase(), constant(valueOf(entry), type.value))
  return { map, type, entry, body: bind(lambda.body, { ...environment, variables, lambdas }) }
}

const changed = ({ map, entry }: Application, key: Bound, value: Bound): Bound => {
  const type: SqlType = { kind: 'map', key: key.type, value: value.type }
  return callNode(type, [map, settled(key), settled(value)], ([x = '', k = '', v = '']) => {
    const each = `struct_pack(k := ${wrappedKey(k)}, v := ${v})`
    const entries = `list_transform(map_entries(${x}), lambda ${entry}: ${each})`
    return `CASE WHEN ${x} IS NOT NULL THEN ${mapOf(entries)} END`
  })
}

const apply: SpecialFunction = (special) => {
  const application = applied(special)
  const { body } = application
  const [key, value] = body.type.kind === 'struct' ? body.type.fields : []
  if (!key || !value || body.type.kind !== 'struct' || body.type.fields.length !== 2)
    throw analyzingError(
      'The lambda of map_apply() must answer a key and a value: (k, v) -> (k, v).',
    )
  return changed(application, memberOf(body, key), memberOf(body, value))
}

const transform =
  (part: 'keys' | 'values'): SpecialFunction =>
  (special) => {
    const application = applied(special)
    const { type, body, entry } = application
    return part === 'keys'
      ? changed(application, body, constant(valueOf(entry), type.value))
      : changed(application, constant(keyOf(entry), type.key), body)
  }

/** By a lambda, or by an array that says of each entry whether it stays. */
const filter: SpecialFunction = (special) => {
  if (special.call.args.some((argument) => argument.kind === 'lambda')) {
    const { map, type, body, entry } = applied(special)
    return callNode(type, [map, truth(body)], ([x = '', test = '']) => {
      const kept = `list_filter(map_entries(${x}), lambda ${entry}: coalesce(${test}, false))`
      return `CASE WHEN ${x} IS NOT NULL THEN map_from_entries(${kept}) END`
    })
  }
  requireArity(special, 2, 2)
  const [map, tests] = [argumentAt(special, 0), argumentAt(special, 1)]
  if (map.type.kind !== 'map') throw analyzingError('map_filter() needs a map.')
  const flags = convertTo(tests, { kind: 'array', element: simpleType('boolean') })
  return callNode(map.type, [map, flags], ([x = '', y = '']) => {
    const kept = `list_filter(list_zip(map_entries(${x}), coalesce(${y}, []), true), lambda pair: coalesce(pair[2], false))`
    return `CASE WHEN ${x} IS NOT NULL THEN map_from_entries(list_transform(${kept}, lambda pair: pair[1])) END`
  })
}

export const mapLambdas: Readonly<Record<string, SpecialFunction>> = {
  map_apply: apply,
  transform_keys: transform('keys'),
  transform_values: transform('values'),
  map_filter: filter,
  distinct_map_keys: (special) => {
    requireArity(special, 1, 1)
    return argumentAt(special, 0)
  },
}
