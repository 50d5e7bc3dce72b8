/** Array and map literals, subscripts, fields, JSON arrows, EXTRACT. */
import type { Expression } from '../ast.ts'
import { callOf } from '../ast-build.ts'
import type { Bound } from '../bound.ts'
import { callNode } from '../bound.ts'
import { isString } from '../common-type.ts'
import { jsonText } from '../emit/convert.ts'
import { mapOfParts } from '../emit/map-entry.ts'
import { once } from '../emit/text.ts'
import { wrappedKey } from '../map-key.ts'
import { analyzingError, unsupported } from '../sql-error.ts'
import { printType, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { convertTo, requiredType } from './conversion.ts'
import type { Environment } from './environment.ts'
import { fieldOf } from './environment.ts'
import { keyOfMap, mapValue } from './function/array.ts'
import { checkPath, extracted } from './function/json-path.ts'
import { bind } from './recursion.ts'

export const arrayLiteral = (
  expression: Extract<Expression, { kind: 'array' }>,
  environment: Environment,
): Bound => {
  const items = expression.items.map((item) => bind(item, environment))
  const element =
    expression.type?.kind === 'array'
      ? expression.type.element
      : requiredType(
          items.map((item) => item.type),
          'The array',
        )
  return callNode(
    { kind: 'array', element },
    items.map((item) => convertTo(item, element)),
    (texts) => `[${texts.join(', ')}]`,
  )
}

export const mapLiteral = (
  expression: Extract<Expression, { kind: 'map' }>,
  environment: Environment,
): Bound => {
  const keys = expression.entries.map((entry) => bind(entry.key, environment))
  const values = expression.entries.map((entry) => bind(entry.value, environment))
  const declared = expression.type?.kind === 'map' ? expression.type : undefined
  const common = (list: readonly Bound[]): SqlType =>
    requiredType(
      list.map(({ type }) => type),
      'The map',
    )
  const key = declared?.key ?? common(keys)
  return boundMap(keys, values, { kind: 'map', key, value: declared?.value ?? common(values) })
}

/** A map of as many keys as values, converted to its type. */
export const boundMap = (
  keys: readonly Bound[],
  values: readonly Bound[],
  type: Extract<SqlType, { kind: 'map' }>,
): Bound => {
  const args = [
    ...keys.map((key) => convertTo(key, type.key)),
    ...values.map((value) => convertTo(value, type.value)),
  ]
  return callNode(type, args, (texts) =>
    mapOfParts(texts.slice(0, keys.length).map(wrappedKey), texts.slice(keys.length)),
  )
}

export const subscript = (
  expression: Extract<Expression, { kind: 'subscript' }>,
  environment: Environment,
): Bound => {
  const [operand, index] = [
    bind(expression.operand, environment),
    bind(expression.index, environment),
  ]
  const { type } = operand
  if (type.kind === 'array') {
    const args = [operand, convertTo(index, simpleType('bigint'))]
    return callNode(
      type.element,
      args,
      ([x = '', at = '']) => `list_extract(${x}, greatest(${at}, 0))`,
    )
  }
  if (type.kind === 'struct' && index.literal !== undefined) {
    const { fields } = type
    const at = Number(index.literal.text)
    const found = index.literal.kind === 'string' ? undefined : fields.at(at > 0 ? at - 1 : at)
    const named = index.literal.kind === 'string' ? fieldOf(operand, index.literal.text) : undefined
    const part = named ?? (found && at !== 0 ? fieldOf(operand, found.name) : undefined)
    if (part !== undefined) return part
  }
  if (type.kind === 'map') return callNode(type.value, keyOfMap([operand, index]), mapValue)
  throw analyzingError(`A value of type ${printType(type)} takes no subscript.`)
}

export const field = (
  expression: Extract<Expression, { kind: 'field' }>,
  environment: Environment,
): Bound => {
  const { name } = expression
  const operand = bind(expression.operand, environment)
  const found = fieldOf(operand, name)
  if (found === undefined)
    throw analyzingError(`A value of type ${printType(operand.type)} has no field '${name}'.`)
  return found
}

export const arrow = (
  expression: Extract<Expression, { kind: 'arrow' }>,
  environment: Environment,
): Bound => {
  const [operand, written] = [
    bind(expression.operand, environment),
    bind(expression.path, environment),
  ]
  const json = convertTo(operand, simpleType('json'))
  checkPath(written)
  const args = [json, isString(written.type) ? written : convertTo(written, stringType)]
  if (expression.text)
    return callNode(stringType, args, ([x = ''], [, path]) => jsonText(extracted(x, path)))
  return callNode(simpleType('json'), args, ([x = ''], [, path]) =>
    once(x, (value) => extracted(value, path)),
  )
}

export const extractCall = (
  expression: Extract<Expression, { kind: 'extract' }>,
): Extract<Expression, { kind: 'call' }> => {
  const names: Readonly<Record<string, string>> = {
    year: 'year',
    quarter: 'quarter',
    month: 'month',
    week: 'weekofyear',
    day: 'day',
    hour: 'hour',
    minute: 'minute',
    second: 'second',
    dow: 'dayofweek',
    doy: 'dayofyear',
  }
  const name = Object.hasOwn(names, expression.unit) ? names[expression.unit] : undefined
  if (name === undefined) throw unsupported(`EXTRACT(${expression.unit.toUpperCase()} FROM …)`)
  return callOf(name, [expression.operand])
}
