/**
 * Mathematical functions. Where StarRocks answers NULL for a value outside a function's domain, DuckDB raises an error:
 * TRY() makes NULL of it. Infinite and NaN results are NULL as well.
 */
import type { Bound, Operand } from '../../bound.ts'
import { commonTypeOf, isDate, isNumeric, isString } from '../../common-type.ts'
import { wrappedTo } from '../../emit/arithmetic.ts'
import { nativeCall } from '../../emit/native.ts'
import { castTo, once, onceBoth, tried, triedBoth, tryCast } from '../../emit/text.ts'
import { analyzingError } from '../../sql-error.ts'
import { maxDecimalPrecision, printType, simpleType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { negate } from '../arithmetic.ts'
import { requiredType } from '../conversion.ts'
import { baseFunctions } from './base.ts'
import { checked, define, signature, unified, variadic } from './spec.ts'
import type { Check, FunctionSpec, Signature } from './spec.ts'

const finite = (sql: string): string =>
  once(sql, (value) => `CASE WHEN isfinite(${value}) THEN ${value} END`)

const doubleFunction = (names: string, template: (x: string) => string): readonly FunctionSpec[] =>
  define(
    names,
    signature(['double'], 'double', ([x = '']) => finite(tried(x, template))),
  )

/** One sequence for each statement. */
const demandSeed: Check = ([seed]) => {
  const isNull = seed?.kind === 'conversion' && seed.value.type.kind === 'null'
  if (seed?.literal === undefined && !isNull)
    throw analyzingError('Seed argument to rand() must be constant')
}

const doubles: readonly FunctionSpec[] = [
  ...doubleFunction('sqrt dsqrt', (x) => `sqrt(${x})`),
  ...doubleFunction('cbrt', (x) => `cbrt(${x})`),
  ...doubleFunction('square', (x) => `pow(${x}, 2)`),
  ...doubleFunction('exp dexp', (x) => `exp(${x})`),
  ...doubleFunction('ln dlog1', (x) => `ln(${x})`),
  ...doubleFunction('log10 dlog10', (x) => `log10(${x})`),
  ...doubleFunction('log2', (x) => `log2(${x})`),
  ...[
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'sinh',
    'cosh',
    'tanh',
    'cot',
    'radians',
    'degrees',
  ].flatMap((name) => doubleFunction(name, (x) => `${name}(${x})`)),
  ...define(
    'log',
    signature(['double'], 'double', ([x = '']) => finite(tried(x, (value) => `ln(${value})`))),
    signature(['double', 'double'], 'double', ([base = '', x = '']) =>
      finite(triedBoth(x, base, (value, by) => `ln(${value}) / nullif(ln(${by}), 0)`)),
    ),
  ),
  ...define(
    'pow power dpow fpow',
    signature(['double', 'double'], 'double', ([x = '', y = '']) =>
      finite(triedBoth(x, y, (value, by) => `pow(${value}, ${by})`)),
    ),
  ),
  ...define('atan2', signature(['double', 'double'], 'double', 'atan2($1, $2)')),
  ...define('fmod', signature(['double', 'double'], 'double', '($1 % nullif($2, 0))')),
  ...define('pi', signature([], 'double', 'pi()')),
  ...define('e', signature([], 'double', 'exp(1.0::DOUBLE)')),
  ...define(
    'rand random',
    signature([], 'double', 'random()'),
    checked(
      demandSeed,
      signature(['bigint'], 'double', ([seed = '']) =>
        nativeCall('native_random', seed, 'CAST(txid_current() AS BIGINT)', 'random()'),
      ),
    ),
  ),
  ...define('sign', signature(['double'], 'float', 'CAST(sign($1) AS FLOAT)')),
]

const wider: Readonly<Partial<Record<SqlType['kind'], SqlType>>> = {
  tinyint: simpleType('smallint'),
  smallint: simpleType('int'),
  int: simpleType('bigint'),
  bigint: simpleType('largeint'),
}

const absoluteType = ([type]: readonly SqlType[]): SqlType =>
  (type && (wider[type.kind] ?? type)) ?? simpleType('double')

/** A constant number of digits decides the scale; with one of each row, the value's own stays. */
const roundedType = (
  [type]: readonly SqlType[],
  [, digits]: readonly Pick<Operand, 'literal'>[],
): SqlType => {
  const own = type?.kind === 'decimal' ? type.scale : 0
  const constant = digits?.literal?.kind === 'number' ? Number(digits.literal.text) : own
  const scale = Math.min(Math.max(constant, 0), own)
  return { kind: 'decimal', precision: maxDecimalPrecision, scale }
}

/** DuckDB rounds a decimal to a constant only; what no decimal has the digits for is NULL, as in StarRocks. */
const roundedBy = (name: string, value: string, digits: string, scale: number): string => {
  const least = scale - maxDecimalPrecision
  const type: SqlType = { kind: 'decimal', precision: maxDecimalPrecision, scale }
  return onceBoth(value, digits, (x, by) => {
    const cases = Array.from({ length: maxDecimalPrecision }, (_, index) => index + least).map(
      (count) => `WHEN ${count} THEN ${tryCast(`${name}(${x}, ${count})`, type)}`,
    )
    return `CASE WHEN ${by} >= ${scale} THEN ${castTo(x, type)} ELSE CASE ${by} ${cases.join(' ')} END END`
  })
}

const roundedDecimal = (name: 'round' | 'trunc'): Signature =>
  signature(['decimal', 'int'], roundedType, ([x = '', by = ''], [value, digits]) => {
    if (value?.type.kind !== 'decimal') return x
    const text = digits?.literal?.kind === 'number' ? digits.literal.text : undefined
    if (text === undefined) return roundedBy(name, x, by, value.type.scale)
    return castTo(
      `${name}(${x}, ${text})`,
      roundedType([value.type], digits ? [value, digits] : []),
    )
  })

/** Bits that leave the type are lost; the logical shift fills up with zeros. */
const shifted =
  (way: string): Exclude<Signature['sql'], string> =>
  ([x = '', by = ''], [value]) => {
    const type = value?.type ?? simpleType('bigint')
    const bits = { tinyint: 8, smallint: 16, int: 32, bigint: 64 }[type.kind as 'int'] ?? 128
    const count = `CAST(${by} & ${bits - 1} AS INTEGER)`
    const whole = `CAST(${x} AS HUGEINT)`
    if (way === 'left')
      return castTo(wrappedTo(`(${whole} * (1::HUGEINT << ${count}))`, type), type)
    const start = way === 'right' ? whole : `(${whole} & ${2n ** BigInt(bits) - 1n})`
    const result = `(CAST(${start} AS HUGEINT) // (1::HUGEINT << ${count}) - CASE WHEN ${start} < 0 AND ${start} % (1::HUGEINT << ${count}) <> 0 THEN 1 ELSE 0 END)`
    return castTo(wrappedTo(result, type), type)
  }

const demandShift =
  (way: string) =>
  ([value]: readonly Bound[]): void => {
    if (value?.type.kind === 'largeint' && way !== 'right')
      throw analyzingError(`bit_shift_${way}() does not take largeint.`)
  }

/** `0.9999999`: sums of FLOAT, one after the other. */
const similarity =
  (isNormal: boolean): Exclude<Signature['sql'], string> =>
  ([a = '', b = '']) => {
    const sum = (x: string, y: string): string =>
      `list_reduce(list_transform(list_zip(${x}, ${y}), lambda pair: CAST(pair[1] * pair[2] AS FLOAT)), lambda p, q: CAST(p + q AS FLOAT), CAST(0 AS FLOAT))`
    return onceBoth(a, b, (x, y) => {
      const dot = sum(x, y)
      const value = isNormal
        ? dot
        : `(${dot} / CAST(CAST(sqrt(${sum(x, x)}) AS FLOAT) * CAST(sqrt(${sum(y, y)}) AS FLOAT) AS FLOAT))`
      return `CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN NULL WHEN len(${x}) <> len(${y}) THEN error('cosine_similarity requires two arrays of one length') ELSE CAST(${value} AS FLOAT) END`
    })
  }

const floats: SqlType = { kind: 'array', element: simpleType('float') }

const similarities: readonly FunctionSpec[] = (['', '_norm'] as const).flatMap((suffix) =>
  define(
    `cosine_similarity${suffix}`,
    unified(() => floats, signature(['array', 'array'], 'float', similarity(suffix === '_norm'))),
  ),
)

const asserted = (test: string, reason: string): string =>
  `CASE WHEN ${test} THEN true ELSE error(${reason}) END`

const checks: readonly FunctionSpec[] = define(
  'assert_true',
  signature(['boolean'], 'boolean', ([test = '']) =>
    asserted(test, "'assert_true failed due to false value'"),
  ),
  signature(['boolean', 'varchar'], 'boolean', ([test = '', reason = '']) =>
    asserted(test, reason),
  ),
)

const rounding: readonly FunctionSpec[] = [
  ...checks,
  ...define('ceil ceiling dceil', signature(['double'], 'bigint', 'TRY_CAST(ceil($1) AS BIGINT)')),
  ...define('floor dfloor', signature(['double'], 'bigint', 'TRY_CAST(floor($1) AS BIGINT)')),
  ...define(
    'round dround',
    signature(
      ['decimal'],
      ([type]) =>
        type?.kind === 'decimal'
          ? { kind: 'decimal', precision: 38, scale: 0 }
          : simpleType('bigint'),
      'CAST(round($1, 0) AS DECIMAL(38,0))',
    ),
    signature(['double'], 'bigint', 'TRY_CAST(round($1) AS BIGINT)'),
    roundedDecimal('round'),
    signature(['double', 'int'], 'double', 'round($1, $2)'),
  ),
  ...define(
    'truncate',
    roundedDecimal('trunc'),
    signature(['double', 'int'], 'double', 'trunc($1, $2)'),
  ),
]

/** DuckDB skips NULLs here; StarRocks answers NULL when any argument is. */
const extreme = (name: 'greatest' | 'least'): readonly FunctionSpec[] =>
  define(
    name,
    unified(
      extremeType,
      variadic(['any'], 1, extremeType, (texts) =>
        once(
          `[${texts.join(', ')}]`,
          (list) =>
            `CASE WHEN len(list_filter(${list}, lambda item: item IS NULL)) = 0 THEN list_${name === 'greatest' ? 'max' : 'min'}(${list}) END`,
        ),
      ),
    ),
  )

function extremeType(types: readonly SqlType[]): SqlType {
  const type = requiredType(types, 'The comparison')
  if (isNumeric(type) || isString(type) || isDate(type) || type.kind === 'boolean') return type
  if (type.kind === 'null') return simpleType('boolean')
  throw analyzingError(`Values of type ${printType(type)} have no order.`)
}

const decimalOf = (types: readonly SqlType[]): SqlType =>
  commonTypeOf(types) ?? simpleType('double')

/** A literal too as any other number. */
const negated = (args: readonly Bound[]): readonly Bound[] =>
  args.map(({ literal: _, ...value }) => negate(value))

const integers: readonly FunctionSpec[] = [
  ...define(
    'abs',
    signature(
      ['number'],
      absoluteType,
      ([x = ''], [value]) =>
        `abs(${value === undefined ? x : castTo(x, absoluteType([value.type]))})`,
    ),
  ),
  ...define(
    'mod',
    signature(
      ['integer', 'integer'],
      (types) => commonTypeOf(types) ?? simpleType('bigint'),
      '($1 % nullif($2, 0))',
    ),
    ...(
      [
        ['decimal', 'decimal'],
        ['decimal', 'integer'],
        ['integer', 'decimal'],
      ] as const
    ).map((parameters) =>
      unified(decimalOf, signature(parameters, decimalOf, '($1 % nullif($2, 0))')),
    ),
    signature(['double', 'double'], 'double', '($1 % nullif($2, 0))'),
  ),
  ...define(
    'pmod',
    signature(['bigint', 'bigint'], 'bigint', ([a = '', b = '']) =>
      once(b, (d) => `((${a} % nullif(${d}, 0) + ${d}) % nullif(${d}, 0))`),
    ),
  ),
  ...define(
    'positive',
    signature(['number'], ([type]) => type ?? simpleType('double'), '$1'),
  ),
  ...define('negative', {
    ...signature(['number'], (_, args) => negated(args)[0]?.type ?? simpleType('double'), '$1'),
    convert: negated,
  }),
  ...define('bin', signature(['bigint'], 'varchar', 'bin($1)')),
  ...['left', 'right', 'right_logical'].flatMap((way) =>
    define(
      `bit_shift_${way}`,
      checked(
        demandShift(way),
        signature(['integer', 'bigint'], ([type]) => type ?? simpleType('bigint'), shifted(way)),
      ),
    ),
  ),
  ...define(
    'bitand',
    signature(
      ['integer', 'integer'],
      (types) => commonTypeOf(types) ?? simpleType('bigint'),
      '($1 & $2)',
    ),
  ),
  ...define(
    'bitor',
    signature(
      ['integer', 'integer'],
      (types) => commonTypeOf(types) ?? simpleType('bigint'),
      '($1 | $2)',
    ),
  ),
  ...define(
    'bitxor',
    signature(
      ['integer', 'integer'],
      (types) => commonTypeOf(types) ?? simpleType('bigint'),
      'xor($1, $2)',
    ),
  ),
  ...define(
    'bitnot',
    signature(['integer'], ([type]) => type ?? simpleType('bigint'), '(~$1)'),
  ),
  ...extreme('greatest'),
  ...extreme('least'),
]

export const mathFunctions: readonly FunctionSpec[] = [
  ...doubles,
  ...rounding,
  ...integers,
  ...similarities,
  ...baseFunctions,
]
