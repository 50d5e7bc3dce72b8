/** Aggregate calls, plain or over a window, with DISTINCT and ORDER BY. */
import type { Expression, FunctionCall, OrderItem } from '../ast.ts'
import type { Bound, BoundKey, BoundWindow, CallTail } from '../bound.ts'
import { callNode, wholeOfGrouped } from '../bound.ts'
import { isString } from '../common-type.ts'
import { once, quote } from '../emit/text.ts'
import { printExpression } from '../print.ts'
import { analyzingError, unknownFunction } from '../sql-error.ts'
import { printType, simpleType, stringType } from '../type.ts'
import { groupingValue, isGroupable, isNested } from './comparison.ts'
import { convertTo } from './conversion.ts'
import type { Environment } from './environment.ts'
import { positionOf } from './environment.ts'
import type { AggregateSpec } from './function/aggregate.ts'
import { distinct as distinctItems } from './function/array-set.ts'
import { resultType } from './function/spec.ts'
import { isConstant, orderKeys } from './order.ts'
import { bind } from './recursion.ts'
import { chooseSignature } from './signature.ts'
import { bindWindow, settled } from './window.ts'

const bigint = simpleType('bigint')

export const bindAggregate = (
  call: FunctionCall,
  spec: AggregateSpec | undefined,
  environment: Environment,
): Bound => {
  if (call.name === 'array_agg_distinct')
    return bindAggregate({ ...call, name: 'array_agg', distinct: true }, spec, environment)
  if (call.ignoreNulls) throw analyzingError(`${call.name}() does not take IGNORE NULLS.`)
  if (call.name === 'grouping' || call.name === 'grouping_id') return grouping(call, environment)
  if (call.over === undefined && environment.noAggregates !== undefined) {
    throw analyzingError(
      `${environment.noAggregates} cannot contain aggregations.`,
      positionOf(environment, call.at),
    )
  }
  if (call.over === undefined && environment.insideAggregate) {
    throw analyzingError(
      'Unsupported nest aggregation function inside aggregation.',
      positionOf(environment, call.at),
    )
  }
  const over = call.over && bindWindow(call.over, environment)
  const inner = call.over === undefined ? { ...environment, insideAggregate: true } : environment
  if (call.name === 'count') return count(call, inner, over)
  if (call.name === 'group_concat' || call.name === 'string_agg') return groupConcat(call, inner)
  if (spec === undefined) throw unknownFunction(call.name, '', positionOf(environment, call.at))
  return general(call, spec, inner, over)
}

const general = (
  call: FunctionCall,
  spec: AggregateSpec,
  environment: Environment,
  over: BoundWindow | undefined,
): Bound => {
  if (over && !spec.window)
    throw analyzingError(`Function '${call.name}' not supported with OVER clause.`)
  if (call.distinct && !spec.distinct)
    throw analyzingError(`DISTINCT is not supported in ${call.name}().`)
  if (call.distinct && over) throw analyzingError('DISTINCT is not supported in window functions.')
  if (call.orderBy.length > 0 && !spec.orderBy)
    throw analyzingError(`ORDER BY is not supported in ${call.name}().`)
  const args = call.args.map((argument) => bind(argument, environment))
  const chosen =
    call.star || call.separator !== undefined ? undefined : chooseSignature(spec.signatures, args)
  if (chosen === undefined) {
    throw unknownFunction(
      call.name,
      args.map((argument) => printType(argument.type)).join(', '),
      positionOf(environment, call.at),
    )
  }
  const { signature } = chosen
  refuseUnordered(call.name, chosen.args)
  if (call.distinct) refuseDistinct(call, chosen.args)
  const order = orderKeys(orderItems(call), environment)
  const type = resultType(signature.returns, chosen.args)
  signature.check?.(chosen.args)
  const distinct = call.distinct ? 'DISTINCT ' : ''
  const sorts = call.distinct && order.length > 0 && call.name === 'array_agg'
  return {
    kind: 'call',
    type,
    args: (signature.convert?.(chosen.args) ?? chosen.args).map((value) =>
      call.distinct ? groupingValue(value) : value,
    ),
    order,
    ...(over && { over }),
    write: (texts, operands, tail) => {
      const render = (name: string, inner: string): string =>
        sorts
          ? distinctItems(`${name}(${inner}${tail.order})`)
          : `${name}(${distinct}${inner}${tail.order})${tail.over}`
      return signature.sql(texts, render, operands)
    },
  }
}

/** Only nested values and JSON are looked at: of the others each function says by itself what it takes. */
const refuseDistinct = (call: FunctionCall, args: readonly Bound[]): void => {
  const isRefused = ({ type }: Bound): boolean =>
    (type.kind === 'json' || isNested(type)) && !isGroupable(type)
  if (!args.some(isRefused)) return
  throw analyzingError(
    `${call.name}(DISTINCT ${call.args.map(printExpression).join(', ')}) can't rewrite distinct to group by on (${args.map(({ type }) => printType(type)).join(',')}).`,
  )
}

