/**
 * Functions that plain signatures cannot say: conditions that decide their type together, INTERVAL and unit arguments, the
 * session's clock, user and time zone, lambdas, structs.
 */
import { hostname } from 'node:os'
import type { Bound } from '../../bound.ts'
import { callNode, constant } from '../../bound.ts'
import { commonTypeOf, isDate, isNumeric, isString } from '../../common-type.ts'
import { quote, quoteName } from '../../emit/text.ts'
import type { SessionScope, Scope } from '../../scope.ts'
import { analyzingError, unsupported } from '../../sql-error.ts'
import { printType, simpleType, stringType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { boundMap } from '../collection.ts'
import { compare, isNested } from '../comparison.ts'
import { convertTo, truth } from '../conversion.ts'
import { nullValue } from '../literal.ts'
import { bind } from '../recursion.ts'
import { clockFunctions } from './clock.ts'
import { patternFunctions } from './date-pattern.ts'
import { dictMapping } from './dictionary.ts'
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

const argumentsOf = (special: SpecialCall, least: number, most: number): readonly Bound[] => {
  requireArity(special, least, most)
  const { call, environment } = special
  return call.args.map((argument) => bind(argument, environment))
}

const commonOf = (name: string, values: readonly Bound[]): SqlType => {
  const type = commonTypeOf(values.map((value) => value.type))
  if (type === undefined)
    throw analyzingError(
      `No matching function with signature: ${name}(${values.map((value) => printType(value.type)).join(', ')}).`,
    )
  return type
}

const ifFunction: SpecialFunction = (special) => {
  const [test = nullValue, then = nullValue, otherwise = nullValue] = argumentsOf(special, 3, 3)
  const type = commonOf('if', [then, otherwise])
  return callNode(
    type,
    [truth(test), convertTo(then, type), convertTo(otherwise, type)],
    ([condition = '', a = '', b = '']) => `CASE WHEN ${condition} THEN ${a} ELSE ${b} END`,
  )
}

/** A date and a number have no type in common but that of texts. */
const datesWithNumbers = (values: readonly Bound[]): boolean =>
  values.some(({ type }) => isDate(type)) &&
  values.some(({ type }) => isNumeric(type)) &&
  values.every(({ type }) => isDate(type) || isNumeric(type) || isString(type))

const coalesce =
  (least: number, most: number): SpecialFunction =>
  (special) => {
    const values = argumentsOf(special, least, most)
    const type = datesWithNumbers(values) ? stringType : commonOf(special.call.name, values)
    return callNode(
      type,
      values.map((value) => convertTo(value, type)),
      (texts) => `coalesce(${texts.join(', ')})`,
    )
  }

const nullIf: SpecialFunction = (special) => {
  const [a = nullValue, b = nullValue] = argumentsOf(special, 2, 2)
  const equal = compare('=', a, b)
  const isNestedPair = isNested(a.type) && isNested(b.type)
  const common = isNestedPair ? commonOf('nullif', [a, b]) : undefined
  const type = common ?? (a.type.kind === 'null' ? boolean : a.type)
  return callNode(
    type,
    [equal, common ? convertTo(a, common) : a],
    ([test = '', x = '']) => `CASE WHEN ${test} THEN NULL ELSE ${x} END`,
  )
}

const isNull =
  (not: string): SpecialFunction =>
  (special) =>
    callNode(boolean, argumentsOf(special, 1, 1), ([x = '']) => `(${x} IS${not} NULL)`)

const text =
  (read: (session: SessionScope, scope: Scope) => string): SpecialFunction =>
  (special) => {
    argumentsOf(special, 0, 0)
    const { scope } = special.environment.context
    return constant(quote(read(scope.session, scope)), stringType)
  }

/** Texts are compared as texts, numbers as numbers, and both together as DOUBLE; DATE and DATETIME too, so that these never meet. */
const field: SpecialFunction = (special) => {
  const given = argumentsOf(special, 2, 1000)
  const isMixed =
    given.some((argument) => isString(argument.type)) &&
    given.some((argument) => isNumeric(argument.type))
  const isDated =
    given.every(({ type }) => isDate(type) || type.kind === 'null') &&
    new Set(given.filter(({ type }) => isDate(type)).map(({ type }) => type.kind)).size > 1
  const [value = nullValue, ...list] =
    isMixed || isDated ? given.map((argument) => convertTo(argument, simpleType('double'))) : given
  return callNode(
    simpleType('int'),
    list.map((item) => compare('=', value, item)),
    (texts) => {
      const tests = texts.map((test, index) => `WHEN ${test} THEN ${index + 1}`)
      return `CAST(CASE ${tests.join(' ')} ELSE 0 END AS INTEGER)`
    },
  )
}

const row = (values: readonly Bound[], names: readonly string[]): Bound => {
  const fields = values.map((value, index) => ({
    name: names[index] ?? `col${index + 1}`,
    type: value.type,
  }))
  const quoted = fields.map(({ name }) => quoteName(name))
  return callNode({ kind: 'struct', fields }, values, (texts) => {
    const parts = texts.map((value, index) => `${quoted[index] ?? ''} := ${value}`)
    return `struct_pack(${parts.join(', ')})`
  })
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
  const type = {
    kind: 'map' as const,
    key: commonOf('map', keys),
    value: commonOf('map', items),
  }
  if (isNested(type.key))
    throw analyzingError(`Map key don't supported type: ${printType(type.key)}.`)
  return boundMap(keys, items, type)
}

/** The wait is the statement's own: it is over before the first row (statement/query/select.ts). */
const sleep: SpecialFunction = (special) => {
  requireArity(special, 1, 1)
  const [seconds] = special.call.args
  const { wait } = special.environment.context.scope.session
  if (wait === undefined) throw unsupported('sleep() outside of SELECT')
  if (seconds?.kind === 'null') return constant('CAST(NULL AS BOOLEAN)', boolean)
  if (seconds?.kind !== 'integer' || !/^\d{1,9}$/.test(seconds.text))
    throw analyzingError('sleep() takes a constant number of seconds.')
  wait(Number(seconds.text))
  return constant('true', boolean)
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
  database: text((_, scope) => scope.database ?? ''),
  schema: text((_, scope) => scope.database ?? ''),
  catalog: text((session) => session.catalog ?? 'default_catalog'),
  user: text((session) => session.user),
  session_user: text((session) => session.user),
  current_user: text((session) => session.currentUser),
  current_role: text((session) => session.currentRole),
  version: text((session) => session.version),
  current_version: text((session) => session.currentVersion),
  last_query_id: text((session) => session.lastQueryId),
  // Of the machine that computes, which is this one.
  host_name: text(() => hostname()),
  is_role_in_session: (special) => {
    argumentsOf(special, 1, 1)
    const [role] = special.call.args
    if (role?.kind !== 'string')
      throw analyzingError('IS_ROLE_IN_SESSION currently only supports constant parameters.')
    return constant(String(special.environment.context.scope.session.hasRole(role.value)), boolean)
  },
  session_id: text((session) => session.sessionId),
  connection_id: (special) => {
    argumentsOf(special, 0, 0)
    return constant(
      `CAST(${special.environment.context.scope.session.connectionId} AS BIGINT)`,
      simpleType('bigint'),
    )
  },
  typeof: (special) => {
    const [value = nullValue] = argumentsOf(special, 1, 1)
    return constant(quote(typeName(value.type)), stringType)
  },
  sleep,
  dict_mapping: dictMapping,
  ...patternFunctions,
  ...clockFunctions,
  ...intervalFunctions,
  ...lambdaFunctions,
  ...mapLambdas,
}

export const specialFunctions: ReadonlyMap<string, SpecialFunction> = new Map(Object.entries(table))
