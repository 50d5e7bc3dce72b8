/**
 * The configuration items of StarRocks 3.3 that this engine knows, with their defaults. It acts on those that are `effective`, and only
 * they can be set; the others are shown, because there is nothing here that they could change. Items that are not mutable need a
 * restart.
 */

import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'

export type Side = 'frontend' | 'backend'

type ItemType = 'boolean' | 'int' | 'long' | 'double' | 'string'

interface Item {
  readonly side: Side
  readonly name: string
  readonly type: ItemType
  readonly default: string
  readonly mutable: boolean
  readonly effective: boolean
  readonly range?: readonly [min: number, max: number]
  readonly allowed?: readonly string[]
}

type Row = readonly [
  name: string,
  type: ItemType,
  standard: string,
  more?: {
    readonly range?: readonly [number, number]
    readonly allowed?: readonly string[]
    readonly fixed?: true
    readonly effective?: true
  },
]

// oxfmt-ignore
const frontendRows: readonly Row[] = [
  ['label_keep_max_second', 'int', '259200', { range: [1, 31536000], effective: true }],
  // StarRocks' default is 4096 for a cluster of machines; one machine serves a quarter of it.
  ['qe_max_connection', 'int', '1024', { range: [1, 1024], fixed: true, effective: true }],
  ['stream_load_default_timeout_second', 'int', '600', { range: [1, 259200], effective: true }],
  ['max_stream_load_timeout_second', 'int', '259200', { range: [1, 259200], effective: true }],
  ['min_load_timeout_second', 'int', '1', { range: [1, 259200], effective: true }],
  ['max_running_txn_num_per_db', 'int', '1000', { range: [1, 1000], effective: true }],
  ['enable_materialized_view', 'boolean', 'true', { effective: true }],
  ['sys_log_level', 'string', 'INFO', { allowed: ['INFO', 'WARN', 'ERROR'], fixed: true, effective: true }],
  ['label_keep_max_num', 'int', '1000', { range: [1, 1000000] }],
  ['streaming_label_keep_max_second', 'int', '43200', { range: [1, 31536000] }],
  ['label_clean_interval_second', 'long', '14400', { range: [1, 86400], fixed: true }],
  ['expr_children_limit', 'int', '10000', { range: [1, 1000000] }],
  ['expr_depth_limit', 'int', '3000', { range: [1, 100000] }],
  ['max_column_number_per_table', 'int', '10000', { range: [1, 10000], effective: true }],
  ['max_automatic_partition_number', 'int', '4096', { range: [0, 100000], effective: true }],
  ['enable_display_shadow_partitions', 'boolean', 'false', { effective: true }],
  ['max_allowed_in_element_num_of_delete', 'int', '10000', { range: [1, 1000000] }],
  ['max_partitions_in_one_batch', 'long', '4096', { range: [1, 1000000] }],
  ['default_replication_num', 'int', '3', { range: [1, 10], effective: true }],
  ['enable_replicated_storage_as_default_engine', 'boolean', 'true', { effective: true }],
  ['dynamic_partition_enable', 'boolean', 'true'],
  ['dynamic_partition_check_interval_seconds', 'long', '600', { range: [1, 86400] }],
  ['catalog_trash_expire_second', 'long', '86400', { range: [1, 31536000], effective: true }],
  ['alter_table_timeout_second', 'int', '86400', { range: [1, 2592000] }],
  ['tablet_create_timeout_second', 'int', '10', { range: [1, 3600] }],
  ['max_create_table_timeout_second', 'int', '600', { range: [1, 86400] }],
  ['max_query_retry_time', 'int', '2', { range: [0, 100] }],
  ['enable_statistic_collect', 'boolean', 'true', { effective: true }],
  ['enable_collect_full_statistic', 'boolean', 'true'],
  ['statistic_collect_interval_sec', 'long', '300', { range: [1, 86400], effective: true }],
  ['statistic_auto_collect_ratio', 'double', '0.8', { range: [0, 1], effective: true }],
  ['histogram_buckets_size', 'long', '64', { range: [1, 1024], effective: true }],
  ['enable_udf', 'boolean', 'false', { fixed: true }],
  ['enable_strict_storage_medium_check', 'boolean', 'false'],
  ['storage_usage_soft_limit_percent', 'int', '90', { range: [1, 100] }],
  ['storage_usage_hard_limit_percent', 'int', '95', { range: [1, 100] }],
  ['tablet_sched_max_balancing_tablets', 'int', '500', { range: [1, 100000] }],
  ['tablet_sched_disable_balance', 'boolean', 'false'],
  ['tablet_sched_balancer_strategy', 'string', 'disk_and_tablet', { allowed: ['disk_and_tablet', 'be_load_score'] }],
  ['max_routine_load_job_num', 'int', '100', { range: [1, 10000] }],
  ['max_routine_load_task_concurrent_num', 'int', '5', { range: [1, 1000] }],
  ['max_routine_load_batch_size', 'long', '4294967296', { range: [1048576, 1099511627776] }],
  ['routine_load_task_consume_second', 'long', '15', { range: [1, 3600] }],
  ['routine_load_task_timeout_second', 'long', '60', { range: [1, 3600] }],
  ['max_broker_load_job_concurrency', 'int', '5', { range: [1, 1000] }],
  ['broker_load_default_timeout_second', 'int', '14400', { range: [1, 2592000] }],
  ['insert_load_default_timeout_second', 'int', '3600', { range: [1, 2592000] }],
  ['spark_load_default_timeout_second', 'int', '86400', { range: [1, 2592000] }],
  ['max_load_timeout_second', 'int', '259200', { range: [1, 2592000] }],
  ['desired_max_waiting_jobs', 'int', '1024', { range: [1, 100000] }],
  ['empty_load_as_error', 'boolean', 'true'],
  ['enable_sync_publish', 'boolean', 'true'],
  ['period_of_auto_resume_min', 'int', '5', { range: [1, 1440] }],
  ['export_max_bytes_per_be_per_task', 'long', '268435456', { range: [1048576, 1099511627776] }],
  ['export_task_default_timeout_second', 'int', '7200', { range: [1, 2592000] }],
  ['history_job_keep_max_second', 'int', '604800', { range: [1, 31536000] }],
  ['task_runs_ttl_second', 'int', '604800', { range: [1, 31536000] }],
  ['enable_mv_automatic_active_check', 'boolean', 'true'],
  ['default_mv_refresh_partition_num', 'int', '1', { range: [-1, 10000] }],
  ['enable_backup_materialized_view', 'boolean', 'false'],
  ['authentication_ldap_simple_server_port', 'int', '389', { range: [1, 65535] }],
  ['authentication_ldap_simple_server_host', 'string', ''],
  ['sys_log_dir', 'string', 'log', { fixed: true }],
  ['sys_log_roll_num', 'int', '10', { range: [1, 1000], fixed: true }],
  ['audit_log_roll_num', 'int', '90', { range: [1, 1000], fixed: true }],
  ['qe_slow_log_ms', 'long', '5000', { range: [0, 3600000], effective: true }],
  ['max_mysql_service_task_threads_num', 'int', '4096', { range: [1, 65536], fixed: true }],
  ['thrift_server_max_worker_threads', 'int', '4096', { range: [2, 65536] }],
  ['edit_log_roll_num', 'int', '50000', { range: [1, 1000000] }],
  ['heartbeat_timeout_second', 'int', '5', { range: [1, 300] }],
  ['drop_backend_after_decommission', 'boolean', 'true', { effective: true }],
  ['max_backend_down_time_second', 'long', '3600', { range: [1, 86400] }],
  ['run_mode', 'string', 'shared_nothing', { allowed: ['shared_nothing', 'shared_data'], fixed: true }],
]

