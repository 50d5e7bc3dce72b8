/**
 * System variables: which there are, what they may hold, and what they do here.
 *
 * Four sorts. `effect`: changes what the engine does. `client`: describes the connection to client libraries that ask for it.
 * `tuning`: steers StarRocks' own planner or executor and never what a statement answers; setting one is answered with a warning.
 * `fixed`: would change answers, so any other value is refused. Any other name is refused (1193).
 * reference: StarRocks documentation, "System variables".
 */
import { timeZoneNamed, zoneOf } from '../../../../src/kernel/time-zone.ts'
import { SqlError } from '../session.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'
import {
  fixedVariables,
  globalVariables,
  hiddenVariables,
  shownVariables,
} from './idle-variable.ts'
import type { VariableDefinition, VariableRow } from './variable-definition.ts'
import { checkWord } from './variable-word.ts'
import { mysqlVersion, versionComment } from './version.ts'

const effects: readonly VariableRow[] = [
  ['activate_all_roles_on_login', 'boolean', 'false', { scope: 'global' }],
  ['connector_sink_compression_codec', 'text', 'uncompressed'],
  ['connector_sink_target_max_file_size', 'integer', '1073741824', { low: 1 }],
  // StarRocks has it since 3.4; dbt sets it in every INSERT OVERWRITE.
  ['dynamic_overwrite', 'boolean', 'false'],
  ['enable_insert_strict', 'boolean', 'true'],
  ['enable_spill', 'boolean', 'false'],
  ['group_concat_max_len', 'integer', '1024', { high: 1_073_741_824 }],
  ['insert_max_filter_ratio', 'text', '0'],
  ['partial_update_mode', 'text', 'auto'],
  ['query_mem_limit', 'integer', '0', { low: 0, checked: true }],
  ['query_timeout', 'int', '300', { low: 1, high: 259_200, checked: true }],
  ['insert_timeout', 'integer', '14400', { low: 1, high: 259_200 }],
  ['sql_mode', 'text', 'ONLY_FULL_GROUP_BY'],
  ['sql_select_limit', 'integer', '9223372036854775807', { low: 0, checked: true }],
  ['time_zone', 'text', ''],
  ['enable_show_all_variables', 'boolean', 'false', { hidden: true }],
  ['query_queue_max_queued_queries', 'int', '1024', { scope: 'global', low: 0 }],
  ['query_queue_pending_timeout_second', 'int', '300', { scope: 'global', low: 1 }],
  ['resource_group', 'text', '', { scope: 'session' }],
  ['resource_group_id', 'int', '0', { aliases: ['workgroup_id'], hidden: true }],
  ['enable_group_level_query_queue', 'boolean', 'false', { scope: 'global' }],
  ['enable_query_queue_load', 'boolean', 'false', { scope: 'global' }],
  ['enable_query_queue_select', 'boolean', 'false', { scope: 'global' }],
  ['warehouse', 'text', 'default_warehouse', { scope: 'session' }],
  ['enable_pipeline_engine', 'boolean', 'true', { aliases: ['enable_pipeline'] }],
  ['wait_timeout', 'integer', '28800', { low: 1, high: 28_800 }],
]

