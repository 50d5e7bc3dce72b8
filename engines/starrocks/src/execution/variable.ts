/**
 * System variables: which there are, what they may hold, and what they do here.
 *
 * Three sorts. `effect`: changes what the engine does. `client`: describes the connection to client libraries that ask for it.
 * `tuning`: steers StarRocks' own planner or executor and never a result; DuckDB has no such knob, so setting one is answered
 * with a warning. Any other name is refused (1193): a setting that silently does nothing would be a lie.
 * reference: StarRocks documentation, "System variables".
 */
import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { mysqlVersion, versionComment } from './version.ts'

export type VariableKind = 'boolean' | 'integer' | 'text'

export interface VariableDefinition {
  readonly name: string
  readonly kind: VariableKind
  readonly sort: 'effect' | 'client' | 'tuning'
  readonly initial: string
  readonly scope: 'both' | 'session' | 'global' | 'read only'
  readonly low?: number
  readonly high?: number
  readonly values?: readonly string[]
}

type Row = readonly [
  name: string,
  kind: VariableKind,
  initial: string,
  more?: Partial<VariableDefinition>,
]

const effects: readonly Row[] = [
  ['activate_all_roles_on_login', 'boolean', 'false', { scope: 'global' }],
  ['enable_insert_strict', 'boolean', 'true'],
  ['group_concat_max_len', 'integer', '1024', { low: 4, high: 1_073_741_824 }],
  ['insert_max_filter_ratio', 'text', '0'],
  ['query_timeout', 'integer', '300', { low: 1, high: 259_200 }],
  ['insert_timeout', 'integer', '14400', { low: 1, high: 259_200 }],
  ['sql_mode', 'text', 'ONLY_FULL_GROUP_BY'],
  ['sql_select_limit', 'integer', '9223372036854775807', { low: 0 }],
  ['time_zone', 'text', ''],
  ['wait_timeout', 'integer', '28800', { low: 1, high: 28_800 }],
]

const clients: readonly Row[] = [
  ['autocommit', 'boolean', 'true'],
  ['auto_increment_increment', 'integer', '1'],
  ['character_set_client', 'text', 'utf8'],
  ['character_set_connection', 'text', 'utf8'],
  ['character_set_results', 'text', 'utf8'],
  ['character_set_server', 'text', 'utf8', { scope: 'read only' }],
  ['character_set_database', 'text', 'utf8'],
  ['collation_connection', 'text', 'utf8_general_ci'],
  ['collation_database', 'text', 'utf8_general_ci'],
  ['collation_server', 'text', 'utf8_general_ci', { scope: 'read only' }],
  ['have_query_cache', 'boolean', 'false', { scope: 'read only' }],
  ['init_connect', 'text', '', { scope: 'read only' }],
  ['interactive_timeout', 'integer', '3600', { low: 1, high: 31_536_000 }],
  ['language', 'text', '/starrocks/share/english/', { scope: 'read only' }],
  ['license', 'text', 'Apache License 2.0', { scope: 'read only' }],
  ['lower_case_table_names', 'integer', '0', { scope: 'read only' }],
  ['max_allowed_packet', 'integer', '33554432', { scope: 'read only' }],
  ['net_buffer_length', 'integer', '16384', { low: 1024, high: 1048576 }],
  ['net_read_timeout', 'integer', '60', { low: 1, high: 31_536_000 }],
  ['net_write_timeout', 'integer', '60', { low: 1, high: 31_536_000 }],
  ['performance_schema', 'boolean', 'false', { scope: 'read only' }],
  ['query_cache_size', 'integer', '1048576', { scope: 'read only' }],
  ['query_cache_type', 'integer', '0', { scope: 'read only' }],
  ['sql_auto_is_null', 'boolean', 'false', { values: ['false'] }],
  ['sql_quote_show_create', 'boolean', 'true', { scope: 'read only' }],
  ['sql_safe_updates', 'integer', '0', { low: 0, high: 0 }],
  ['sql_warnings', 'boolean', 'false'],
  ['system_time_zone', 'text', '', { scope: 'read only' }],
  ['transaction_isolation', 'text', 'REPEATABLE-READ', { values: ['REPEATABLE-READ'] }],
  ['transaction_read_only', 'boolean', 'false', { values: ['false'] }],
  ['tx_isolation', 'text', 'REPEATABLE-READ', { values: ['REPEATABLE-READ'] }],
  ['tx_read_only', 'boolean', 'false', { values: ['false'] }],
  ['version', 'text', mysqlVersion, { scope: 'read only' }],
  ['version_comment', 'text', versionComment, { scope: 'read only' }],
]

const tunings: readonly Row[] = [
  ['cbo_cte_reuse', 'boolean', 'true'],
  ['cbo_max_reorder_node_use_exhaustive', 'integer', '4'],
  ['disable_join_reorder', 'boolean', 'false'],
  ['enable_adaptive_sink_dop', 'boolean', 'true'],
  ['enable_materialized_view_rewrite', 'boolean', 'false'],
  ['enable_pipeline_engine', 'boolean', 'true'],
  ['enable_profile', 'boolean', 'false'],
  ['enable_query_cache', 'boolean', 'false'],
  ['enable_spill', 'boolean', 'true'],
  ['exec_mem_limit', 'integer', '2147483648'],
  ['load_mem_limit', 'integer', '0'],
  ['new_planner_optimize_timeout', 'integer', '3000'],
  ['parallel_fragment_exec_instance_num', 'integer', '1'],
  ['partial_update_mode', 'text', 'auto', { values: ['auto', 'row', 'column'] }],
  ['pipeline_dop', 'integer', '0'],
  ['query_mem_limit', 'integer', '0'],
  ['query_queue_concurrency_limit', 'integer', '0', { scope: 'global' }],
  ['resource_group', 'text', ''],
  ['runtime_filter_wait_timeout_ms', 'integer', '20'],
  ['streaming_preaggregation_mode', 'text', 'auto'],
]