// oxfmt-ignore
const backendRows: readonly Row[] = [
  ['streaming_load_max_mb', 'long', '102400', { range: [1, 102400], effective: true }],
  ['streaming_load_max_batch_size_mb', 'long', '100', { range: [1, 1024], effective: true }],
  ['create_tablet_worker_count', 'int', '3', { range: [1, 1000] }],
  ['drop_tablet_worker_count', 'int', '0', { range: [0, 1000] }],
  ['alter_tablet_worker_count', 'int', '3', { range: [1, 1000] }],
  ['clone_worker_count', 'int', '3', { range: [1, 1000], fixed: true }],
  ['push_worker_count_normal_priority', 'int', '3', { range: [1, 1000], fixed: true }],
  ['push_worker_count_high_priority', 'int', '3', { range: [1, 1000], fixed: true }],
  ['transaction_publish_version_worker_count', 'int', '0', { range: [0, 1000] }],
  ['max_compaction_concurrency', 'int', '-1', { range: [-1, 1000] }],
  ['base_compaction_check_interval_seconds', 'int', '60', { range: [1, 3600] }],
  ['cumulative_compaction_check_interval_seconds', 'int', '1', { range: [1, 3600] }],
  ['update_compaction_check_interval_seconds', 'int', '10', { range: [1, 3600] }],
  ['min_cumulative_compaction_num_singleton_deltas', 'int', '5', { range: [1, 1000] }],
  ['max_cumulative_compaction_num_singleton_deltas', 'int', '1000', { range: [1, 10000] }],
  ['tablet_max_versions', 'int', '1000', { range: [10, 100000] }],
  ['storage_flood_stage_usage_percent', 'int', '95', { range: [1, 100] }],
  ['storage_flood_stage_left_capacity_bytes', 'long', '107374182400', { range: [1048576, 1099511627776] }],
  ['trash_file_expire_time_sec', 'int', '86400', { range: [0, 31536000] }],
  ['load_error_log_reserve_hours', 'int', '48', { range: [1, 8760] }],
  ['load_process_max_memory_limit_percent', 'int', '30', { range: [1, 100], fixed: true }],
  ['load_process_max_memory_limit_bytes', 'long', '107374182400', { range: [1048576, 109951162777600], fixed: true }],
  ['write_buffer_size', 'long', '104857600', { range: [1048576, 10737418240] }],
  ['number_tablet_writer_threads', 'int', '0', { range: [0, 1000] }],
  ['flush_thread_num_per_store', 'int', '2', { range: [1, 100] }],
  ['mem_limit', 'string', '90%', { fixed: true }],
  ['disable_storage_page_cache', 'boolean', 'false'],
  ['storage_page_cache_limit', 'string', '20%'],
  ['datacache_enable', 'boolean', 'true', { fixed: true }],
  ['datacache_mem_size', 'string', '0'],
  ['datacache_disk_size', 'string', '100%'],
  ['max_scan_key_num', 'int', '1024', { range: [1, 65536] }],
  ['pipeline_scan_thread_pool_thread_num', 'int', '0', { range: [0, 1000], fixed: true }],
  ['pipeline_exec_thread_pool_thread_num', 'int', '0', { range: [0, 1000], fixed: true }],
  ['fragment_pool_thread_num_max', 'int', '4096', { range: [1, 65536], fixed: true }],
  ['scanner_thread_pool_thread_num', 'int', '48', { range: [1, 1000] }],
  ['max_percentage_of_error_rows', 'int', '0', { range: [0, 100] }],
  ['enable_bitmap_union_disk_format_with_set', 'boolean', 'false'],
  ['parquet_late_materialization_enable', 'boolean', 'true'],
  ['sys_log_level', 'string', 'INFO', { allowed: ['INFO', 'WARNING', 'ERROR', 'FATAL'] }],
  ['update_cache_expire_sec', 'int', '360', { range: [1, 86400] }],
  ['update_memory_limit_percent', 'int', '60', { range: [1, 100] }],
  ['streaming_load_rpc_max_alive_time_sec', 'int', '1200', { range: [1, 86400], fixed: true }],
  ['txn_commit_rpc_timeout_ms', 'int', '60000', { range: [1000, 600000] }],
]

