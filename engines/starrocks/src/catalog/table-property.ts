/**
 * PROPERTIES of tables. `kept`: they describe StarRocks' storage layout, which DuckDB decides by itself; they are kept and
 * shown. Those about partitions that come and go with time act (partition-retention.ts); others that would have to are refused, and
 * so is any name StarRocks lacks.
 * reference: StarRocks documentation, CREATE TABLE, "PROPERTIES".
 */
import { SqlError } from '../session.ts'
import { checkRetentionProperty, isRetention } from './retention-property.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'

const kept: readonly string[] = [
  'base_compaction_forbidden_time_ranges',
  'bloom_filter_columns',
  'bucket_size',
  'cloud_native_fast_schema_evolution_v2',
  'colocate_with',
  'compression',
  'datacache.enable',
  'datacache.partition_duration',
  'enable_async_write_back',
  'enable_persistent_index',
  'fast_schema_evolution',
  'foreign_key_constraints',
  'in_memory',
  'light_schema_change',
  'mutable_bucket_num',
  'persistent_index_type',
  'replicated_storage',
  'replication_num',
  'storage_cooldown_ttl',
  'storage_format',
  'storage_medium',
  'storage_type',
  'storage_volume',
  'unique_constraints',
  'write_quorum',
]

const acting = /^(partition_retention|storage_cooldown_time|binlog|file_bundling)/

/** `of` a table: what makes partitions come and go with time is the whole table's. */
export function checkProperties(
  properties: Readonly<Record<string, string>>,
  of: 'table' | 'part' = 'part',
): void {
  for (const [name, value] of Object.entries(properties)) {
    const lower = name.toLowerCase()
    if (acting.test(lower)) throw unsupportedByEngine(`The table property "${name}"`)
    if (of === 'table' && isRetention(lower)) {
      checkRetentionProperty(lower, value)
      continue
    }
    if (lower.startsWith('default.') && kept.includes(lower.slice(8))) continue
    if (!kept.includes(lower)) throw new SqlError(`Unknown properties: {${name}=${value}}`)
    if (lower === 'bucket_size' && !/^\d{1,18}$/.test(value)) {
      throw new SqlError(`Illegal bucket size: ${value}`)
    }
    if (lower === 'mutable_bucket_num' && !/^\d{1,18}$/.test(value))
      throw new SqlError(`Illegal mutable bucket num: ${value}`)
    if (lower === 'compression') compressionText(value)
    if (lower === 'storage_medium' && !/^(?:ssd|hdd)$/i.test(value))
      throw new SqlError(`Invalid storage medium: ${value}`)
    if (lower === 'storage_cooldown_ttl' && value !== '' && !isPeriod(value))
      throw new SqlError('Cannot parse text to Duration')
    if (lower === 'replication_num' && !/^[1-9]\d{0,2}$/.test(value)) {
      throw new SqlError('Replication num should larger than 0')
    }
  }
}

/** `1 year 6 months`, or `2 hours 30 minutes`. reference: StarRocks 3.3.7, PeriodStyle, DurationStyle */
const isPeriod = (text: string): boolean =>
  /^\s*\d{1,9} +(?:day|week|month|year)s?(?: +\d{1,9} +(?:day|week|month|year)s?)*\s*$/i.test(
    text,
  ) ||
  /^\s*\d{1,9} +(?:second|minute|hour|day)s?(?: +\d{1,9} +(?:second|minute|hour|day)s?)*\s*$/i.test(
    text,
  )

/** Only from SSD do partitions ever go elsewhere. reference: StarRocks 3.3.7, PropertyAnalyzer.analyzeDataProperty */
export function checkCooldown(properties: Readonly<Record<string, string>>): void {
  if (properties['storage_cooldown_ttl'] === undefined) return
  const medium = properties['storage_medium']
  if (medium === undefined)
    throw new SqlError('Invalid data property. storage medium property is not found')
  if (medium.toUpperCase() === 'HDD')
    throw new SqlError('Can not assign cooldown ttl to table with HDD storage medium')
}

const ZSTD_LEVEL_MAX = 22

/** The compression as StarRocks names it; throws for one that it has not. DuckDB chooses its own. */
export function compressionText(value: string): string {
  const text = value.replaceAll(/\s/g, '').toUpperCase()
  const level = /^ZSTD\((\d{1,9})\)$/.exec(text)?.[1]
  if (level !== undefined) {
    if (Number(level) >= 1 && Number(level) <= ZSTD_LEVEL_MAX) return text
    throw new SqlError('Invalid level for zstd compression type')
  }
  if (['LZ4', 'LZ4_FRAME', 'ZSTD', 'ZLIB', 'SNAPPY', 'GZIP', 'NO_COMPRESSION'].includes(text))
    return text
  throw new SqlError(`unknown compression type: ${value}`)
}