const define =
  (sort: VariableDefinition['sort']) =>
  ([name, kind, initial, more]: Row): [string, VariableDefinition] => [
    name,
    { name, kind, initial, sort, scope: 'both', ...more },
  ]

export const variableDefinitions: ReadonlyMap<string, VariableDefinition> = new Map([
  ...effects.map(define('effect')),
  ...clients.map(define('client')),
  ...tunings.map(define('tuning')),
])

/** What StarRocks' modes mean here: three change the reading, the others are MySQL's and hold always or never matter. */
const sqlModes: readonly string[] = [
  'PIPES_AS_CONCAT',
  'ANSI_QUOTES',
  'ONLY_FULL_GROUP_BY',
  'STRICT_TRANS_TABLES',
  'STRICT_ALL_TABLES',
  'NO_ENGINE_SUBSTITUTION',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'NO_AUTO_VALUE_ON_ZERO',
  'NO_AUTO_CREATE_USER',
]

/** Modes under which StarRocks gives other answers than this engine: accepted, they would be ignored. */
const refusedModes: Readonly<Record<string, bigint>> = {
  FORBID_INVALID_DATE: 1n << 8n,
  ALLOW_THROW_EXCEPTION: 1n << 9n,
  DOUBLE_LITERAL: 1n << 17n,
  NO_BACKSLASH_ESCAPES: 1n << 20n,
  SORT_NULLS_LAST: 1n << 33n,
  ERROR_IF_OVERFLOW: 1n << 35n,
  GROUP_CONCAT_LEGACY: 1n << 36n,
}

const refuseMode = (name: string): never => {
  throw unsupportedByEngine(`sql_mode = ${name}`)
}

/** Bits of a numeric sql_mode, as MySQL numbers them. */
const sqlModeBits: Readonly<Record<string, string>> = {
  2: 'PIPES_AS_CONCAT',
  4: 'ANSI_QUOTES',
  32: 'ONLY_FULL_GROUP_BY',
}

export function variableNamed(name: string): VariableDefinition {
  const definition = variableDefinitions.get(name.toLowerCase())
  if (!definition) throw new SqlError(`Unknown system variable '${name}'`, 1193, 'HY000')
  return definition
}

/** The value in its one stored form; throws 1231/1232 when the variable cannot hold it. */
export function readVariable(definition: VariableDefinition, value: string): string {
  const refused = (errno: number) =>
    errno === 1232
      ? new SqlError(`Incorrect argument type to variable '${definition.name}'`, 1232, '42000')
      : new SqlError(
          `Variable '${definition.name}' can't be set to the value of '${value}'`,
          1231,
          '42000',
        )
  const read = readKind(definition, value)
  if (read === undefined) throw refused(1232)
  if (definition.values && !definition.values.includes(read)) throw refused(1231)
  if (definition.kind === 'integer') {
    const number = BigInt(read)
    if (definition.low !== undefined && number < BigInt(definition.low)) throw refused(1231)
    if (definition.high !== undefined && number > BigInt(definition.high)) throw refused(1231)
  }
  if (definition.name === 'sql_mode') return readSqlMode(read) ?? fail(refused(1231))
  if (definition.name === 'time_zone') return readTimeZone(read)
  if (definition.name === 'insert_max_filter_ratio' && !(Number(read) >= 0 && Number(read) <= 1)) {
    throw refused(1231)
  }
  return read
}

function readKind(definition: VariableDefinition, value: string): string | undefined {
  const text = value.trim()
  if (definition.kind === 'text') return text
  if (definition.kind === 'integer')
    return /^-?\d{1,19}$/.test(text) ? String(BigInt(text)) : undefined
  if (/^(true|on|1)$/i.test(text)) return 'true'
  return /^(false|off|0)$/i.test(text) ? 'false' : undefined
}

/** A number is MySQL's bit set; bits that name no mode above belong to modes that change nothing here. */
function readSqlMode(value: string): string | undefined {
  if (/^\d+$/.test(value)) {
    const bits = BigInt(value)
    for (const [name, bit] of Object.entries(refusedModes))
      if ((bits & bit) !== 0n) refuseMode(name)
    const set = Object.entries(sqlModeBits).filter(([bit]) => (bits & BigInt(bit)) !== 0n)
    return set.map(([, name]) => name).join(',')
  }
  const modes = value
    .toUpperCase()
    .split(',')
    .map((mode) => mode.trim())
  const named = modes.filter((mode) => mode !== '')
  for (const mode of named) if (Object.hasOwn(refusedModes, mode)) refuseMode(mode)
  return named.every((mode) => sqlModes.includes(mode)) ? [...new Set(named)].join(',') : undefined
}

/** StarRocks knows IANA names, `CST` (China) and offsets. */
export function readTimeZone(value: string): string {
  const text = value.toUpperCase() === 'CST' ? 'Asia/Shanghai' : value
  const offset = /^([+-])(\d{1,2}):(\d{2})$/.exec(text)
  if (offset) {
    const [, sign = '+', hours = '0', minutes = '00'] = offset
    const total = Number(hours) * 60 + Number(minutes)
    if (Number(minutes) < 60 && total <= 14 * 60)
      return `${sign}${hours.padStart(2, '0')}:${minutes}`
  } else if (isZone(text)) {
    return text
  }
  throw new SqlError(`Unknown or incorrect time zone: '${value}'`, 1298, 'HY000')
}

function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Intl.DateTimeFormat('en', { timeZone: name }).format(0)
    return true
  } catch {
    return false
  }
}

function fail(error: SqlError): never {
  throw error
}