function itemsOf(side: Side, rows: readonly Row[]): ReadonlyMap<string, Item> {
  return new Map(
    rows.map(([name, type, standard, { fixed, effective, ...bounds } = {}]) => [
      name,
      { side, name, type, default: standard, mutable: !fixed, effective: !!effective, ...bounds },
    ]),
  )
}

const items: Readonly<Record<Side, ReadonlyMap<string, Item>>> = {
  frontend: itemsOf('frontend', frontendRows),
  backend: itemsOf('backend', backendRows),
}

export function itemsOn(side: Side): readonly Item[] {
  return [...items[side].values()]
}

/** Every item with the value in force. */
export function valuesOn(settings: Settings, side: Side): [name: string, value: string][] {
  return itemsOn(side).map(({ name }) => [name, settingOf(settings, side, name)])
}

/** The value in force of a number. */
export function numberOf(settings: Settings, side: Side, name: string): number {
  return Number(settingOf(settings, side, name))
}

function findItem(side: Side, name: string): Item | undefined {
  return items[side].get(name)
}

/** Values that were set, by side and name; what is not there has its default. */
export type Settings = Readonly<Partial<Record<Side, Readonly<Record<string, string>>>>>

/** The value in force. */
export function settingOf(settings: Settings, side: Side, name: string): string {
  const item = findItem(side, name)
  if (!item) throw new Error(`there is no ${side} item ${name}`)
  return settings[side]?.[name] ?? item.default
}

