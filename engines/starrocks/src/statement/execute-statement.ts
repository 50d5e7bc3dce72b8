/**
 * One statement to its handler. The table of kinds is complete by type: a statement that the parser learns and that has
 * no handler here does not compile.
 */
import type { Statement } from '../sql/ast.ts'
import type { Result } from '../session.ts'
import { SqlError } from '../session.ts'
import * as database from './ddl/database.ts'
import * as alter from './ddl/alter-table.ts'
import { cancelAlteration } from './ddl/alteration.ts'
import * as external from './ddl/external-catalog.ts'
import * as index from './ddl/index-statement.ts'
import * as materialized from './ddl/materialized-view.ts'
import * as role from './account/role.ts'
import * as resourceGroup from './ddl/resource-group.ts'
import * as volume from './ddl/storage-volume.ts'
import { alterSystem } from './ddl/system.ts'
import * as table from './ddl/table.ts'
import { recover } from './ddl/recover.ts'
import { cleanTemporaryTables } from './ddl/temporary-table.ts'
import * as user from './account/user.ts'
import { executeAs } from './account/execute-as.ts'
import { setUserProperty } from './account/user-property.ts'
import * as view from './ddl/view.ts'
import { cancelRefresh, refreshMaterializedView } from './ddl/view-refresh.ts'
import { statementFiles } from './query/file-source.ts'
import { select } from './query/select.ts'
import { explain } from './query/explain.ts'
import { insert } from './dml/insert.ts'
import { cancelExport, exportTable } from './dml/export.ts'
import { cancelLoad, loadFiles } from './dml/load.ts'
import { deleteRows, truncate, update } from './dml/modify.ts'
import type { Execution } from '../execution/execution.ts'
import { deallocate, executeNamed, prepare } from './session/prepared.ts'
import { isBackendConfig, setBackendConfig, setFrontendConfig } from './session/configuration.ts'
import { kill, set, use } from './session/set.ts'
import { dropTask, submitTask } from './session/task.ts'
import { describeFiles } from './show/file.ts'
import { describeVolume } from './show/storage-volume.ts'
import { describe, describeAll } from './show/column.ts'
import { analyzeTable, killAnalyze } from './statistic/analyze.ts'
import { createAnalyze, dropAnalyze } from './statistic/analyze-job.ts'
import { frontendConfig } from './show/configuration.ts'
import { directRows, show } from './show/show.ts'
import * as lake from './show/lake.ts'
import { externalTables } from '../resolution/external-table.ts'
import { externalOf } from '../resolution/object-name.ts'
import { listedTables } from '../resolution/system-listing.ts'
import { done } from '../execution/result.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { needsWarehouse, statementGroup } from './warehouse-use.ts'
import { begin, commit, refuseInTransaction, rollback } from '../transaction/transaction.ts'

type Handlers = {
  readonly [Kind in Statement['kind']]: (
    execution: Execution,
    statement: Extract<Statement, { kind: Kind }>,
  ) => Result | Promise<Result>
}

/** Everything that changes no rows and no objects, so that it may stand in a transaction. */
const allowedInTransaction: readonly Statement['kind'][] = [
  'select',
  'explain',
  'insert',
  'begin',
  'commit',
  'rollback',
  'set',
  'use',
  'show',
  'describe',
  'kill',
  'setRole',
  'help',
  'prepare',
  'execute',
  'deallocate',
]

export async function executeStatement(asked: Execution, statement: Statement): Promise<Result> {
  if (!allowedInTransaction.includes(statement.kind)) refuseInTransaction(asked, statement.kind)
  const execution = await admitted(asked, statement)
  const lakes = READERS.includes(statement.kind)
    ? await externalTables(execution, statement)
    : undefined
  const files = await statementFiles(execution, statement, execution.fileLists ?? [])
  // One lookup by a key that TypeScript cannot tie to its argument.
  const handler = handlers[statement.kind] as (
    execution: Execution,
    statement: Statement,
  ) => Result | Promise<Result>
  const listed = READERS.includes(statement.kind)
    ? await listedTables(execution, statement)
    : undefined
  if (!lakes && !files && !listed) return handler(execution, statement)
  const found = { ...(lakes && { lakes }), ...(files && { files }), ...(listed && { listed }) }
  return handler({ ...execution, ...found }, statement)
}

/** When it may run: in its warehouse, and in its resource group. */
async function admitted(execution: Execution, statement: Statement): Promise<Execution> {
  const { engine, state, point } = execution
  if (!needsWarehouse(statement, state, point?.form)) return execution
  const writes = statement.kind !== 'select'
  // StarRocks' own groups limit nothing: as long as they are as they are, no statement has to look for its group.
  const isDivided = engine.store.current.resourceGroups().length > 0
  const group = isDivided ? statementGroup(execution, statement) : undefined
  await engine.admission.enter(execution, { group, writes })
  engine.memoryLimits.follow(execution, group)
  if (!group) return execution
  engine.groupUsage.follow(execution, group)
  return { ...execution, group }
}

