/**
 * BITMAP and HLL. A BITMAP is kept as the sorted list of its members, so every answer is exact. An HLL is kept as the set
 * of 64-bit hashes it saw: its cardinality is exact but for hash collisions, where StarRocks estimates within about 1 %.
 * HLL's and PERCENTILE's binary forms do not exist here.
 */
import { setCall } from '../../emit/native.ts'
import { once, quote } from '../../emit/text.ts'
import { simpleType } from '../../type.ts'
import { fromBase64 } from './binary.ts'
import { demandFraction, fraction } from './fraction.ts'
import { checked, define, noted, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const sorted = (list: string): string => `list_sort(list_distinct(${list}))`

/** Texts and numbers that are no unsigned 64-bit integer give NULL. */
const member = (value: string): string => `TRY_CAST(${value} AS UBIGINT)`

const singleton = (value: string): string =>
  once(member(value), (item) => `CASE WHEN ${item} IS NOT NULL THEN [${item}] END`)

/** A number of the list that bitmap_from_string reads. */
const listed = '\\s*\\+?\\d{1,20}\\s*'

/** Between commas; one that no 64 bits hold makes the whole NULL. */
const membersOf = (text: string): string =>
  once(
    `list_transform(list_filter(string_split(${text}, ','), lambda item: item <> ''), lambda item: TRY_CAST(trim(item, E' \\t\\r\\n\\v\\f+') AS UBIGINT))`,
    (list) =>
      `CASE WHEN len(list_filter(${list}, lambda item: item IS NULL)) = 0 THEN ${sorted(list)} END`,
  )

/** As StarRocks and its clients exchange it (src/native/bitmap-format.ts). */
const toBytes = (list: string): string => setCall('native_bitmap_to_bytes', list)
const fromBytes = (image: string): string => setCall('native_bitmap_from_bytes', image)

/** A part without members is NULL. */
const filled = (list: string): string =>
  once(list, (part) => `CASE WHEN len(${part}) > 0 THEN ${part} END`)

const bitmap: readonly FunctionSpec[] = [
  ...define(
    'to_bitmap',
    signature(['largeint'], 'bitmap', ([x = '']) => singleton(x)),
    signature(['varchar'], 'bitmap', ([x = '']) =>
      singleton(`regexp_extract(${x}, '^\\s*(\\d+)\\s*$', 1)`),
    ),
  ),
  ...define('bitmap_empty', signature([], 'bitmap', 'CAST([] AS UBIGINT[])')),
  ...define(
    'bitmap_count',
    signature(['bitmap'], 'bigint', 'CAST(coalesce(len($1), 0) AS BIGINT)'),
  ),
  ...define(
    'bitmap_contains',
    signature(['bitmap', 'bigint'], 'boolean', `list_contains($1, ${member('$2')})`),
  ),
  ...define('bitmap_has_any', signature(['bitmap', 'bitmap'], 'boolean', 'list_has_any($1, $2)')),
  ...define(
    'bitmap_or',
    signature(['bitmap', 'bitmap'], 'bitmap', ([a = '', b = '']) =>
      once(a, (x) =>
        once(
          b,
          (y) =>
            `CASE WHEN ${x} IS NOT NULL AND ${y} IS NOT NULL THEN ${sorted(`list_concat(${x}, ${y})`)} END`,
        ),
      ),
    ),
  ),
  ...define(
    'bitmap_and',
    signature(['bitmap', 'bitmap'], 'bitmap', 'list_sort(list_intersect($1, $2))'),
  ),
  ...define(
    'bitmap_andnot',
    signature(['bitmap', 'bitmap'], 'bitmap', ([a = '', b = '']) =>
      once(
        b,
        (y) =>
          `CASE WHEN ${y} IS NOT NULL THEN list_filter(${a}, lambda item: NOT list_contains(${y}, item)) END`,
      ),
    ),
  ),
  ...define(
    'bitmap_xor',
    signature(['bitmap', 'bitmap'], 'bitmap', ([a = '', b = '']) =>
      once(a, (x) =>
        once(
          b,
          (y) =>
            `list_sort(list_concat(list_filter(${x}, lambda item: NOT list_contains(${y}, item)), list_filter(${y}, lambda item: NOT list_contains(${x}, item))))`,
        ),
      ),
    ),
  ),
  ...define(
    'bitmap_remove',
    signature(
      ['bitmap', 'bigint'],
      'bitmap',
      `list_filter($1, lambda item: item IS DISTINCT FROM ${member('$2')})`,
    ),
  ),
  ...define(
    'sub_bitmap',
    signature(['bitmap', 'bigint', 'bigint'], 'bitmap', ([set = '', from = '', count = '']) =>
      once(set, (members) =>
        once(from, (offset) =>
          filled(
            `CASE WHEN ${offset} < len(${members}) AND ${offset} >= -len(${members}) AND ${count} > 0 THEN list_slice(${members}, CASE WHEN ${offset} < 0 THEN len(${members}) + ${offset} ELSE ${offset} END + 1, CASE WHEN ${offset} < 0 THEN len(${members}) + ${offset} ELSE ${offset} END + ${count}) END`,
          ),
        ),
      ),
    ),
  ),
  ...define(
    'bitmap_subset_limit',
    signature(['bitmap', 'bigint', 'bigint'], 'bitmap', ([set = '', from = '', count = '']) =>
      once(set, (members) =>
        once(count, (limit) =>
          filled(
            `CASE WHEN ${limit} >= 0 THEN list_slice(list_filter(${members}, lambda item: CAST(item AS HUGEINT) >= ${from}), 1, ${limit}) ELSE list_slice(list_filter(${members}, lambda item: CAST(item AS HUGEINT) <= ${from}), ${limit}, -1) END`,
          ),
        ),
      ),
    ),
  ),
  ...define(
    'bitmap_subset_in_range',
    signature(['bitmap', 'bigint', 'bigint'], 'bitmap', ([set = '', from = '', to = '']) =>
      filled(
        `list_filter(${set}, lambda item: CAST(item AS HUGEINT) >= ${from} AND CAST(item AS HUGEINT) < ${to})`,
      ),
    ),
  ),
  ...define('bitmap_min', signature(['bitmap'], 'largeint', 'CAST(list_min($1) AS HUGEINT)')),
  ...define('bitmap_max', signature(['bitmap'], 'largeint', 'CAST(list_max($1) AS HUGEINT)')),
  ...define('bitmap_to_string', signature(['bitmap'], 'varchar', "array_to_string($1, ',')")),
  ...define(
    'bitmap_from_string',
    signature(['varchar'], 'bitmap', ([text = '']) =>
      once(
        text,
        (value) =>
          `CASE WHEN regexp_matches(${value}, ${quote(`^,*${listed}(?:,+${listed})*,*$`)}) THEN ${membersOf(value)} END`,
      ),
    ),
  ),
  ...define('bitmap_to_binary', signature(['bitmap'], 'varbinary', toBytes('$1'))),
  ...define('bitmap_from_binary', signature(['varbinary'], 'bitmap', fromBytes('$1'))),
  ...define('bitmap_to_base64', signature(['bitmap'], 'varchar', `base64(${toBytes('$1')})`)),
  ...define(
    'base64_to_bitmap',
    signature(['varchar'], 'bitmap', ([text = '']) => fromBytes(fromBase64(text))),
  ),
  ...define(
    'bitmap_to_array',
    signature(
      ['bitmap'],
      () => ({ kind: 'array', element: simpleType('bigint') }),
      'CAST($1 AS BIGINT[])',
    ),
  ),
  ...define(
    'array_to_bitmap',
    signature(['array'], 'bitmap', ([list = '']) =>
      sorted(
        `list_filter(list_transform(${list}, lambda item: TRY_CAST(item AS UBIGINT)), lambda item: item IS NOT NULL)`,
      ),
    ),
  ),
]

const hll: readonly FunctionSpec[] = noted(
  [
    ...define(
      'hll_hash',
      signature(['varchar'], 'hll', ([x = '']) =>
        once(
          x,
          (value) =>
            `CASE WHEN ${value} IS NULL THEN CAST([] AS UBIGINT[]) ELSE [CAST(md5_number_lower(${value}) AS UBIGINT)] END`,
        ),
      ),
    ),
    ...define('hll_empty', signature([], 'hll', 'CAST([] AS UBIGINT[])')),
    ...define('hll_cardinality', signature(['hll'], 'bigint', 'CAST(len($1) AS BIGINT)')),
  ],
  'exact where StarRocks estimates',
)

const percentile: readonly FunctionSpec[] = noted(
  [
    ...define(
      'percentile_hash',
      signature(['double'], 'percentile', ([x = '']) =>
        once(
          x,
          (value) =>
            `CASE WHEN ${value} IS NULL THEN CAST([] AS DOUBLE[]) ELSE [CAST(${value} AS DOUBLE)] END`,
        ),
      ),
    ),
    ...define('percentile_empty', signature([], 'percentile', 'CAST([] AS DOUBLE[])')),
    ...define(
      'percentile_approx_raw',
      checked(
        ([, share]) => demandFraction(share),
        signature(
          ['percentile', 'double'],
          'double',
          ([values = ''], [, share]) =>
            // StarRocks' digest computes in FLOAT.
            `CAST(CAST(list_aggregate(${values}, 'approx_quantile', CAST(${fraction(share)} AS FLOAT)) AS FLOAT) AS DOUBLE)`,
        ),
      ),
    ),
  ],
  'keeps every value where StarRocks keeps a digest',
)

export const sketchFunctions: readonly FunctionSpec[] = [...bitmap, ...hll, ...percentile]
