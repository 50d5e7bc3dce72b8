/**
 * Aggregate functions, all of which also work as window functions unless said otherwise. `render` writes one call of a
 * DuckDB aggregate with the DISTINCT, ORDER BY and OVER that stood in the statement.
 */
import type { Operand } from '../../bound.ts'
import { isInteger } from '../../common-type.ts'
import { analyzingError } from '../../sql-error.ts'
import { averageOf, beyond, divideDecimals } from '../../emit/arithmetic.ts'
import { once, tryCast, wrapped } from '../../emit/text.ts'
import { simpleType } from '../../type.ts'
import type { SqlType } from '../../type.ts'
import { cohortFunctions } from './cohort.ts'
import { approximate, discrete, fraction, isFraction, percentile } from './fraction.ts'
import { mapAggregate } from './map-aggregate.ts'
import type { CallForm, ParameterKind, ReturnType } from './spec.ts'
import { checked } from './spec.ts'
import { convertCounted, demandCounts, topItems, topType } from './top.ts'

export type Render = (name: string, args: string) => string

export interface AggregateSignature extends CallForm {
  readonly sql: (args: readonly string[], render: Render, typed: readonly Operand[]) => string
}

export interface AggregateSpec {
  readonly name: string
  readonly signatures: readonly AggregateSignature[]
  readonly distinct: boolean
  readonly window: boolean
  readonly orderBy: boolean
  readonly note?: string
}

interface Options {
  readonly distinct?: boolean
  readonly window?: boolean
  readonly orderBy?: boolean
  readonly note?: string
}

const define = (
  names: string,
  options: Options,
  ...signatures: readonly AggregateSignature[]
): readonly AggregateSpec[] =>
  names.split(' ').map((name) => ({
    name,
    signatures,
    distinct: options.distinct ?? false,
    window: options.window ?? true,
    orderBy: options.orderBy ?? false,
    ...(options.note === undefined ? {} : { note: options.note }),
  }))

const form = (
  parameters: readonly ParameterKind[],
  returns: ReturnType,
  sql: AggregateSignature['sql'],
): AggregateSignature => ({ parameters, returns, sql })

const simple = (parameter: ParameterKind, returns: ReturnType, name: string): AggregateSignature =>
  form([parameter], returns, ([x = ''], render) => render(name, x))

/** StarRocks adds up decimals with at most 18 digits behind the point. */
const summedScale = 18

const decimalSum = ([type]: readonly SqlType[]): SqlType => ({
  kind: 'decimal',
  precision: 38,
  scale: type?.kind === 'decimal' ? Math.min(type.scale, summedScale) : 0,
})

/** A longer text is not written twice. */
const summedInPartsLength = 4096

/** Values that 64 bits hold are computed in them, which takes an eighth of the time; the others as they are. */
const sumInParts = (far: string, held: string, render: Render): string => {
  const near = render('sum', held)
  const others = render('sum', `CASE WHEN ${held} IS NULL THEN ${far} END`)
  return `coalesce(${others} + coalesce(${near}, 0), ${near})`
}

const sumDecimals = (
  [x = '']: readonly string[],
  render: Render,
  [value]: readonly Operand[],
): string => {
  const type = decimalSum(value === undefined ? [] : [value.type])
  const isLonger = value?.type.kind === 'decimal' && value.type.scale > summedScale
  const narrow = x.length <= summedInPartsLength ? value?.narrow?.() : undefined
  if (value && narrow !== undefined && render('sum', '') === 'sum()')
    return sumInParts(beyond(x, narrow, value.type), narrow, render)
  return render('sum', isLonger ? tryCast(x, type) : x)
}

const sum: readonly AggregateSignature[] = [
  form(['decimal'], decimalSum, sumDecimals),
  form(
    ['boolean'],
    'bigint',
    ([x = ''], render) => `CAST(${render('sum', `CAST(${x} AS TINYINT)`)} AS BIGINT)`,
  ),
  form(
    ['integer'],
    ([type]) => simpleType(type?.kind === 'largeint' ? 'largeint' : 'bigint'),
    ([x = ''], render, [value]) =>
      value?.type.kind === 'largeint'
        ? `CAST(${render('sum', x)} AS HUGEINT)`
        : wrapped(render('sum', x)),
  ),
  simple('double', 'double', 'sum'),
]

const decimalAverage = (
  args: readonly string[],
  render: Render,
  typed: readonly Operand[],
): Operand => {
  const [x = ''] = args
  const isWhole = render('sum', '') === 'sum()'
  return (isWhole ? averageOf : divideDecimals)(
    { sql: sumDecimals(args, render, typed), type: decimalSum(typed.map(({ type }) => type)) },
    { sql: render('count', x), type: simpleType('bigint') },
  )
}

