/** Values that are words, a size or the name of something: StarRocks checks each in its own way and words. */
import { SqlError } from '../session.ts'
import { analyzingError } from '../sql/sql-error.ts'
import type { VariableDefinition } from './variable-definition.ts'

interface Words {
  readonly words: readonly string[]
  readonly refusal: (value: string) => SqlError
}

const compressions: readonly string[] = [
  'NO_COMPRESSION',
  'LZ4',
  'LZ4_FRAME',
  'SNAPPY',
  'ZLIB',
  'ZSTD',
  'GZIP',
  'DEFLATE',
  'BZIP2',
]

const listed = (what: string, words: readonly string[]): Words => ({
  words,
  refusal: (value) =>
    analyzingError(`Unsupported ${what}: ${value}, supported list is ${words.join(',')}.`),
})

const named = (words: readonly string[], message: (value: string) => string): Words => ({
  words,
  refusal: (value) => new SqlError(message(value)),
})

const wordsOf: ReadonlyMap<string, Words> = new Map([
  [
    'tablet_internal_parallel_mode',
    {
      words: ['AUTO', 'FORCE_SPLIT'],
      refusal: () =>
        analyzingError(
          'Invalid tablet_internal_parallel_mode, now we support {auto, force_split}.',
        ),
    },
  ],
  [
    'choose_execute_instances_mode',
    named(
      ['LOCALITY', 'AUTO', 'ADAPTIVE_INCREASE', 'ADAPTIVE_DECREASE'],
      () =>
        'Legal values of choose_execute_instances_mode are LOCALITY | AUTO | ADAPTIVE_INCREASE | ADAPTIVE_DECREASE',
    ),
  ],
  [
    'computation_fragment_scheduling_policy',
    listed('computation_fragment_scheduling_policy', ['COMPUTE_NODES_ONLY', 'ALL_NODES']),
  ],
  [
    'materialized_view_rewrite_mode',
    listed('materialized view rewrite mode', [
      'DISABLE',
      'DEFAULT',
      'DEFAULT_OR_ERROR',
      'FORCE',
      'FORCE_OR_ERROR',
    ]),
  ],
  [
    'follower_query_forward_mode',
    listed('follower query forward mode', ['DEFAULT', 'FOLLOWER', 'LEADER']),
  ],
  [
    'count_distinct_implementation',
    listed('count distinct implementation mode', ['DEFAULT', 'NDV', 'MULTI_COUNT_DISTINCT']),
  ],
  [
    'cbo_eq_base_type',
    {
      words: ['VARCHAR', 'DECIMAL', 'DOUBLE'],
      refusal: (value) =>
        analyzingError(
          `Unsupported cbo_eq_base_type: ${value}, supported list is {varchar, decimal, double}.`,
        ),
    },
  ],
  ['default_table_compression', listed('compression type', compressions)],
  [
    'connector_sink_compression_codec',
    {
      words: ['UNCOMPRESSED', 'SNAPPY', 'LZ4', 'ZSTD', 'GZIP'],
      refusal: (value) =>
        analyzingError(
          `Unsupported compression codec ${value}. Use any of (uncompressed, snappy, lz4, zstd, gzip).`,
        ),
    },
  ],
  [
    'plan_mode',
    named(
      ['AUTO', 'LOCAL', 'DISTRIBUTED'],
      (value) => `Unknown plan mode: ${value}, only support local, distributed, auto`,
    ),
  ],
  [
    'partial_update_mode',
    named(['AUTO', 'ROW', 'COLUMN'], () => 'partial_update_mode only support auto|row|column'),
  ],
  [
    'catalog',
    {
      words: ['DEFAULT_CATALOG'],
      refusal: (value) => analyzingError(`Unknown catalog ${value}.`),
    },
  ],
])

/** The value, with a size in bytes; throws for a word that StarRocks does not know. */
export function checkWord({ name }: VariableDefinition, value: string): string {
  const known = wordsOf.get(name)
  if (known && !known.words.includes(value.toUpperCase())) throw known.refusal(value)
  return name === 'exec_mem_limit' ? bytesOf(value) : value
}

const units: readonly string[] = ['B', 'K', 'M', 'G', 'T', 'P']

function bytesOf(value: string): string {
  const [, digits, unit = ''] = /^(\d+)(\D*)$/.exec(value) ?? []
  if (digits === undefined) throw analyzingError(`invalid data volume expression:${value}.`)
  const number = BigInt(digits)
  if (number <= 0n) throw analyzingError('Data volume must larger than 0.')
  const power = units.indexOf(unit === '' ? 'B' : unit.toUpperCase().replace(/(?<=.)B$/, ''))
  if (power < 0) throw analyzingError(`invalid unit:${unit}.`)
  return String(number * 1024n ** BigInt(power))
}
