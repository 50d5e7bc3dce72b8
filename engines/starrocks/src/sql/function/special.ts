/**
 * Functions that plain signatures cannot say: conditions that decide their type together, INTERVAL and unit arguments, the
 * session's clock, user and time zone, lambdas, structs.
 */
import { wrappedKey } from '../map-key.ts'
import { analyzingError, unsupported } from '../sql-error.ts'
import { commonTypeOf, isDate, isNumeric, isString } from '../translate/common-type.ts'
import { equals, truth } from '../translate/comparison.ts'
import { convertTyped } from '../translate/convert.ts'
import type { Environment } from '../translate/environment.ts'
import { mapOfParts } from '../translate/map-entry.ts'
import { isNested } from '../translate/nested-comparison.ts'
import { quote, quoteName, typed } from '../translate/typed.ts'
import type { TypedExpression } from '../translate/typed.ts'
import { printType, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { clockFunctions } from './clock.ts'
import { patternFunctions } from './date-pattern.ts'
import { intervalFunctions } from './interval.ts'
import { lambdaFunctions } from './lambda.ts'
import { mapLambdas } from './map.ts'
import { requireArity } from './special-call.ts'
import type { SpecialCall, SpecialFunction } from './special-call.ts'

const boolean = simpleType('boolean')

/** Texts without their lengths, decimals with the bits that they take. */
const typeName = (type: SqlType): string =>
  printType(type)
    .replaceAll(/\b(varchar|char|varbinary)\(\d+\)/g, '$1')
    .replaceAll(/\bdecimal\((\d+), (\d+)\)/g, (_, precision: string, scale: string) => {
      const bits = Number(precision) <= 9 ? 32 : Number(precision) <= 18 ? 64 : 128
      return `decimal${bits}(${precision}, ${scale})`
    })

const argumentsOf = (
  special: SpecialCall,
  least: number,
  most: number,
): readonly TypedExpression[] => {
  requireArity(special, least, most)
  const { call, environment, translate } = special
  return call.args.map((argument) => translate(argument, environment))
}

const commonOf = (name: string, values: readonly TypedExpression[]): SqlType => {
  const type = commonTypeOf(values.map((value) => value.type))
  if (type === undefined)
    throw analyzingError(
      `No matching function with signature: ${name}(${values.map((value) => printType(value.type)).join(', ')}).`,
    )
  return type
}

const untyped: TypedExpression = { sql: 'NULL', type: simpleType('null') }

const ifFunction: SpecialFunction = (special) => {
  const [test = untyped, then = untyped, otherwise = untyped] = argumentsOf(special, 3, 3)
  const type = commonOf('if', [then, otherwise])
  return typed(
    `CASE WHEN ${truth(test)} THEN ${convertTyped(then, type).sql} ELSE ${convertTyped(otherwise, type).sql} END`,
    type,
  )
}

/** A date and a number have no type in common but that of texts. */
const datesWithNumbers = (values: readonly TypedExpression[]): boolean =>
  values.some(({ type }) => isDate(type)) &&
  values.some(({ type }) => isNumeric(type)) &&
  values.every(({ type }) => isDate(type) || isNumeric(type) || isString(type))

const coalesce =
  (least: number, most: number): SpecialFunction =>
  (special) => {
    const values = argumentsOf(special, least, most)
    const type = datesWithNumbers(values) ? stringType : commonOf(special.call.name, values)
    return typed(
      `coalesce(${values.map((value) => convertTyped(value, type).sql).join(', ')})`,
      type,
    )
  }

const nullIf: SpecialFunction = (special) => {
  const [a = untyped, b = untyped] = argumentsOf(special, 2, 2)
  if (isNested(a.type) && isNested(b.type)) {
    const type = commonOf('nullif', [a, b])
    return typed(`CASE WHEN ${equals(a, b)} THEN NULL ELSE ${convertTyped(a, type).sql} END`, type)
  }
  return typed(
    `CASE WHEN ${equals(a, b)} THEN NULL ELSE ${a.sql} END`,
    a.type.kind === 'null' ? boolean : a.type,
  )
}

const isNull =
  (not: string): SpecialFunction =>
  (special) => {
    const [value = untyped] = argumentsOf(special, 1, 1)
    return typed(`(${value.sql} IS${not} NULL)`, boolean)
  }

const text =
  (read: (environment: Environment) => string | undefined): SpecialFunction =>
  (special) => {
    argumentsOf(special, 0, 0)
    const value = read(special.environment)
    return typed(value === undefined ? 'CAST(NULL AS VARCHAR)' : quote(value), stringType)
  }

/** Texts are compared as texts, numbers as numbers, and both together as DOUBLE. */
const field: SpecialFunction = (special) => {
  const given = argumentsOf(special, 2, 1000)
  const texts = given.filter((argument) => isString(argument.type))
  const isMixed = texts.length > 0 && given.some((argument) => isNumeric(argument.type))
  const [value = untyped, ...list] = isMixed
    ? given.map((argument) => convertTyped(argument, simpleType('double')))
    : given
  const tests = list.map((item, index) => `WHEN ${equals(value, item)} THEN ${index + 1}`)
  return typed(`CAST(CASE ${tests.join(' ')} ELSE 0 END AS INTEGER)`, simpleType('int'))
}

const row = (values: readonly TypedExpression[], names: readonly string[]): TypedExpression => {
  const fields = values.map((value, index) => ({
    name: names[index] ?? `col${index + 1}`,
    type: value.type,
  }))
  const parts = fields.map(
    (item, index) => `${quoteName(item.name)} := ${values[index]?.sql ?? 'NULL'}`,
  )
  return typed(`struct_pack(${parts.join(', ')})`, { kind: 'struct', fields })
}

const namedStruct: SpecialFunction = (special) => {
  const values = argumentsOf(special, 2, 1000)
  if (values.length % 2 === 1) throw analyzingError('named_struct() needs pairs of name and value.')
  const names = special.call.args
    .filter((_, index) => index % 2 === 0)
    .map((name) => {
      if (name.kind !== 'string')
        throw analyzingError('A name in named_struct() must be a constant string.')
      return name.value
    })
  return row(
    values.filter((_, index) => index % 2 === 1),
    names,
  )
}

const mapFunction: SpecialFunction = (special) => {
  const values = argumentsOf(special, 0, 1000)
  if (values.length % 2 === 1) throw analyzingError('map() needs pairs of key and value.')
  const keys = values.filter((_, index) => index % 2 === 0)
  const items = values.filter((_, index) => index % 2 === 1)
  const type: SqlType = { kind: 'map', key: commonOf('map', keys), value: commonOf('map', items) }
  if (isNested(type.key))
    throw analyzingError(`Map key don't supported type: ${printType(type.key)}.`)
  const wrapped = keys.map((key) => wrappedKey(convertTyped(key, type.key).sql))
  const converted = items.map((value) => convertTyped(value, type.value).sql)
  return typed(mapOfParts(wrapped, converted), type)
}

/** The wait is the statement's own: it is over before the first row (statement/query/select.ts). */
const sleep: SpecialFunction = (special) => {
  requireArity(special, 1, 1)
  const [seconds] = special.call.args
  const { wait } = special.environment.context.scope
  if (wait === undefined) throw unsupported('sleep() outside of SELECT')
  if (seconds?.kind !== 'integer' || !/^\d{1,9}$/.test(seconds.text))
    throw analyzingError('sleep() takes a constant number of seconds.')
  wait(Number(seconds.text))
  return typed('true', boolean)
}

const table: Readonly<Record<string, SpecialFunction>> = {
  if: ifFunction,
  ifnull: coalesce(2, 2),
  nvl: coalesce(2, 2),
  coalesce: coalesce(1, 1000),
  nullif: nullIf,
  isnull: isNull(''),
  isnotnull: isNull(' NOT'),
  field,
  row: (special) => row(argumentsOf(special, 1, 1000), []),
  struct: (special) => row(argumentsOf(special, 1, 1000), []),
  named_struct: namedStruct,
  map: mapFunction,
  database: text((environment) => environment.context.scope.database ?? ''),
  schema: text((environment) => environment.context.scope.database ?? ''),
  catalog: text((environment) => environment.context.scope.catalog ?? 'default_catalog'),
  user: text((environment) => environment.context.scope.user),
  session_user: text((environment) => environment.context.scope.user),
  current_user: text((environment) => environment.context.scope.currentUser),
  current_role: text((environment) => environment.context.scope.currentRole),
  version: text((environment) => environment.context.scope.version),
  current_version: text((environment) => environment.context.scope.currentVersion),
  last_query_id: text((environment) => environment.context.scope.lastQueryId),
  is_role_in_session: (special) => {
    argumentsOf(special, 1, 1)
    const [role] = special.call.args
    if (role?.kind !== 'string')
      throw analyzingError('IS_ROLE_IN_SESSION currently only supports constant parameters.')
    return typed(String(special.environment.context.scope.hasRole(role.value)), boolean)
  },
  session_id: text((environment) => environment.context.scope.sessionId),
  connection_id: (special) => {
    argumentsOf(special, 0, 0)
    return typed(
      `CAST(${special.environment.context.scope.connectionId} AS BIGINT)`,
      simpleType('bigint'),
    )
  },
  typeof: (special) => {
    const [value = untyped] = argumentsOf(special, 1, 1)
    return typed(quote(typeName(value.type)), stringType)
  },
  sleep,
  ...patternFunctions,
  ...clockFunctions,
  ...intervalFunctions,
  ...lambdaFunctions,
  ...mapLambdas,
}

export const specialFunctions: ReadonlyMap<string, SpecialFunction> = new Map(Object.entries(table))