const average: readonly AggregateSignature[] = [
  form(
    ['decimal'],
    ([type]) =>
      decimalAverage(['x'], (name) => name, type === undefined ? [] : [{ sql: 'x', type }]).type,
    (args, render, typed) => decimalAverage(args, render, typed).sql,
  ),
  form(['boolean'], 'double', ([x = ''], render) => render('avg', `CAST(${x} AS TINYINT)`)),
  form(['integer'], 'double', ([x = ''], render) => render('avg', x)),
  simple('double', 'double', 'avg'),
]

const same = ([type]: readonly SqlType[]): SqlType => type ?? simpleType('null')

/** Two-argument statistics over DOUBLE. */
const pair = (name: string): AggregateSignature =>
  form(['double', 'double'], 'double', ([x = '', y = ''], render) => render(name, `${x}, ${y}`))

/** NULL for fewer than two points, which DuckDB calls NaN as it does a spread of zero. */
const correlation = form(
  ['double', 'double'],
  'double',
  ([x = '', y = ''], render) =>
    `CASE WHEN ${render('regr_count', `${x}, ${y}`)} > 1 THEN ${render('corr', `${x}, ${y}`)} END`,
)

/** NULL where every value is. */
const union = (x: string, render: Render): string =>
  `CASE WHEN ${render('count', x)} > 0 THEN list_sort(list_distinct(flatten(${render('list', x)}))) END`

const unionCount = (x: string, render: Render): string =>
  `CAST(len(list_distinct(flatten(coalesce(${render('list', x)}, [])))) AS BIGINT)`

const member = (type: SqlType | undefined, x: string): string =>
  type !== undefined && (isInteger(type) || type.kind === 'boolean')
    ? `TRY_CAST(${x} AS UBIGINT)`
    : `TRY_CAST(regexp_extract(CAST(${x} AS VARCHAR), '^\\s*(\\d+)\\s*$', 1) AS UBIGINT)`

const valueBy = (name: string): AggregateSignature =>
  form(['any', 'any'], same, ([x = '', y = ''], render) => render(name, `${x}, ${y}`))

const basics: readonly AggregateSpec[] = [
  ...define('sum', { distinct: true }, ...sum),
  ...define('avg', { distinct: true }, ...average),
  ...define('min', { distinct: true }, simple('any', same, 'min')),
  ...define('max', { distinct: true }, simple('any', same, 'max')),
  ...define('any_value', { window: false }, simple('any', same, 'any_value')),
  ...define(
    'count_if',
    {},
    form(
      ['boolean'],
      'bigint',
      ([x = ''], render) => `CAST(coalesce(${render('count_if', x)}, 0) AS BIGINT)`,
    ),
  ),
  ...define(
    'bool_or boolor_agg',
    {},
    // Rows without a value are false; no rows are NULL.
    form(
      ['boolean'],
      'boolean',
      ([x = ''], render) =>
        `CASE WHEN ${render('count', '*')} > 0 THEN coalesce(${render('bool_or', x)}, false) END`,
    ),
  ),
  ...define('bool_and booland_agg every', {}, simple('boolean', 'boolean', 'bool_and')),
  ...define(
    'multi_distinct_count',
    { window: false },
    form(['any'], 'bigint', ([x = ''], render) => render('count', `DISTINCT ${x}`)),
  ),
  ...define(
    'multi_distinct_sum',
    { window: false },
    ...sum.map((item) => ({
      ...item,
      sql: (args: readonly string[], render: Render, typed: readonly Operand[]) =>
        item.sql(args, (name, x) => render(name, `DISTINCT ${x}`), typed),
    })),
  ),
  ...define('max_by', {}, valueBy('arg_max_null')),
  ...define('min_by', {}, valueBy('arg_min_null')),
]

