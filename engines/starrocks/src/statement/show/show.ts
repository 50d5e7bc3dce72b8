/**
 * SHOW: rows of a small virtual table, narrowed by LIKE on its first column or by WHERE, ORDER BY and LIMIT, which DuckDB
 * does. What StarRocks shows and this engine has nothing of is an empty list only where empty is the truth; else refused.
 */
import type { Query, Expression } from '../../sql/ast.ts'
import { showExports } from './export.ts'
import type { Show, ShowWhat } from '../../sql/ast-session.ts'
import { translateQuery } from '../../sql/translate.ts'
import type { QueryColumn } from '../../sql/bound.ts'
import type { Column, Result, WireValue } from '../../session.ts'
import type { Execution } from '../../execution/execution.ts'
import { rowsResult } from '../../execution/result.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { externalOf } from '../../resolution/object-name.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { scopeTableOf } from '../../information/virtual-table.ts'
import { listVolumes } from './storage-volume.ts'
import type { ExternalCatalogEntry } from '../../catalog/catalog.ts'
import { likeMatcher } from '../../like-pattern.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { columnOf } from '../../storage/wire-value.ts'
import { alterations } from './alteration.ts'
import { dynamicPartitions } from './dynamic-partition.ts'
import { columnsOf } from './column.ts'
import * as clients from './client.ts'
import * as cluster from './cluster.ts'
import * as node from './node.ts'
import * as warehouse from './warehouse.ts'
import * as lake from './lake.ts'
import * as loads from './load.ts'
import * as object from './object.ts'
import * as privilege from './privilege.ts'
import { proc } from './proc.ts'
import { userProperties } from '../account/user-property.ts'
import { deletions } from './deletion.ts'
import { resourceGroupUsage, showResourceGroups } from './resource-group.ts'
import * as statistic from './statistic.ts'
import * as storage from './storage.ts'
import { showTablets } from './tablet.ts'

type Maker = (execution: Execution, show: Show) => VirtualTable | Promise<VirtualTable>

/** Either of an external catalog, when the statement names one or it is the session's, or of the default one. */
function outside(
  there: (execution: Execution, entry: ExternalCatalogEntry, show: Show) => Promise<VirtualTable>,
  here: Maker,
): Maker {
  return (execution, asked) => {
    const entry = externalOf(execution, asked.catalog ?? asked.name?.parts.at(-3))
    return entry ? there(execution, entry, asked) : here(execution, asked)
  }
}

const makers: Partial<Record<ShowWhat, Maker>> = {
  databases: outside(lake.showLakeDatabases, object.databases),
  tables: outside(lake.showLakeTables, object.showTables),
  'table status': object.tableStatus,
  columns: outside(lake.lakeColumnsOf, columnsOf),
  index: object.indexes,
  'create database': object.showCreateDatabase,
  'create table': outside(lake.showCreateLakeTable, object.showCreateRelation),
  'create catalog': lake.showCreateCatalog,
  'create view': object.showCreateRelation,
  'create materialized view': object.showCreateRelation,
  'materialized views': object.showMaterializedViews,
  catalogs: lake.catalogs,
  variables: clients.showVariables,
  status: clients.showStatus,
  warnings: clients.warnings,
  errors: clients.errors,
  engines: clients.showEngines,
  collation: clients.collation,
  'character set': clients.characterSet,
  plugins: clients.none('plugins'),
  events: clients.none('events'),
  triggers: clients.none('triggers'),
  'procedure status': clients.none('procedure status'),
  'function status': clients.none('function status'),
  'open tables': clients.none('open tables'),
  'master status': clients.none('master status'),
  'slave status': clients.none('slave status'),
  'binary logs': clients.none('binary logs'),
  processlist: cluster.processList,
  'running queries': cluster.runningQueries,
  frontends: node.frontends,
  backends: node.backends,
  'compute nodes': node.computeNodes,
  proc,
  warehouses: warehouse.warehouses,
  'warehouse nodes': warehouse.warehouseNodes,
  'storage volumes': listVolumes,
  brokers: clients.none('brokers'),
  repositories: clients.none('repositories'),
  partitions: outside(lake.refusePartitions, storage.partitions),
  'temporary partitions': outside(lake.refusePartitions, storage.partitions),
  data: storage.data,
  load: loads.showLoads,
  'stream load': loads.showStreamLoads,
  transaction: loads.showTransaction,
  'alter table': alterations,
  'alter materialized view': alterations,
  'dynamic partition tables': dynamicPartitions,
  'routine load': clients.none('routine load'),
  export: showExports,
  delete: deletions,
  'analyze status': statistic.analyzeStatus,
  'analyze job': statistic.analyzeJobs,
  'stats meta': statistic.statisticMeta,
  'histogram meta': statistic.histogramMeta,
  tablets: showTablets,
  functions: clients.functions,
  resources: clients.none('resources'),
  'resource groups': showResourceGroups,
  'resource group usage': resourceGroupUsage,
  grants: privilege.grants,
  roles: privilege.roles,
  users: privilege.users,
  authentication: privilege.authentication,
  privileges: privilege.privileges,
  property: userProperties,
}

