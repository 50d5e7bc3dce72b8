/** The tables of `information_schema`, `sys` and `_statistics_`, by name. Names are read in any case. */
import type { StatementContext } from '../execution/statement-context.ts'
import type { VirtualTable } from './virtual-table.ts'
import { atOnce } from './step.ts'
import type { Steps } from './step.ts'
import { columnLength } from './column-length.ts'
import { backendConfig } from './backend-config.ts'
import { characterSets, collations, engines, variables } from './client.ts'
import { emptyTable, emptyTableNames } from './empty-table.ts'
import { grantsToRoles, grantsToUsers, roleEdges } from './privilege.ts'
import { columnsTable, schemata, tables, temporaryTables, views } from './schema.ts'
import { taskRuns, tasks } from './task.ts'
import { objectDependencies, verboseVariables } from './cluster-table.ts'
import { loads, loadTrackingLogs } from './load-table.ts'
import { histogramStatistics } from './statistic-table.ts'
import { partitionsMeta, tablets } from './partition-table.ts'
import { materializedViews, tablesConfig } from './starrocks-table.ts'

type Maker = (context: StatementContext) => VirtualTable | Steps<VirtualTable>

const informationSchema: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['be_configs', backendConfig],
  ['be_tablets', tablets],
  ['character_sets', characterSets],
  ['collations', collations],
  ['columns', columnsTable],
  ['engines', engines],
  ['global_variables', variables('global_variables', 'global')],
  ['load_tracking_logs', loadTrackingLogs],
  ['loads', loads],
  ['materialized_views', materializedViews],
  ['partitions_meta', partitionsMeta],
  ['schemata', schemata],
  ['session_variables', variables('session_variables', 'session')],
  ['tables', tables],
  ['tables_config', tablesConfig],
  ['task_runs', taskRuns],
  ['tasks', tasks],
  ['temp_tables', temporaryTables],
  ['verbose_session_variables', verboseVariables],
  ['views', views],
])

const sys: ReadonlyMap<string, Maker> = new Map([
  ['grants_to_roles', grantsToRoles],
  ['grants_to_users', grantsToUsers],
  ['object_dependencies', objectDependencies],
  ['role_edges', roleEdges],
])

const statistics: ReadonlyMap<string, Maker> = new Map([
  ['histogram_statistics', histogramStatistics],
])

/** Other databases than information_schema. */
const others: Readonly<Partial<Record<string, ReadonlyMap<string, Maker>>>> = {
  sys,
  _statistics_: statistics,
}

export const systemTable = (
  context: StatementContext,
  database: string,
  name: string,
): VirtualTable | undefined => atOnce(systemTableSteps(context, database, name))

export function* systemTableSteps(
  context: StatementContext,
  database: string,
  name: string,
): Steps<VirtualTable | undefined> {
  const lower = name.toLowerCase()
  const other = others[database.toLowerCase()]
  const made = (other ?? informationSchema).get(lower)?.(context)
  const table = made && ('next' in made ? yield* made : made)
  const found = table ?? (other ? undefined : emptyTable(lower))
  return found && withLengths(found)
}

function withLengths(table: VirtualTable): VirtualTable {
  const columns = table.columns.map(({ name, type }) => ({
    name,
    type: type.kind === 'varchar' ? { ...type, length: columnLength(table.name, name) } : type,
  }))
  return { ...table, columns }
}

export function systemTableNames(database: string): readonly string[] {
  const other = others[database.toLowerCase()]
  if (other) return [...other.keys()]
  return [...informationSchema.keys(), ...emptyTableNames].sort((a, b) => (a < b ? -1 : 1))
}
