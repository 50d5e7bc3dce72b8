/** Map functions. Of entries with the same key the last one stays, at its place. */
import { wrappedKey } from '../map-key.ts'
import { analyzingError } from '../sql-error.ts'
import { commonTypeOf } from '../translate/common-type.ts'
import { truth } from '../translate/comparison.ts'
import { convertTyped } from '../translate/convert.ts'
import { mapOf } from '../translate/map-entry.ts'
import { once, quote, typed } from '../translate/typed.ts'
import type { TypedExpression } from '../translate/typed.ts'
import { printType, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { argumentAt, requireArity } from './special-call.ts'
import type { SpecialCall, SpecialFunction } from './special-call.ts'
import { define, signature, variadic } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

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
const joined = (values: readonly TypedExpression[]): string => {
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
  readonly map: TypedExpression & { readonly type: MapType }
  readonly body: TypedExpression
}

/** The lambda of a key and a value, which may stand first or last, over the entries of a map. */
const applied = (special: SpecialCall): Application => {
  requireArity(special, 2, 2)
  const at = special.call.args.findIndex((argument) => argument.kind === 'lambda')
  const lambda = special.call.args[at]
  const map = argumentAt(special, at === 0 ? 1 : 0)
  const type = map.type.kind === 'null' ? emptyMap : map.type
  if (lambda?.kind !== 'lambda' || type.kind !== 'map')
    throw analyzingError(`${special.call.name}() needs a lambda and a map.`)
  const [key, value] = lambda.parameters
  if (key === undefined || value === undefined || lambda.parameters.length !== 2)
    throw analyzingError(`The lambda of ${special.call.name}() must take a key and a value.`)
  const depth = Number(special.environment.variables.get('\0depth')?.sql ?? 1)
  const variables = new Map(special.environment.variables)
  variables.set(key.toLowerCase(), { sql: `((entry${depth}).key).k`, type: type.key })
  variables.set(value.toLowerCase(), { sql: `(entry${depth}).value`, type: type.value })
  variables.set('\0depth', { sql: String(depth + 1), type: simpleType('int') })
  return {
    map: { sql: map.sql, type },
    body: special.translate(lambda.body, { ...special.environment, variables }),
  }
}

const entryOf = ({ environment }: SpecialCall): string =>
  `entry${environment.variables.get('\0depth')?.sql ?? '1'}`

const settled = (value: TypedExpression): string =>
  value.type.kind === 'null' ? 'CAST(NULL AS INTEGER)' : value.sql

const changed = (
  special: SpecialCall,
  { map }: Application,
  [key, value]: readonly [TypedExpression, TypedExpression],
): TypedExpression => {
  const entry = `struct_pack(k := ${wrappedKey(settled(key))}, v := ${settled(value)})`
  const entries = `list_transform(map_entries(${map.sql}), lambda ${entryOf(special)}: ${entry})`
  return typed(`CASE WHEN ${map.sql} IS NOT NULL THEN ${mapOf(entries)} END`, {
    kind: 'map',
    key: key.type,
    value: value.type,
  })
}

const apply: SpecialFunction = (special) => {
  const application = applied(special)
  const { body } = application
  if (body.type.kind !== 'struct' || body.type.fields.length !== 2)
    throw analyzingError(
      'The lambda of map_apply() must answer a key and a value: (k, v) -> (k, v).',
    )
  const [key, value] = body.type.fields.map(({ name, type }) =>
    typed(`struct_extract(${body.sql}, ${quote(name)})`, type),
  )
  return key && value && changed(special, application, [key, value])
}

const transform =
  (part: 'keys' | 'values'): SpecialFunction =>
  (special) => {
    const application = applied(special)
    const { map, body } = application
    const entry = entryOf(special)
    const key = typed(`((${entry}).key).k`, map.type.key)
    const value = typed(`(${entry}).value`, map.type.value)
    return changed(special, application, part === 'keys' ? [body, value] : [key, body])
  }

/** By a lambda, or by an array that says of each entry whether it stays. */
const filter: SpecialFunction = (special) => {
  if (special.call.args.some((argument) => argument.kind === 'lambda')) {
    const { map, body } = applied(special)
    const kept = `list_filter(map_entries(${map.sql}), lambda ${entryOf(special)}: coalesce(${truth(body)}, false))`
    return typed(`CASE WHEN ${map.sql} IS NOT NULL THEN map_from_entries(${kept}) END`, map.type)
  }
  requireArity(special, 2, 2)
  const [map, tests] = [argumentAt(special, 0), argumentAt(special, 1)]
  if (map.type.kind !== 'map') throw analyzingError('map_filter() needs a map.')
  const flags = convertTyped(tests, { kind: 'array', element: simpleType('boolean') }).sql
  const kept = `list_filter(list_zip(map_entries(${map.sql}), coalesce(${flags}, []), true), lambda pair: coalesce(pair[2], false))`
  return typed(
    `CASE WHEN ${map.sql} IS NOT NULL THEN map_from_entries(list_transform(${kept}, lambda pair: pair[1])) END`,
    map.type,
  )
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
