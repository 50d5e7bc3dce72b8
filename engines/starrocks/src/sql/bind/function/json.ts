/** JSON functions. A path that leads nowhere gives NULL; a text that is no JSON gives NULL. */
import type { Bound, Operand } from '../../bound.ts'
import { convertSql, jsonFromString, jsonSpaced } from '../../emit/convert.ts'
import { ofNullKey } from '../../emit/strictness.ts'
import { nested, once, quote, quoteName } from '../../emit/text.ts'
import { hasMap } from '../../map-key.ts'
import { analyzingError } from '../../sql-error.ts'
import { simpleType, stringType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { convertible } from '../conversion.ts'
import { checkPath, extracted, reaches } from './json-path.ts'
import { checked, define, signature, variadic } from './spec.ts'
import type { Check, FunctionSpec, ParameterKind, Signature } from './spec.ts'

/** Whole documents only: what get_json_… reads out of a text. */
const document = (text: string): string => `TRY_CAST(${text} AS JSON)`

const demandPath: Check = ([, path]) => checkPath(path)

/** The same function over JSON values and over texts, which become JSON as by CAST. */
const overBoth = (
  returns: 'varchar' | 'bigint' | 'double' | 'json' | 'boolean',
  build: (json: string, path: Operand | undefined) => string,
  read: (text: string) => string = jsonFromString,
): readonly Signature[] => {
  const form = (parameter: ParameterKind): Signature =>
    checked(
      demandPath,
      signature([parameter, 'varchar'], returns, ([value = ''], [, path]) =>
        build(parameter === 'json' ? value : read(value), path),
      ),
    )
  return [form('json'), form('varchar')]
}

/** get_json_…: the value at the path, converted as CAST of a JSON value is. */
const valueAt = (returns: 'varchar' | 'bigint' | 'double' | 'boolean'): readonly Signature[] =>
  overBoth(
    returns,
    (json, path) => {
      const value = { sql: extracted(json, path), type: simpleType('json') }
      const type = returns === 'varchar' ? stringType : simpleType(returns)
      return convertSql(value, type) ?? 'NULL'
    },
    document,
  )

const toJson = (value: Operand | undefined, sql: string): string => {
  if (value === undefined) return 'NULL'
  if (value.type.kind === 'null') return "CAST('null' AS JSON)"
  return `coalesce(${asJson(value, sql)}, CAST('null' AS JSON))`
}

/** As CAST makes JSON of it; and of what CAST takes not, nested values. */
const asJson = (value: Operand, sql: string): string => {
  const cast = convertSql(value, simpleType('json'))
  if (cast !== undefined) return cast
  return jsonOf(sql, value.type)
}

const demandJson = (values: readonly Bound[]): void => {
  for (const value of values) {
    const { kind } = value.type
    if (kind === 'null' || convertible(value, simpleType('json'))) continue
    if (!['array', 'map', 'struct'].includes(kind))
      throw analyzingError(`A value of type ${kind} cannot become JSON.`)
  }
}

/** Exact numbers inside, which are texts as JSON. reference: StarRocks 3.3.7, be/src/exprs/cast_expr_json.cpp */
const hasText = (type: SqlType): boolean => {
  if (type.kind === 'array') return hasText(type.element)
  if (type.kind === 'map') return hasText(type.value)
  if (type.kind === 'struct') return type.fields.some((field) => hasText(field.type))
  return type.kind === 'decimal' || type.kind === 'largeint'
}

/** Keys of maps become texts; a map with a NULL among them has no JSON. */
const jsonOf = (sql: string, type: SqlType): string => {
  if (!hasMap(type) && !hasText(type)) return `to_json(${sql})`
  return once(sql, (value) => `CASE WHEN ${value} IS NOT NULL THEN ${jsonParts(value, type)} END`)
}

const jsonParts = (value: string, type: SqlType): string => {
  if (type.kind === 'array')
    return nested(
      (item) => `to_json(list_transform(${value}, lambda ${item}: ${jsonOf(item, type.element)}))`,
    )
  if (type.kind === 'struct') {
    const fields = type.fields.map(
      ({ name, type: field }) =>
        `${quoteName(name)} := ${jsonOf(`struct_extract(${value}, ${quote(name)})`, field)}`,
    )
    return `to_json(struct_pack(${fields.join(', ')}))`
  }
  if (type.kind !== 'map')
    return hasText(type) ? `to_json(CAST(${value} AS VARCHAR))` : `to_json(${value})`
  return nested((entry) => {
    const key = convertSql({ sql: `((${entry}).key).k`, type: type.key }, stringType) ?? 'NULL'
    const pair = `struct_pack(k := ${key}, v := ${jsonOf(`(${entry}).value`, type.value)})`
    const nulls = `list_filter(map_keys(${value}), lambda ${entry}: (${entry}).k IS NULL)`
    return `CASE WHEN len(${nulls}) = 0 THEN to_json(map_from_entries(list_transform(map_entries(${value}), lambda ${entry}: ${pair})))${ofNullKey()} END`
  })
}

export const jsonFunctions: readonly FunctionSpec[] = [
  ...define(
    'parse_json',
    signature(['varchar'], 'json', ([text = '']) => jsonFromString(text)),
  ),
  ...define('json_query', ...overBoth('json', extracted)),
  ...define('get_json_object get_json_string', ...valueAt('varchar')),
  ...define('get_json_int', ...valueAt('bigint')),
  ...define('get_json_double', ...valueAt('double')),
  ...define('get_json_bool', ...valueAt('boolean')),
  ...define('json_exists', ...overBoth('boolean', reaches)),
  ...define(
    'json_length',
    signature(['json'], 'int', ([json = '']) => lengthOf(json)),
    checked(
      ([, path]) => checkPath(pathOrRoot(path)),
      signature(['json', 'varchar'], 'int', ([json = ''], [, path]) =>
        once(
          json,
          (value) =>
            `CASE WHEN ${value} IS NOT NULL THEN coalesce(${lengthOf(extracted(value, pathOrRoot(path)))}, 0) END`,
        ),
      ),
    ),
  ),
  ...define(
    'json_keys',
    signature(['json'], 'json', ([json = '']) => keysOf(json)),
    signature(['varchar'], 'json', ([text = '']) => keysOf(jsonFromString(text))),
    checked(
      demandPath,
      signature(['json', 'varchar'], 'json', ([json = ''], [, path]) =>
        keysOf(extracted(json, path)),
      ),
    ),
  ),
  ...define(
    'json_string',
    signature(['json'], 'varchar', ([json = '']) => jsonSpaced(json)),
  ),
  ...define(
    'json_array',
    checked(
      demandJson,
      variadic(
        ['any'],
        0,
        'json',
        (args, values) =>
          `json_array(${args.map((sql, index) => toJson(values[index], sql)).join(', ')})`,
      ),
    ),
  ),
  ...define(
    'json_object',
    checked(
      (args) => demandJson(args.filter((_, index) => index % 2 === 1)),
      variadic(['any'], 0, 'json', objectOf),
    ),
  ),
  ...define(
    'to_json',
    ...(['map', 'struct'] as const).map((kind) =>
      signature([kind], 'json', ([sql = ''], [value]) =>
        value ? jsonOf(sql, value.type) : 'NULL',
      ),
    ),
  ),
]

/** The empty path is the value itself. */
const pathOrRoot = <Path extends Pick<Operand, 'literal'>>(path: Path | undefined) =>
  path?.literal?.text === '' ? { ...path, literal: { kind: 'string' as const, text: '$' } } : path

const lengthOf = (json: string): string =>
  once(
    json,
    (value) =>
      `CAST(CASE json_type(${value}) WHEN 'ARRAY' THEN json_array_length(${value}) WHEN 'OBJECT' THEN len(json_keys(${value})) ELSE CASE WHEN ${value} IS NOT NULL THEN 1 END END AS INTEGER)`,
  )

const keysOf = (json: string): string =>
  once(
    json,
    (value) => `CASE json_type(${value}) WHEN 'OBJECT' THEN to_json(json_keys(${value})) END`,
  )

/** A key is a JSON string that is not empty: a text that is no document, or one in quotes. */
const keyOf = (value: Operand): string => {
  const text = value.literal?.kind === 'string' ? value.literal.text : ''
  if (/^[^\s[{"]/.test(text)) return quote(text)
  const json = value.type.kind === 'null' ? undefined : convertSql(value, simpleType('json'))
  if (json === undefined) return 'CAST(NULL AS VARCHAR)'
  return once(
    json,
    (key) =>
      `CASE WHEN json_type(${key}) = 'VARCHAR' THEN nullif(json_extract_string(${key}, '$'), '') END`,
  )
}

function objectOf(args: readonly string[], values: readonly Operand[]): string {
  const nulls: string[] = []
  const parts = args.map((sql, index) => {
    const value = values[index]
    if (index % 2 === 1) return toJson(value, sql)
    const key = value ? keyOf(value) : 'NULL'
    nulls.push(`${key} IS NULL`)
    return `coalesce(${key}, '')`
  })
  // A key without a value has null for one; an object with a key that is NULL is NULL.
  if (parts.length % 2 === 1) parts.push("CAST('null' AS JSON)")
  const object = `json_object(${parts.join(', ')})`
  return nulls.length > 0 ? `CASE WHEN NOT (${nulls.join(' OR ')}) THEN ${object} END` : object
}
