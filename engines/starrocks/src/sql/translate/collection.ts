/** Array and map literals, subscripts, fields, JSON arrows, EXTRACT. */
import type { Expression } from '../ast.ts'
import { callOf } from '../ast-build.ts'
import { mapValue } from '../function/array.ts'
import { jsonPath } from '../function/json-path.ts'
import { analyzingError, unsupported } from '../sql-error.ts'
import { printType, simpleType, stringType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { wrappedKey } from '../map-key.ts'
import { requiredType } from './common-type.ts'
import { convertTyped, jsonText } from './convert.ts'
import type { Environment } from './environment.ts'
import { fieldOf } from './environment.ts'
import { mapOfParts } from './map-entry.ts'
import { translate } from './recursion.ts'
import { once, typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

export const arrayLiteral = (
  expression: Extract<Expression, { kind: 'array' }>,
  environment: Environment,
): TypedExpression => {
  const items = expression.items.map((item) => translate(item, environment))
  const element =
    expression.type?.kind === 'array'
      ? expression.type.element
      : requiredType(
          items.map((item) => item.type),
          'The array',
        )
  const type: SqlType = { kind: 'array', element }
  return typed(`[${items.map((item) => convertTyped(item, element).sql).join(', ')}]`, type)
}

export const mapLiteral = (
  expression: Extract<Expression, { kind: 'map' }>,
  environment: Environment,
): TypedExpression => {
  const keys = expression.entries.map((entry) => translate(entry.key, environment))
  const values = expression.entries.map((entry) => translate(entry.value, environment))
  const declared = expression.type?.kind === 'map' ? expression.type : undefined
  const type: SqlType = {
    kind: 'map',
    key:
      declared?.key ??
      requiredType(
        keys.map((key) => key.type),
        'The map',
      ),
    value:
      declared?.value ??
      requiredType(
        values.map((value) => value.type),
        'The map',
      ),
  }
  const wrapped = keys.map((key) => wrappedKey(convertTyped(key, type.key).sql))
  const items = values.map((value) => convertTyped(value, type.value).sql)
  return typed(mapOfParts(wrapped, items), type)
}

export const subscript = (
  expression: Extract<Expression, { kind: 'subscript' }>,
  environment: Environment,
): TypedExpression => {
  const [operand, index] = [
    translate(expression.operand, environment),
    translate(expression.index, environment),
  ]
  if (operand.type.kind === 'array') {
    const at = convertTyped(index, simpleType('bigint')).sql
    return typed(`list_extract(${operand.sql}, greatest(${at}, 0))`, operand.type.element)
  }
  if (operand.type.kind === 'struct' && index.literal !== undefined) {
    const { fields } = operand.type
    const at = Number(index.literal.text)
    const found = index.literal.kind === 'string' ? undefined : fields.at(at > 0 ? at - 1 : at)
    const named = index.literal.kind === 'string' ? fieldOf(operand, index.literal.text) : undefined
    const part = named ?? (found && at !== 0 ? fieldOf(operand, found.name) : undefined)
    if (part !== undefined) return part
  }
  if (operand.type.kind === 'map') return typed(mapValue(operand, index), operand.type.value)
  throw analyzingError(`A value of type ${printType(operand.type)} takes no subscript.`)
}

export const field = (
  expression: Extract<Expression, { kind: 'field' }>,
  environment: Environment,
): TypedExpression => {
  const { name } = expression
  const operand = translate(expression.operand, environment)
  const found = fieldOf(operand, name)
  if (found === undefined)
    throw analyzingError(`A value of type ${printType(operand.type)} has no field '${name}'.`)
  return found
}

export const arrow = (
  expression: Extract<Expression, { kind: 'arrow' }>,
  environment: Environment,
): TypedExpression => {
  const { text } = expression
  const [operand, path] = [
    translate(expression.operand, environment),
    translate(expression.path, environment),
  ]
  const json =
    operand.type.kind === 'json' ? operand.sql : convertTyped(operand, simpleType('json')).sql
  if (text) return typed(jsonText(`json_extract(${json}, ${jsonPath(path)})`), stringType)
  return typed(
    once(json, (value) => `json_extract(${value}, ${jsonPath(path)})`),
    simpleType('json'),
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
