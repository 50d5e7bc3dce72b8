/** Window functions and what stands in OVER (…). */
import type {
  FunctionCall,
  Expression,
  FrameBound,
  WindowFrame,
  WindowSpecification,
} from '../ast.ts'
import { windowFunctions } from '../function/window.ts'
import { analyzingError, unknownFunction } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import { commonType } from './common-type.ts'
import { convertTyped } from './convert.ts'
import type { Environment } from './environment.ts'
import { positionOf } from './environment.ts'
import { isConstant, orderSql } from './order.ts'
import { translate } from './recursion.ts'
import { castTo, typed } from './typed.ts'
import type { TypedExpression } from './typed.ts'

export const windowSql = (window: WindowSpecification, environment: Environment): string => {
  if (environment.noWindows !== undefined)
    throw analyzingError(`${environment.noWindows} cannot contain window functions.`)
  environment.context.planning.repeats = true
  const inner: Environment = { ...environment, noWindows: 'A window' }
  const parts: string[] = []
  if (window.partitionBy.length > 0) {
    const keys = window.partitionBy.map((item) => {
      const value = translate(item, inner)
      return isConstant(item) && value.type.kind !== 'null'
        ? castTo(value.sql, value.type)
        : value.sql
    })
    parts.push(`PARTITION BY ${keys.join(', ')}`)
  }
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${orderSql(window.orderBy, inner)}`)
  if (window.frame !== undefined) parts.push(frameSql(window.frame, window, inner))
  return parts.join(' ')
}

const frameSql = (
  frame: WindowFrame,
  window: WindowSpecification,
  environment: Environment,
): string => {
  if (window.orderBy.length === 0)
    throw analyzingError('Windowing clause requires ORDER BY clause.')
  const bounds = [frame.start, frame.end ?? { kind: 'current row' as const }].map((bound) =>
    boundSql(bound, frame, environment),
  )
  return `${frame.unit.toUpperCase()} BETWEEN ${bounds.join(' AND ')}`
}

const boundSql = (bound: FrameBound, frame: WindowFrame, environment: Environment): string => {
  if (bound.kind !== 'preceding' && bound.kind !== 'following') return bound.kind.toUpperCase()
  if (frame.unit === 'range')
    throw analyzingError(
      'RANGE is only supported with both the lower and upper bounds UNBOUNDED or one UNBOUNDED and the other CURRENT ROW.',
    )
  const offset =
    bound.offset.kind === 'parameter'
      ? translate(bound.offset, environment).sql
      : constantCount(bound.offset)
  return `${offset} ${bound.kind.toUpperCase()}`
}

const constantCount = (offset: Expression): string => {
  if (offset.kind === 'integer' && /^\d{1,18}$/.test(offset.text)) return offset.text
  throw analyzingError(
    'For ROWS window, the value of a PRECEDING/FOLLOWING offset must be a constant positive integer.',
  )
}

export const translateWindowFunction = (
  call: FunctionCall,
  environment: Environment,
): TypedExpression => {
  const spec = windowFunctions.get(call.name)
  if (spec === undefined) throw unknownFunction(call.name, '', positionOf(environment, call.at))
  if (call.over === undefined)
    throw analyzingError(
      `The window function ${call.name}() needs OVER.`,
      positionOf(environment, call.at),
    )
  if (call.distinct || call.star || call.orderBy.length > 0)
    throw analyzingError(`${call.name}() takes neither DISTINCT nor ORDER BY in its parentheses.`)
  if (spec.ordered && call.over.orderBy.length === 0)
    throw analyzingError(`${call.name}() needs ORDER BY in its OVER.`)
  if (call.over.frame !== undefined && !spec.frame)
    throw analyzingError('Windowing clause not allowed with this function.')
  const args = call.args.map((argument) => translate(argument, environment))
  const over = `OVER (${windowSql(call.over, environment)})`
  const ignore = call.ignoreNulls ? ' IGNORE NULLS' : ''
  if (ignore !== '' && spec.form === 'rank')
    throw analyzingError(`${call.name}() does not take IGNORE NULLS.`)
  switch (spec.form) {
    case 'rank':
      return ranking(call, args, over, environment)
    case 'value': {
      const [value] = args
      if (value === undefined || args.length !== 1) throw mismatch(call, args, environment)
      return typed(`${call.name}(${nullable(value)}${ignore}) ${over}`, value.type)
    }
    case 'offset':
      return offsetFunction(call, args, `${ignore}) ${over}`, environment)
  }
}

const mismatch = (
  call: FunctionCall,
  args: readonly TypedExpression[],
  environment: Environment,
): Error =>
  unknownFunction(
    call.name,
    args.map((argument) => printType(argument.type)).join(', '),
    positionOf(environment, call.at),
  )

const nullable = (value: TypedExpression): string =>
  value.type.kind === 'null' ? 'CAST(NULL AS INTEGER)' : value.sql

const ranking = (
  call: FunctionCall,
  args: readonly TypedExpression[],
  over: string,
  environment: Environment,
): TypedExpression => {
  const type = simpleType(
    call.name === 'cume_dist' || call.name === 'percent_rank' ? 'double' : 'bigint',
  )
  if (args.length !== windowFunctions.get(call.name)?.arguments)
    throw mismatch(call, args, environment)
  if (call.name !== 'ntile') return typed(`${call.name}() ${over}`, type)
  return typed(`ntile(${constantCount(call.args[0] ?? { kind: 'null' })}) ${over}`, type)
}

const offsetFunction = (
  call: FunctionCall,
  args: readonly TypedExpression[],
  tail: string,
  environment: Environment,
): TypedExpression => {
  const [value, , fallback] = args
  if (value === undefined || args.length > 3) throw mismatch(call, args, environment)
  const offset = call.args[1] === undefined ? '1' : constantCount(call.args[1])
  if (fallback === undefined || fallback.type.kind === 'null')
    return typed(`${call.name}(${nullable(value)}, ${offset}${tail}`, value.type)
  const type = commonType(value.type, fallback.type)
  if (type === undefined) throw mismatch(call, args, environment)
  return typed(
    `${call.name}(${convertTyped(value, type).sql}, ${offset}, ${convertTyped(fallback, type).sql}${tail}`,
    type,
  )
}