/** Why what was set cannot be in force; undefined when it can. */
export function problemOfSettings(settings: Settings): string | undefined {
  for (const side of ['frontend', 'backend'] as const)
    for (const [name, value] of Object.entries(settings[side] ?? {})) {
      const item = findItem(side, name)
      if (!item?.effective) return `${name} is no ${side} item that this engine acts on`
      const problem = problemOf(item, value)
      if (problem !== undefined) return problem
    }
  return undefined
}

/**
 * The settings with one more item, as a statement of an administrator sets it. Throws what StarRocks says of an item that it cannot set;
 * of one that it could and this engine does not act on, that.
 */
export function withItem(settings: Settings, side: Side, name: string, value: string): Settings {
  const item = findItem(side, name)
  if (!item?.mutable) throw new SqlError(`Config '${name}' does not exist or is not mutable`)
  if (!item.effective) throw unsupportedByEngine(`the configuration item ${name}`)
  const problem = problemOf(item, value)
  if (problem !== undefined) throw new SqlError(problem)
  return { ...settings, [side]: { ...settings[side], [name]: value } }
}

/** What is in force when the configuration changes: an item that it does not change keeps what an administrator set. */
export function takenOver(
  inForce: Settings,
  { before, after }: { readonly before: Settings; readonly after: Settings },
): Settings {
  const of = (side: Side) =>
    itemsOn(side)
      .filter(({ effective }) => effective)
      .map(({ name }): [string, string] => {
        const kept = settingOf(before, side, name) === settingOf(after, side, name)
        return [name, settingOf(kept ? inForce : after, side, name)]
      })
  return {
    frontend: Object.fromEntries(of('frontend')),
    backend: Object.fromEntries(of('backend')),
  }
}

/** Items whose value differs and cannot while the engine runs. */
export function fixedChanges(before: Settings, after: Settings): readonly string[] {
  return (['frontend', 'backend'] as const).flatMap((side) =>
    itemsOn(side)
      .filter(({ mutable }) => !mutable)
      .map(({ name }) => name)
      .filter((name) => settingOf(before, side, name) !== settingOf(after, side, name)),
  )
}

/** Why the item cannot have the value; undefined when it can. */
function problemOf({ name, type, range, allowed }: Item, value: string): string | undefined {
  if (allowed && !allowed.includes(value)) return `${name} should be one of ${allowed.join(', ')}`
  if (type === 'boolean' && value !== 'true' && value !== 'false')
    return `${name} should be true or false`
  if (type === 'string' || type === 'boolean') return undefined
  const [min, max] = range ?? [-Infinity, Infinity]
  if (/^-?\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max) return undefined
  return `${name} should be in range [${min}, ${max}]`
}
