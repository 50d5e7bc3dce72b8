/** SHOW statements that client programs send: variables, warnings, character sets, and lists that are truly empty. */
import type { Show } from '../../sql/ast-session.ts'
import { functionNames } from '../../sql/bind/call.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import {
  characterSetRows,
  collationRows,
  engineRows,
  variableRows,
} from '../../information/client.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { long, text, virtualColumns } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'

const shown = (name: string, columns: VirtualTable['columns'], rows: VirtualTable['rows']) => ({
  database: '',
  name,
  columns,
  rows,
})

const nameAndValue = virtualColumns({ Variable_name: text, Value: text })

export function showVariables(context: StatementContext, show: Show): VirtualTable {
  const scope = show.modifier === 'global' ? 'global' : 'session'
  return shown('variables', nameAndValue, variableRows(context, scope))
}

export function showStatus(context: StatementContext): VirtualTable {
  const { engine } = context
  return shown('status', nameAndValue, [
    ['Threads_connected', String(engine.sessions.size)],
    ['Uptime', String(Math.floor((engine.clock.now() - engine.startedMs) / 1000))],
  ])
}

const warningColumns = virtualColumns({ Level: text, Code: long, Message: text })

export function warnings(context: StatementContext): VirtualTable {
  const rows = context.state.warnings.map(({ level, code, message }) => [level, code, message])
  return shown('warnings', warningColumns, rows)
}

export function errors(context: StatementContext): VirtualTable {
  const rows = context.state.warnings
    .filter(({ level }) => level === 'Error')
    .map(({ level, code, message }) => [level, code, message])
  return shown('errors', warningColumns, rows)
}

export function showEngines(): VirtualTable {
  const columns = virtualColumns({
    Engine: text,
    Support: text,
    Comment: text,
    Transactions: text,
    XA: text,
    Savepoints: text,
  })
  return shown('engines', columns, engineRows)
}

export function collation(): VirtualTable {
  const columns = virtualColumns({
    Collation: text,
    Charset: text,
    Id: long,
    Default: text,
    Compiled: text,
    Sortlen: long,
  })
  return shown('collation', columns, collationRows)
}

export function characterSet(): VirtualTable {
  const columns = virtualColumns({
    Charset: text,
    'Default collation': text,
    Description: text,
    Maxlen: long,
  })
  const rows = characterSetRows.map(([name = '', order = '', about = '', length = 0]) => [
    name,
    order,
    about,
    length,
  ])
  return shown('character set', columns, rows)
}

const words = (list: string): readonly string[] => list.split(' ')

/** Things that cannot exist here, so that the list is empty in truth: they can only be made by refused statements. */
const emptyColumns: Readonly<Record<string, readonly string[]>> = {
  plugins: words(
    'Name Type Description Version JavaVersion ClassName SoName Sources Status Properties',
  ),
  events: ['Db', 'Name', 'Definer', 'Time', 'Type', 'Execute at', 'Status'],
  triggers: ['Trigger', 'Event', 'Table', 'Statement', 'Timing', 'Created', 'sql_mode'],
  'procedure status': ['Db', 'Name', 'Type', 'Definer', 'Modified', 'Created', 'Security_type'],
  'function status': ['Db', 'Name', 'Type', 'Definer', 'Modified', 'Created', 'Security_type'],
  'open tables': ['Database', 'Table', 'In_use', 'Name_locked'],
  'master status': ['File', 'Position', 'Binlog_Do_DB', 'Binlog_Ignore_DB'],
  'slave status': ['Slave_IO_State', 'Master_Host'],
  'binary logs': ['Log_name', 'File_size'],
  brokers: ['Name', 'IP', 'Port', 'Alive', 'LastStartTime', 'LastUpdateTime', 'ErrMsg'],
  repositories: ['RepoId', 'RepoName', 'CreateTime', 'IsReadOnly', 'Location', 'Broker', 'ErrMsg'],
  'routine load': words(
    'Id Name CreateTime PauseTime EndTime DbName TableName State DataSourceType CurrentTaskNum JobProperties DataSourceProperties CustomProperties Statistic Progress TimestampProgress ReasonOfStateChanged ErrorLogUrls TrackingSQL OtherMsg LatestSourcePosition',
  ),
  export: ['JobId', 'QueryId', 'State', 'Progress', 'TaskInfo', 'Path', 'CreateTime', 'ErrorMsg'],
  resources: ['Name', 'ResourceType', 'Key', 'Value'],
  'resource groups': [
    'name',
    'id',
    'cpu_weight',
    'mem_limit',
    'concurrency_limit',
    'type',
    'classifiers',
  ],
}

export function none(what: string) {
  const names = emptyColumns[what] ?? []
  return (): VirtualTable =>
    shown(
      what,
      names.map((name) => ({ name, type: text })),
      [],
    )
}

const functionColumns = [
  'Signature',
  'Return Type',
  'Function Type',
  'Intermediate Type',
  'Properties',
]

/** Nobody can make functions of their own; those that are built in have a name, and signatures that StarRocks prints otherwise. */
export function functions(_context: StatementContext, { full, modifier }: Show): VirtualTable {
  const isBuiltin = modifier === 'builtin'
  if (full && isBuiltin) throw unsupportedByEngine('SHOW FULL BUILTIN FUNCTIONS')
  const names = isBuiltin ? [...new Set(functionNames().map(({ name }) => name))].sort() : []
  const columns = full ? functionColumns : ['Function Name']
  return shown(
    'functions',
    columns.map((name) => ({ name, type: text })),
    names.map((name) => [name]),
  )
}