/** min, max and their relatives need an order that StarRocks shares. */
const refuseUnordered = (name: string, args: readonly Bound[]): void => {
  if (!['min', 'max', 'min_by', 'max_by', 'percentile_disc', 'percentile_disc_lc'].includes(name))
    return
  const value = name.endsWith('_by') ? args[1] : args[0]
  if (
    value !== undefined &&
    ['json', 'array', 'map', 'struct', 'bitmap', 'hll', 'varbinary'].includes(value.type.kind)
  ) {
    throw analyzingError(`${name}() does not take a value of type ${printType(value.type)}.`)
  }
}

const count = (
  call: FunctionCall,
  environment: Environment,
  over: BoundWindow | undefined,
): Bound => {
  if (call.orderBy.length > 0 || call.separator !== undefined)
    throw analyzingError('count() takes neither ORDER BY nor SEPARATOR.')
  const node = (args: readonly Bound[], write: (texts: readonly string[]) => string): Bound => ({
    kind: 'call',
    type: bigint,
    args,
    ...(over && { over }),
    write: (texts, _, tail) => `count(${write(texts)})${tail.over}`,
  })
  if (call.star || call.args.length === 0) return node([], () => '*')
  if (call.distinct && over) throw analyzingError('DISTINCT is not supported in window functions.')
  const args = call.args.map((argument) => settled(bind(argument, environment)))
  if (!call.distinct) {
    if (args.length > 1) throw analyzingError('count() takes several arguments with DISTINCT only.')
    return node(args, ([x = '']) => x)
  }
  refuseDistinct(call, args)
  const values = args.map(groupingValue)
  if (values.length === 1) return node(values, ([x = '']) => `DISTINCT ${x}`)
  // Rows with a NULL in any of the columns do not count.
  return node(values, (texts) => {
    const known = texts.map((text) => `${text} IS NOT NULL`).join(' AND ')
    return `DISTINCT CASE WHEN ${known} THEN row(${texts.join(', ')}) END`
  })
}

/**
 * Several arguments are joined to one text per row; a row with a NULL is left out. The separator is a comma by default, and
 * the session's group_concat_max_len cuts the result.
 */
const groupConcat = (call: FunctionCall, environment: Environment): Bound => {
  if (call.over !== undefined)
    throw analyzingError(`Function '${call.name}' not supported with OVER clause.`)
  const args = call.args.map((argument) => convertTo(bind(argument, environment), stringType))
  // Of the second argument made the separator by string_agg, and by the old group_concat.
  const legacy = isLegacy(environment)
  const standard = call.name === 'string_agg' || (legacy && args.length === 2)
  if (
    args.length === 0 ||
    call.star ||
    (standard && (args.length !== 2 || call.separator !== undefined))
  ) {
    throw unknownFunction(
      call.name,
      args.map(() => 'varchar').join(', '),
      positionOf(environment, call.at),
    )
  }
  const separator = standard ? call.args[1] : call.separator
  const values = standard ? args.slice(0, 1) : args
  const order = orderKeys(orderItems(call), environment)
  const isPlain = values.length === 1 && isOrderedBy(order, values, environment)
  const limit =
    environment.context.scope.session.systemVariable('session', 'group_concat_max_len')?.sql ??
    '1024'
  const cut = (list: string): string => cutToBytes(list, `greatest(CAST(${limit} AS BIGINT), 4)`)
  const constant = constantText(separator, legacy ? ', ' : ',')
  if (separator !== undefined && constant === undefined) {
    const by = separatorOf(call, bind(separator, environment), environment)
    return {
      kind: 'call',
      type: stringType,
      args: [...values, by],
      order,
      write: (texts, _, tail) => cut(concatBy(texts.slice(0, -1), texts.at(-1) ?? '', tail.order)),
    }
  }
  const by = quote(constant ?? '')
  const write = (texts: readonly string[], _: unknown, tail: CallTail): string =>
    cut(
      call.distinct && !isPlain
        ? concatDistinct(texts, tail.order, by)
        : `string_agg(${call.distinct ? 'DISTINCT ' : ''}${texts.join(' || ')}, ${by}${tail.order})`,
    )
  return { kind: 'call', type: stringType, args: values, order, write }
}

const separatorOf = (call: FunctionCall, value: Bound, environment: Environment): Bound => {
  if (!isString(value.type)) {
    const at = positionOf(environment, call.at)
    throw analyzingError(`${call.name} requires separator to be of getType() STRING`, at)
  }
  if (call.distinct)
    throw analyzingError(`${call.name}(DISTINCT …) needs a constant SEPARATOR in this engine.`)
  return value
}

