/** information_schema as StarRocks adds to it: tables_config and materialized_views. */
import type { RollupEntry, TableEntry } from '../catalog/catalog.ts'
import { refreshTaskName } from '../execution/refresh-task.ts'
import { timeZoneOf } from '../execution/statement-context.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { long, moment, momentText, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'
import {
  createMaterializedViewText,
  createRollupText,
  partitionBySql,
} from './create-table-text.ts'
import { rowCountSql, visibleRelations } from './schema.ts'

const database = 'information_schema'

const modelNames: Readonly<Record<TableEntry['model'], string>> = {
  duplicate: 'DUP_KEYS',
  aggregate: 'AGG_KEYS',
  unique: 'UNIQUE_KEYS',
  primary: 'PRIMARY_KEYS',
}

export function visibleTables(context: StatementContext) {
  return visibleRelations(context).flatMap(([schema, relation]) =>
    relation.kind === 'view' ? [] : [[schema, relation] as const],
  )
}

export function tablesConfig(context: StatementContext): VirtualTable {
  const columns = virtualColumns({
    TABLE_SCHEMA: text,
    TABLE_NAME: text,
    TABLE_ENGINE: text,
    TABLE_MODEL: text,
    PRIMARY_KEY: text,
    PARTITION_KEY: text,
    DISTRIBUTE_KEY: text,
    DISTRIBUTE_TYPE: text,
    DISTRIBUTE_BUCKET: long,
    SORT_KEY: text,
    PROPERTIES: text,
    TABLE_ID: long,
  })
  const rows = visibleTables(context).map(([schema, table]): Cell[] => [
    schema.name,
    table.name,
    table.kind === 'table' ? 'OLAP' : 'MATERIALIZED_VIEW',
    modelNames[table.model],
    table.model === 'primary' || table.model === 'unique' ? listedNames(table.keys) : '',
    table.partition ? partitionBySql(table.partition) : '',
    listedNames(table.distribution.columns),
    table.distribution.method.toUpperCase(),
    table.distribution.buckets ?? null,
    listedNames(table.sortKeys),
    JSON.stringify(table.properties),
    table.id,
  ])
  return { database, name: 'tables_config', columns, rows }
}

export const listedNames = (columns: readonly string[]): string =>
  columns.map((column) => `\`${column}\``).join(', ')

/** A refresh has no first, last, read and written partitions: it computes the whole view. */
const wholeRefresh: readonly Cell[] = ['', '', '', '']

export function materializedViews(context: StatementContext): VirtualTable {
  const columns = virtualColumns({
    MATERIALIZED_VIEW_ID: long,
    TABLE_SCHEMA: text,
    TABLE_NAME: text,
    REFRESH_TYPE: text,
    IS_ACTIVE: text,
    INACTIVE_REASON: text,
    PARTITION_TYPE: text,
    TASK_ID: text,
    TASK_NAME: text,
    LAST_REFRESH_START_TIME: moment,
    LAST_REFRESH_FINISHED_TIME: moment,
    LAST_REFRESH_DURATION: { kind: 'double' },
    LAST_REFRESH_STATE: text,
    LAST_REFRESH_FORCE_REFRESH: text,
    LAST_REFRESH_START_PARTITION: text,
    LAST_REFRESH_END_PARTITION: text,
    LAST_REFRESH_BASE_REFRESH_PARTITIONS: text,
    LAST_REFRESH_MV_REFRESH_PARTITIONS: text,
    LAST_REFRESH_ERROR_CODE: text,
    LAST_REFRESH_ERROR_MESSAGE: text,
    TABLE_ROWS: long,
    MATERIALIZED_VIEW_DEFINITION: text,
    EXTRA_MESSAGE: text,
    QUERY_REWRITE_STATUS: text,
    CREATOR: text,
  })
  const zone = timeZoneOf(context)
  const at = (ms: number | undefined) => (ms === undefined ? null : momentText(ms, zone))
  const rollups = visibleTables(context).flatMap(([schema, table]) =>
    (table.rollups ?? []).map((rollup) => rollupRow(schema.name, table, rollup)),
  )
  const rows = visibleTables(context).flatMap(([schema, table]): Cell[][] => {
    const facts = table.view
    if (!facts) return []
    const { lastRefreshStartMs: start, lastRefreshEndMs: end } = facts
    return [
      [
        table.id,
        schema.name,
        table.name,
        facts.refresh.scheme.toUpperCase(),
        String(facts.active),
        facts.inactiveReason,
        table.partition ? 'RANGE' : 'UNPARTITIONED',
        String(table.id),
        refreshTaskName(table),
        at(start),
        at(end),
        start === undefined || end === undefined ? null : (end - start) / 1000,
        facts.lastRefreshState,
        'true',
        ...wholeRefresh,
        facts.lastRefreshError === '' ? '0' : '1064',
        facts.lastRefreshError,
        null,
        createMaterializedViewText(table),
        '',
        'UNSUPPORTED: queries are not rewritten to materialized views',
        facts.creator,
      ],
    ]
  })
  const computed = { TABLE_ROWS: rowCountSql('c0') }
  return { database, name: 'materialized_views', columns, rows: [...rows, ...rollups], computed }
}

/** A synchronous view or ROLLUP: part of its table, never refreshed by itself. */
function rollupRow(schema: string, table: TableEntry, rollup: RollupEntry): Cell[] {
  const type = table.partition?.method === 'list' ? 'LIST' : 'RANGE'
  const written = createRollupText(table, rollup).replaceAll(/[\n\t]/g, '')
  return [
    rollup.id,
    schema,
    rollup.name,
    'ROLLUP',
    'true',
    '',
    table.partition ? type : 'UNPARTITIONED',
    '0',
    '',
    null,
    null,
    null,
    '',
    'false',
    ...wholeRefresh,
    '',
    '',
    null,
    written.replaceAll(/ +/g, ' '),
    '',
    '',
    '',
  ]
}
