/** Window functions and what stands in OVER (…). */
import type {
  ColumnReference,
  FunctionCall,
  Expression,
  FrameBound,
  WindowFrame,
  WindowSpecification,
} from '../ast.ts'
import type { Bound, BoundFrame, BoundWindow, CallTail } from '../bound.ts'
import { constant } from '../bound.ts'
import { commonType, isInteger, isNumeric } from '../common-type.ts'
import { printExpression } from '../print.ts'
import { analyzingError, unknownFunction } from '../sql-error.ts'
import { printType, simpleType } from '../type.ts'
import type { SqlType } from '../type.ts'
import { isGroupable } from './comparison.ts'
import { convertTo } from './conversion.ts'
import type { Environment } from './environment.ts'
import { positionOf } from './environment.ts'
import { windowFunctions } from './function/window.ts'
import { castValue } from './nullability.ts'
import { divisionKey, orderKeys } from './order.ts'
import { bind } from './recursion.ts'
import { bindSessionNumber } from './session-number.ts'
import { holds } from './walk.ts'

export const bindWindow = (window: WindowSpecification, environment: Environment): BoundWindow => {
  if (environment.noWindows !== undefined)
    throw analyzingError(`${environment.noWindows} cannot contain window functions.`)
  environment.context.planning.repeats = true
  const inner: Environment = { ...environment, noWindows: 'A window' }
  const partitions = window.partitionBy.map((item) => divisionKey(item, partitionOf(item, inner)))
  const order = orderKeys(window.orderBy, inner)
  return { partitions, order, frame: window.frame && frameOf(window.frame, window, inner) }
}

const partitionOf = (item: Expression, environment: Environment): Bound => {
  const value = bind(item, environment)
  if (isDividing(value.type)) return value
  throw analyzingError(`${printType(value.type)} type can't as partition by column`)
}

const isDividing = (type: SqlType): boolean =>
  type.kind === 'array'
    ? isDividing(type.element)
    : type.kind !== 'map' && type.kind !== 'struct' && isGroupable(type)

const frameOf = (
  frame: WindowFrame,
  window: WindowSpecification,
  environment: Environment,
): BoundWindow['frame'] => {
  if (window.orderBy.length === 0)
    throw analyzingError('Windowing clause requires ORDER BY clause.')
  const written = [frame.start, frame.end ?? { kind: 'current row' as const }]
  const bounds = written.map((bound) => boundOf(bound, frame, environment))
  checkOrder(bounds)
  return { unit: frame.unit.toUpperCase(), bounds }
}

const boundOf = (bound: FrameBound, frame: WindowFrame, environment: Environment): BoundFrame => {
  const word = bound.kind.toUpperCase()
  if (bound.kind !== 'preceding' && bound.kind !== 'following') return { offset: undefined, word }
  if (frame.unit === 'range')
    throw analyzingError(
      'RANGE is only supported with both the lower and upper bounds UNBOUNDED or one UNBOUNDED and the other CURRENT ROW.',
    )
  const value = bind(bound.offset, environment)
  if (bound.offset.kind === 'parameter') return { offset: value, word }
  return { offset: offsetOf(value, bound.offset, word), word }
}

const namesColumn = (expression: Expression): boolean =>
  holds(expression, (node): node is ColumnReference => node.kind === 'column')

/** A literal, or a variable that holds one. reference: StarRocks 3.3.7, AnalyticAnalyzer.checkOffsetExpr. */
const offsetOf = ({ type, literal }: Bound, written: Expression, word: string): Bound => {
  if (literal === undefined && isNumeric(type) && !namesColumn(written))
    throw analyzingError(
      "Couldn't evaluate PRECEDING/FOLLOWING expression: To const value not a LiteralExpr .",
    )
  if (isInteger(type) && /^[1-9]\d{0,17}$/.test(literal?.text ?? ''))
    return constant(literal?.text ?? '', simpleType('bigint'))
  throw analyzingError(
    `For ROWS window, the value of a PRECEDING/FOLLOWING offset must be a constant positive integer: ${printExpression(written)} ${word}.`,
  )
}

/** Of two offsets on one side of the row the first one is the earlier row. */
const checkOrder = ([first, last]: readonly BoundFrame[]): void => {
  if (first?.offset === undefined || last?.offset === undefined || first.word !== last.word) return
  if (first.offset.kind !== 'constant' || last.offset.kind !== 'constant') return
  const distance = Number(last.offset.sql) - Number(first.offset.sql)
  if (first.word === 'PRECEDING' ? distance > 0 : distance < 0)
    throw analyzingError('Offset boundaries are in the wrong order.')
}

const constantCount = (offset: Expression): string => {
  if (offset.kind === 'integer' && /^\d{1,18}$/.test(offset.text)) return offset.text
  throw analyzingError(
    'For ROWS window, the value of a PRECEDING/FOLLOWING offset must be a constant positive integer.',
  )
}

/** Written, or of a variable, which StarRocks reads as if it were written. */
const countOf = ({ type, literal }: Bound): Bound =>
  constant(
    constantCount({ kind: isInteger(type) ? 'integer' : 'decimal', text: literal?.text ?? '' }),
    simpleType('bigint'),
  )

export const bindWindowFunction = (call: FunctionCall, environment: Environment): Bound => {
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
  if (spec.form === 'session') {
    const over = bindWindow(call.over, environment)
    return bindSessionNumber(call, environment, over)
  }
  const args = call.args.map((argument) => bind(argument, environment))
  const over = bindWindow(call.over, environment)
  const ignore = call.ignoreNulls ? ' IGNORE NULLS' : ''
  if (ignore !== '' && spec.form === 'rank')
    throw analyzingError(`${call.name}() does not take IGNORE NULLS.`)
  const form = formOf(call, args)
  if (form === undefined)
    throw unknownFunction(
      call.name,
      args.map((argument) => printType(argument.type)).join(', '),
      positionOf(environment, call.at),
    )
  const write = (texts: readonly string[], _: unknown, tail: CallTail): string =>
    `${call.name}(${texts.join(', ')}${ignore})${tail.over}`
  return { kind: 'call', ...form, over, write }
}

/** The type and what stands in the parentheses; undefined for other arguments than it takes. */
const formOf = (
  call: FunctionCall,
  args: readonly Bound[],
): { readonly type: SqlType; readonly args: readonly Bound[] } | undefined => {
  const spec = windowFunctions.get(call.name)
  const [value, distance, fallback] = args
  if (spec?.form === 'rank') {
    const isShare = call.name === 'cume_dist' || call.name === 'percent_rank'
    const type = simpleType(isShare ? 'double' : 'bigint')
    return args.length === spec.arguments ? { type, args: args.map(countOf) } : undefined
  }
  if (value === undefined || args.length > (spec?.arguments ?? 0)) return undefined
  if (spec?.form === 'value') return { type: value.type, args: [settled(value)] }
  const offset = distance ? countOf(distance) : constant('1', simpleType('bigint'))
  if (fallback === undefined || fallback.type.kind === 'null')
    return { type: value.type, args: [settled(value), offset] }
  if (fallback.kind !== 'constant' && castValue(fallback, value.type).notNull !== true)
    throw analyzingError(
      `The type of the third parameter of LEAD/LAG not match the type ${printType(value.type).toUpperCase()}`,
    )
  const type = commonType(value.type, fallback.type)
  return type && { type, args: [convertTo(value, type), offset, convertTo(fallback, type)] }
}

/** DuckDB's functions want a NULL of some type. */
export const settled = (value: Bound): Bound =>
  value.type.kind === 'null' ? constant('CAST(NULL AS INTEGER)', value.type) : value