/** Statements that may read tables of external catalogs; in others, as in a view, such a table is refused. */
const READERS: readonly Statement['kind'][] = [
  'select',
  'explain',
  'insert',
  'createTableAs',
  'prepare',
]

const handlers: Handlers = {
  select: (execution, statement) => select(execution, statement.query),
  explain,
  insert,
  update: (execution, statement) =>
    isBackendConfig(execution, statement)
      ? setBackendConfig(execution, statement)
      : update(execution, statement),
  delete: deleteRows,
  truncate,
  load: loadFiles,
  cancelLoad,
  export: exportTable,
  cancelExport,
  begin: (execution, statement) => begin(execution, statement.label),
  commit: (execution) => commit(execution),
  rollback: (execution) => rollback(execution),
  createDatabase: database.createDatabase,
  dropDatabase: database.dropDatabase,
  alterDatabaseRename: database.renameDatabase,
  alterDatabaseQuota: () => refuse('ALTER DATABASE … SET QUOTA (the instance has one quota)'),
  createTable: table.createTable,
  createTableAs: table.createTableAs,
  createTableLike: table.createTableLike,
  dropTable: table.dropTable,
  cleanTemporaryTable: cleanTemporaryTables,
  alterTable: alter.alterTable,
  cancelAlter: cancelAlteration,
  createView: view.createView,
  alterView: view.alterView,
  dropView: view.dropView,
  createMaterializedView: materialized.createMaterializedView,
  alterMaterializedView: materialized.alterMaterializedView,
  dropMaterializedView: materialized.dropMaterializedView,
  refreshMaterializedView,
  refreshExternalTable: external.refreshExternalTable,
  cancelRefreshMaterializedView: cancelRefresh,
  createIndex: index.createIndex,
  dropIndex: index.dropIndex,
  createCatalog: external.createCatalog,
  dropCatalog: external.dropCatalog,
  alterCatalog: external.alterCatalog,
  recover,
  set,
  setRole: user.setRole,
  setDefaultRole: user.setDefaultRole,
  setPassword: user.setPassword,
  setProperty: setUserProperty,
  setCatalog: (execution, statement) => use(execution, statement.catalog, undefined),
  use: (execution, statement) => use(execution, statement.catalog, statement.database),
  show,
  describe: async (execution, statement) => {
    const outside = externalOf(execution, statement.table.parts.at(-3))
    if (outside) return directRows(await lake.describeLakeTable(execution, outside, statement))
    if (statement.all) return directRows(describeAll(execution, statement.table))
    return directRows(describe(execution, statement.table, statement.column))
  },
  describeFiles: describeFiles,
  createResourceGroup: resourceGroup.createResourceGroup,
  alterResourceGroup: resourceGroup.alterResourceGroup,
  dropResourceGroup: resourceGroup.dropResourceGroup,
  createVolume: volume.createVolume,
  alterVolume: volume.alterVolume,
  dropVolume: volume.dropVolume,
  describeVolume: (execution, statement) => directRows(describeVolume(execution, statement)),
  setDefaultVolume: volume.setDefaultVolume,
  help: () => refuse('HELP'),
  kill,
  prepare,
  execute: (execution, statement) => executeNamed(execution, statement, executeStatement),
  deallocate,
  executeAs,
  submitTask: (execution, statement) => submitTask(execution, statement, executeStatement),
  dropTask,
  createUser: user.createUser,
  alterUser: user.alterUser,
  dropUser: user.dropUser,
  createRole: role.createRole,
  alterRole: role.alterRole,
  dropRole: role.dropRole,
  grantPrivilege: role.changeGrants,
  revokePrivilege: role.changeGrants,
  grantRole: role.changeRoleMembers,
  revokeRole: role.changeRoleMembers,
  alterSystem,
  adminSetConfig: setFrontendConfig,
  adminShowConfig: (execution, statement) => directRows(frontendConfig(execution, statement.like)),
  adminOther: (_, statement) => refuse(statement.words),
  analyzeTable,
  createAnalyze,
  dropAnalyze,
  killAnalyze,
  sync: () => done(),
  unsupported: (_, statement) => {
    // Node groups are made and released by the control plane, as in the service.
    if (/^(ALTER|CREATE|DROP|RESUME|SUSPEND) WAREHOUSE/.test(statement.what))
      throw new SqlError('Multi-Warehouse is not implemented')
    return refuse(statement.what)
  },
}

function refuse(what: string): never {
  throw unsupportedByEngine(what)
}