/** Names of variables, columns and the like are matched in any case; those of objects are not. */
const caseSensitive: readonly ShowWhat[] = [
  'databases',
  'tables',
  'table status',
  'materialized views',
  'storage volumes',
]

export async function show(execution: Execution, statement: Show): Promise<Result> {
  const make = makers[statement.what]
  if (!make) throw unsupportedByEngine(`SHOW ${statement.what.toUpperCase()}`)
  const made = await make(execution, statement)
  const liked = statement.like === undefined ? made : matching(made, statement.what, statement.like)
  const plain = !statement.where && statement.orderBy.length === 0 && statement.limit === undefined
  return plain && !liked.computed ? directRows(liked) : queriedRows(execution, liked, statement)
}

/** What LIKE is about, where other columns stand before it. */
const nameAt: Readonly<Partial<Record<ShowWhat, number>>> = {
  warehouses: 1,
  load: 1,
  'materialized views': 2,
}

function matching(table: VirtualTable, what: ShowWhat, like: string): VirtualTable {
  const matches = likeMatcher(like, caseSensitive.includes(what))
  const at = nameAt[what] ?? 0
  return { ...table, rows: table.rows.filter((row) => matches(String(row[at]))) }
}

/** The rows as they are, without asking DuckDB. */
export function directRows(table: VirtualTable): Result {
  const columns: Column[] = table.columns.map((column) =>
    columnOf({ ...column, table: table.name, database: '' }),
  )
  const rows = table.rows.map((row) => row.map(wireValue))
  return { kind: 'rows', columns, chunks: rows.length > 0 ? [rows] : [] }
}

function wireValue(cell: Cell): WireValue {
  return typeof cell === 'boolean' ? Number(cell) : cell
}

/** The virtual table under a name that only this query sees. */
const SHOWN = '__show'

async function queriedRows(
  execution: Execution,
  table: VirtualTable,
  statement: Show,
): Promise<Result> {
  const scope = scopeOf(execution)
  const shown = scopeTableOf(table)
  const query = translateQuery(filterQuery(statement), {
    ...scope,
    external: () => undefined,
    table: (database, name, partitions) =>
      database === SHOWN && name === SHOWN ? shown : scope.table(database, name, partitions),
    hasDatabase: (database) => database === SHOWN || scope.hasDatabase(database),
  })
  const columns: QueryColumn[] = query.columns.map((column) => ({
    ...column,
    database: '',
    table: '',
  }))
  const chunks = await execution.link.stream(query.sql)
  return rowsResult(columns, chunks, execution.guard)
}

function filterQuery(statement: Show): Query {
  const number = (value: number | undefined): Expression | undefined =>
    value === undefined ? undefined : { kind: 'integer', text: String(value) }
  return {
    kind: 'query',
    with: [],
    orderBy: statement.orderBy.map((item) => ({ ...item, nulls: undefined })),
    limit: number(statement.limit),
    offset: number(statement.offset),
    body: {
      kind: 'select',
      distinct: false,
      items: [{ kind: 'star', qualifier: [], except: [] }],
      from: {
        kind: 'table',
        name: { parts: [SHOWN, SHOWN], at: 0 },
        alias: undefined,
        columns: [],
        partitions: [],
      },
      where: statement.where,
      groupBy: undefined,
      having: undefined,
      qualify: undefined,
    },
  }
}