const statistics: readonly AggregateSpec[] = [
  ...define('stddev stddev_pop std', {}, simple('double', 'double', 'stddev_pop')),
  ...define('stddev_samp', {}, simple('double', 'double', 'stddev_samp')),
  ...define('variance var_pop variance_pop', {}, simple('double', 'double', 'var_pop')),
  ...define('var_samp variance_samp', {}, simple('double', 'double', 'var_samp')),
  ...define('corr', {}, correlation),
  ...define('covar_pop', {}, pair('covar_pop')),
  ...define('covar_samp', {}, pair('covar_samp')),
  ...define(
    'approx_count_distinct ndv',
    { note: 'exact where StarRocks estimates' },
    form(['any'], 'bigint', ([x = ''], render) => render('count', `DISTINCT ${x}`)),
  ),
  ...define(
    'percentile_approx',
    {
      window: false,
      note: "a t-digest like StarRocks' own; estimates may differ in the last digits",
    },
    approximate(['double', 'double']),
    // The compression of StarRocks' digest; DuckDB chooses its own.
    approximate(['double', 'double', 'double']),
  ),
  ...define(
    'percentile_cont',
    { window: false },
    percentile(
      ['date', 'double'],
      'date',
      ([x = ''], render, [, p]) =>
        `CAST(${render('quantile_cont', `${x}, ${fraction(p)}`)} AS DATE)`,
    ),
    percentile(['datetime', 'double'], 'datetime', ([x = ''], render, [, p]) =>
      render('quantile_cont', `${x}, ${fraction(p)}`),
    ),
    percentile(['double', 'double'], 'double', ([x = ''], render, [, p]) =>
      render('quantile_cont', `${x}, ${fraction(p)}`),
    ),
  ),
  ...define('percentile_disc', { window: false }, discrete),
  // The same by another way, for columns of few values.
  ...define(
    'percentile_disc_lc',
    { window: false, note: 'of StarRocks from 3.4 on' },
    checked(([, share]) => {
      if (!isFraction(share))
        throw analyzingError("percentile_disc_lc second parameter'value should be between 0 and 1")
    }, discrete),
  ),
]

const collections: readonly AggregateSpec[] = [
  ...define(
    'array_agg array_agg_distinct',
    { distinct: true, orderBy: true, window: false },
    form(
      ['any'],
      ([type]) => ({ kind: 'array', element: type ?? simpleType('null') }),
      ([x = ''], render) => render('list', x),
    ),
  ),
  ...define(
    'array_unique_agg',
    { window: false },
    form(['array'], same, ([x = ''], render) => `list_distinct(flatten(${render('list', x)}))`),
  ),
  ...define(
    'bitmap_union',
    { window: false },
    form(['bitmap'], 'bitmap', ([x = ''], render) => union(x, render)),
  ),
  ...define(
    'bitmap_union_count',
    {},
    form(['bitmap'], 'bigint', ([x = ''], render) => unionCount(x, render)),
  ),
  ...define(
    'bitmap_union_int',
    { window: false },
    form(['bigint'], 'bigint', ([x = ''], render) => render('count', `DISTINCT ${x}`)),
  ),
  ...define(
    'bitmap_agg',
    { window: false },
    form(
      ['any'],
      'bitmap',
      ([x = ''], render, [value]) =>
        `CASE WHEN ${render('count', x)} > 0 THEN list_sort(list_filter(${render('list', `DISTINCT ${member(value?.type, x)}`)}, lambda item: item IS NOT NULL)) END`,
    ),
  ),
  ...define(
    'bitmap_intersect',
    { window: false },
    form(['bitmap'], 'bitmap', ([x = ''], render) =>
      once(
        `list_filter(${render('list', x)}, lambda item: item IS NOT NULL)`,
        (sets) =>
          `CASE WHEN len(${sets}) > 0 THEN list_sort(list_reduce(${sets}, lambda left_set, right_set: list_intersect(left_set, right_set))) END`,
      ),
    ),
  ),
  ...define(
    'percentile_union',
    { window: false },
    form(
      ['percentile'],
      'percentile',
      ([x = ''], render) => `flatten(coalesce(${render('list', x)}, []))`,
    ),
  ),
  ...define(
    'hll_union hll_raw_agg',
    { window: false },
    // An HLL column holds no NULL in StarRocks, so of no rows this is an empty one.
    form(
      ['hll'],
      'hll',
      ([x = ''], render) =>
        `CASE WHEN ${render('count', '*')} = 0 THEN CAST([] AS UBIGINT[]) ELSE ${union(x, render)} END`,
    ),
  ),
  ...define(
    'hll_union_agg',
    {},
    form(['hll'], 'bigint', ([x = ''], render) => unionCount(x, render)),
  ),
]

const tops: readonly AggregateSpec[] = define(
  'approx_top_k',
  { note: 'exact where StarRocks estimates' },
  ...[0, 1, 2].map((numbers) =>
    checked(demandCounts, {
      ...form(
        ['any', ...Array.from({ length: numbers }, () => 'int' as const)],
        topType,
        (_, render, typed) => topItems(typed, render),
      ),
      convert: convertCounted,
    }),
  ),
)

export const aggregateFunctions: readonly AggregateSpec[] = [
  ...tops,
  ...basics,
  ...statistics,
  ...collections,
  ...cohortFunctions,
  mapAggregate,
]
