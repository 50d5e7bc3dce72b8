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
  'storage_format',
  'storage_medium',
  'storage_type',
  'storage_volume',
  'unique_constraints',
  'write_quorum',
]

const acting = /^(partition_retention|storage_cooldown|binlog|file_bundling)/

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
    if (lower === 'replication_num' && !/^[1-9]\d{0,2}$/.test(value)) {
      throw new SqlError('Replication num should larger than 0')
    }
  }
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
