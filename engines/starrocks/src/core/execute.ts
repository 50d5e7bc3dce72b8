/**
 * One statement to its doer. The table of kinds is complete by type: a statement that the parser learns and nobody
 * here does will not compile.
 */
import type { Query, Statement } from '../sql/ast.ts'
import { translateQuery } from '../sql/translate.ts'
import type { Result } from '../session.ts'
import { SqlError } from '../session.ts'
import * as database from './define/database.ts'
import * as alter from './define/alter-table.ts'
import * as index from './define/index-statement.ts'
import * as materialized from './define/materialized-view.ts'
import * as role from './define/role.ts'
import * as table from './define/table.ts'
import * as user from './define/user.ts'
import * as view from './define/view.ts'
import { explain } from './explain.ts'
import { insert } from './insert.ts'
import { deleteRows, truncate, update } from './modify.ts'
import { variableOf } from './run.ts'
import type { Run } from './run.ts'
import { kill, set, use } from './set.ts'
import { describe } from './show/object.ts'
import { directRows, show } from './show/show.ts'
import { done, rowsResult, unsupported } from './statement-run.ts'
import { isSmall } from './small-result.ts'
import { scopeOf } from './statement-scope.ts'
import { begin, commit, refuseInTransaction, rollback } from './transaction.ts'

type Doers = {
  readonly [Kind in Statement['kind']]: (
    run: Run,
    statement: Extract<Statement, { kind: Kind }>,
  ) => Result | Promise<Result>
}

/** Everything that changes no rows and no objects, so that it may stand in a transaction. */
const inTransaction: readonly Statement['kind'][] = [
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
]

export async function executeStatement(run: Run, statement: Statement): Promise<Result> {
  if (!inTransaction.includes(statement.kind)) refuseInTransaction(run, statement.kind)
  // One lookup by a key that TypeScript cannot tie to its argument.
  const doer = doers[statement.kind] as (run: Run, statement: Statement) => Result | Promise<Result>
  return doer(run, statement)
}

async function select(run: Run, query: Query): Promise<Result> {
  const { sql, columns } = translateQuery(withoutHints(query), scopeOf(run))
  const most = variableOf(run, 'sql_select_limit')
  const limited = most === SELECT_UNLIMITED ? sql : `SELECT * FROM (${sql}) LIMIT ${most}`
  const small = isSmall(query, run)
  const chunks = small ? await run.link.whole(limited) : await run.link.stream(limited)
  return rowsResult(columns, chunks, run.guard)
}

/** SET_VAR was read when the statement began (session-statement.ts); the translator refuses it anywhere deeper. */
export function withoutHints(query: Query): Query {
  const { body } = query
  return body.kind === 'select' && body.setVariables.length > 0
    ? { ...query, body: { ...body, setVariables: [] } }
    : query
}

/** The initial value of sql_select_limit: 2^63-1. */
const SELECT_UNLIMITED = '9223372036854775807'

const doers: Doers = {
  select: (run, statement) => select(run, statement.query),
  explain,
  insert: (run, statement) => insert(run, { ...statement, query: withoutHints(statement.query) }),
  update,
  delete: deleteRows,
  truncate,
  begin: (run, statement) => begin(run, statement.label),
  commit: (run) => commit(run),
  rollback: (run) => rollback(run),
  createDatabase: database.createDatabase,
  dropDatabase: database.dropDatabase,
  alterDatabaseRename: database.renameDatabase,
  alterDatabaseQuota: () => refuse('ALTER DATABASE … SET QUOTA (the instance has one quota)'),
  createTable: table.createTable,
  createTableAs: table.createTableAs,
  createTableLike: table.createTableLike,
  dropTable: table.dropTable,
  alterTable: alter.alterTable,
  createView: view.createView,
  alterView: view.alterView,
  dropView: view.dropView,
  createMaterializedView: materialized.createMaterializedView,
  alterMaterializedView: materialized.alterMaterializedView,
  dropMaterializedView: materialized.dropMaterializedView,
  refreshMaterializedView: materialized.refreshMaterializedView,
  cancelRefreshMaterializedView: () => refuse('CANCEL REFRESH MATERIALIZED VIEW'),
  createIndex: index.createIndex,
  dropIndex: index.dropIndex,
  createCatalog: () => refuse('CREATE EXTERNAL CATALOG'),
  dropCatalog: (_, statement) => {
    if (statement.ifExists) return done()
    throw new SqlError(`Unknown catalog '${statement.name}'`, 5082, '42000')
  },
  recover: (_, statement) => refuse(`RECOVER ${statement.what.toUpperCase()}`),
  set,
  setRole: user.setRole,
  setDefaultRole: user.setDefaultRole,
  setPassword: user.setPassword,
  setProperty: () => refuse('SET PROPERTY'),
  setCatalog: (run, statement) => use(run, statement.catalog, undefined),
  use: (run, statement) => use(run, statement.catalog, statement.database),
  show,
  describe: (run, statement) => {
    if (statement.all) throw unsupported('DESC … ALL')
    return directRows(describe(run, statement.table, statement.column))
  },
  describeFiles: () => refuse('DESC FILES()'),
  help: () => refuse('HELP'),
  kill,
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
  adminSetConfig: () => refuse('ADMIN SET FRONTEND CONFIG'),
  adminShowConfig: () => refuse('ADMIN SHOW FRONTEND CONFIG'),
  adminOther: (_, statement) => refuse(statement.words),
  analyzeTable: () => refuse('ANALYZE TABLE (DuckDB keeps its statistics by itself)'),
  createAnalyze: () => refuse('CREATE ANALYZE'),
  dropAnalyze: () => refuse('DROP ANALYZE'),
  killAnalyze: () => refuse('KILL ANALYZE'),
  unsupported: (_, statement) => refuse(statement.what),
}

function refuse(what: string): never {
  throw unsupported(what)
}