/** Each row's own separator stands behind it, but behind the last one. */
const concatBy = (texts: readonly string[], separator: string, order: string): string => {
  const row = `struct_pack(v := ${texts.join(' || ')}, s := coalesce(${separator}, ''))`
  return once(
    `list_filter(list(${row}${order}), lambda entry: (entry).v IS NOT NULL)`,
    (rows) =>
      `CASE WHEN len(${rows}) > 0 THEN array_to_string(list_transform(${rows}[:-2], lambda entry: (entry).v || (entry).s), '') || (${rows}[-1]).v END`,
  )
}

/** Whether the value itself is all that orders. */
const isOrderedBy = (
  order: readonly BoundKey[],
  [value]: readonly Bound[],
  { context }: Environment,
): boolean =>
  value !== undefined &&
  order.every((key) => context.identity(key.value) === context.identity(value))

/** Before 3.0 the separator was the second argument, and `, ` without one. */
const isLegacy = ({ context }: Environment): boolean =>
  context.scope.session
    .systemVariable('session', 'sql_mode')
    ?.sql.includes('GROUP_CONCAT_LEGACY') === true

/** Rows are the same when all their arguments are: `ab`, `c` is not `a`, `bc`. Each stands where it comes first in the order. */
const concatDistinct = (texts: readonly string[], order: string, separator: string): string => {
  const members = texts.map((text, index) => `m${index} := ${text}`).join(', ')
  const known = texts.map((text) => `${text} IS NOT NULL`).join(' AND ')
  const row = `CASE WHEN ${known} THEN struct_pack(${members}) END`
  const rows = order === '' ? `list(DISTINCT ${row})` : `list(${row}${order})`
  const kept = `list_filter(${rows}, lambda entry: entry IS NOT NULL)`
  const joined = texts.map((_, index) => `(entry).m${index}`).join(' || ')
  return once(
    `list_transform(${distinctItems(kept)}, lambda entry: ${joined})`,
    (list) => `CASE WHEN len(${list}) > 0 THEN array_to_string(${list}, ${separator}) END`,
  )
}

/** As many whole characters as fit in so many bytes. Text of one byte a character is cut at once; else their number is found by halves. */
const cutToBytes = (text: string, limit: string): string =>
  once(text, (value) => {
    const steps = Array.from({ length: 31 }, (_, index) => 2 ** (30 - index))
    const found = `list_reduce([0, ${steps.join(', ')}], lambda taken, step: CASE WHEN strlen(left(${value}, taken + step)) <= ${limit} THEN taken + step ELSE taken END)`
    return `CASE WHEN strlen(${value}) <= ${limit} THEN ${value} WHEN strlen(${value}) = length(${value}) THEN left(${value}, ${limit}) ELSE left(${value}, CAST(${found} AS BIGINT)) END`
  })

/** A number names an argument. */
const orderItems = (call: FunctionCall): readonly OrderItem[] =>
  call.orderBy.map((item) => {
    const position = writtenPosition(item.expression)
    if (position === undefined) return item
    const expression = call.args[position - 1]
    if (expression === undefined)
      throw analyzingError(`ORDER BY position ${position} is not in ${call.name} output list.`)
    return { ...item, expression }
  })

const writtenPosition = (expression: Expression): number | undefined => {
  if (expression.kind === 'integer') return Number(expression.text)
  const isNegative = expression.kind === 'unary' && expression.operator === '-'
  return isNegative && expression.operand.kind === 'integer'
    ? -Number(expression.operand.text)
    : undefined
}

const constantText = (
  expression: FunctionCall['args'][number] | undefined,
  usual: string,
): string | undefined => {
  if (expression === undefined) return usual
  if (expression.kind === 'null') return ''
  return expression.kind === 'string' ? expression.value : undefined
}

/** The arguments must be items of GROUP BY, which DuckDB checks by the same text. */
const grouping = (call: FunctionCall, environment: Environment): Bound => {
  if (environment.grouping === undefined || call.args.length === 0) {
    throw analyzingError(
      `${call.name}() needs a GROUP BY and columns of it.`,
      positionOf(environment, call.at),
    )
  }
  if (environment.insideAggregate || call.over !== undefined || call.args.some(isConstant)) {
    throw analyzingError(
      `${call.name}() takes columns of GROUP BY, outside of aggregates and windows.`,
    )
  }
  const args = call.args.map((argument) => {
    const value = wholeOfGrouped(bind(argument, environment))
    if (environment.grouping?.keys.has(environment.context.identity(value)) !== true)
      throw analyzingError(`The arguments of ${call.name}() must be items of GROUP BY.`)
    return value
  })
  return callNode(bigint, args, (texts) => `CAST(GROUPING(${texts.join(', ')}) AS BIGINT)`)
}