const clients: readonly VariableRow[] = [
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

/** What has checks of its own besides type and bounds. */
const tunings: readonly VariableRow[] = [
  ['exec_mem_limit', 'integer', '2147483648', { low: 2_097_152, checked: true, hidden: true }],
]

const define =
  (sort: VariableDefinition['sort']) =>
  ([name, kind, initial, more]: VariableRow): VariableDefinition => ({
    name,
    kind,
    initial,
    sort,
    scope: 'both',
    ...more,
  })

const asGlobal = ([name, kind, initial, more]: VariableRow): VariableRow => [
  name,
  kind,
  initial,
  { ...more, scope: 'global' },
]

const asHidden = ([name, kind, initial, more]: VariableRow): VariableRow => [
  name,
  kind,
  initial,
  { ...more, hidden: true },
]

const tuning = [
  ...tunings,
  ...shownVariables,
  ...hiddenVariables.map(asHidden),
  ...globalVariables.map(asGlobal),
].filter(([name]) => ![...effects, ...clients].some(([known]) => known === name))

export const variableDefinitions: readonly VariableDefinition[] = [
  ...effects.map(define('effect')),
  ...clients.map(define('client')),
  ...tuning.map(define('tuning')),
  ...fixedVariables.map(define('fixed')),
]

const byName: ReadonlyMap<string, VariableDefinition> = new Map(
  variableDefinitions.flatMap((definition) =>
    [definition.name, ...(definition.aliases ?? [])].map((name) => [name, definition]),
  ),
)

/** What StarRocks' modes mean here: five change the reading or an answer, the others are MySQL's and hold always or never matter. */
const sqlModes: readonly string[] = [
  'PIPES_AS_CONCAT',
  'MODE_DOUBLE_LITERAL',
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
  'GROUP_CONCAT_LEGACY',
  'ALLOW_THROW_EXCEPTION',
  'ERROR_IF_OVERFLOW',
]

/** Modes under which StarRocks gives other answers than this engine: accepted, they would be ignored. */
const refusedModes: Readonly<Record<string, bigint>> = {
  FORBID_INVALID_DATE: 1n << 8n,
  NO_BACKSLASH_ESCAPES: 1n << 20n,
  SORT_NULLS_LAST: 1n << 33n,
}

const refuseMode = (name: string): never => {
  throw unsupportedByEngine(`sql_mode = ${name}`)
}

/** Bits of a numeric sql_mode, as MySQL numbers them. */
const sqlModeBits: Readonly<Record<string, string>> = {
  2: 'PIPES_AS_CONCAT',
  4: 'ANSI_QUOTES',
  32: 'ONLY_FULL_GROUP_BY',
  512: 'ALLOW_THROW_EXCEPTION',
  131072: 'MODE_DOUBLE_LITERAL',
  34359738368: 'ERROR_IF_OVERFLOW',
  68719476736: 'GROUP_CONCAT_LEGACY',
}

/** StarRocks takes these and forgets them; they have no value to ask for. */
const former: readonly string[] = [
  'batch_size',
  'cbo_enable_replicated_join',
  'codegen_level',
  'disable_bucket_join',
  'enable_cbo',
  'enable_vectorized_engine',
  'enable_vectorized_insert',
  'foreign_key_checks',
  'max_execution_time',
  'prefer_join_method',
  'profiling',
  'rewrite_count_distinct_to_bitmap_hll',
  'vectorized_engine_enable',
  'vectorized_insert_enable',
]

export const isFormer = (name: string): boolean => former.includes(name.toLowerCase())

export const findVariable = (name: string): VariableDefinition | undefined =>
  byName.get(name.toLowerCase())

export function variableNamed(name: string): VariableDefinition {
  const definition = findVariable(name)
  if (!definition) throw new SqlError(`Unknown system variable '${name}'`, 1193, 'HY000')
  return definition
}

/** No value is as long: what a session says is read again with each of its statements. */
const LENGTH_MAX = 65_535
const SHOWN_LENGTH = 64

/** The value in its one stored form; throws when the variable cannot hold it. */
export function readVariable(definition: VariableDefinition, value: string): string {
  if (value.length > LENGTH_MAX) throw refusedValue(definition, `${value.slice(0, SHOWN_LENGTH)}…`)
  const read = readKind(definition, checkWord(definition, value.trim()))
  if (read === undefined) throw unfit(definition, value)
  checkBounds(definition, value, read)
  if (definition.values && !definition.values.includes(read)) throw refusedValue(definition, value)
  if (definition.sort === 'fixed' && read.toLowerCase() !== definition.initial.toLowerCase()) {
    throw unsupportedByEngine(`${definition.name} = ${value}`)
  }
  if (definition.name === 'sql_mode')
    return readSqlMode(read) ?? fail(refusedValue(definition, value))
  if (definition.name === 'time_zone') return readTimeZone(read)
  if (definition.name === 'insert_max_filter_ratio' && !(Number(read) >= 0 && Number(read) <= 1)) {
    throw refusedValue(definition, value)
  }
  return read
}

/** The same of a hint: StarRocks holds only SET to the bounds of what steers its planner and executor. */
export function readHintedVariable(definition: VariableDefinition, value: string): string {
  if (definition.sort !== 'tuning') return readVariable(definition, value)
  return readKind(definition, value.trim()) ?? fail(unfit(definition, value))
}

const refusedValue = ({ name }: VariableDefinition, value: string): SqlError =>
  new SqlError(`Variable '${name}' can't be set to the value of '${value}'`, 1231, '42000')

function unfit(definition: VariableDefinition, value: string): SqlError {
  const { name, kind, checked } = definition
  if (checked) return analyzingError(`${name} is not a number.`)
  if (kind === 'boolean') return refusedValue(definition, value)
  return new SqlError(`Incorrect argument type to variable '${name}'`, 1232, '42000')
}

function checkBounds(definition: VariableDefinition, value: string, read: string): void {
  const { name, low, high, checked } = definition
  const number = Number(read)
  if (low !== undefined && number < low) {
    if (checked) throw analyzingError(`${name} must be equal or greater than ${low}.`)
    throw refusedValue(definition, value)
  }
  if (high !== undefined && number > high) {
    if (checked) throw analyzingError(`${name} must be equal or smaller than ${high}.`)
    throw refusedValue(definition, value)
  }
}

function readKind({ kind }: VariableDefinition, text: string): string | undefined {
  if (kind === 'text') return text
  if (kind === 'int') return readWhole(text, 32)
  if (kind === 'integer') return readWhole(text, 64)
  if (kind === 'real') return readReal(text)
  if (/^(true|on|1)$/i.test(text)) return 'true'
  return /^(false|off|0)$/i.test(text) ? 'false' : undefined
}

function readWhole(text: string, bits: number): string | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined
  const number = BigInt(text.replace('+', ''))
  return BigInt.asIntN(bits, number) === number ? String(number) : undefined
}

/** As Java writes it: whole numbers have a zero behind the point. */
function readReal(text: string): string | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const number = Number(text)
  return Number.isInteger(number) ? number.toFixed(1) : String(number)
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

/** StarRocks knows IANA names, `CST` in any case, and offsets. */
export function readTimeZone(value: string): string {
  const upper = value.toUpperCase()
  const text = zoneOf(upper) === upper ? value : zoneOf(upper)
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

const isZone = (name: string): boolean =>
  /^[A-Za-z]/.test(name) && timeZoneNamed(name) !== undefined

function fail(error: SqlError): never {
  throw error
}
