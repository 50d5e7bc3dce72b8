/** SET of variables, USE, KILL: what changes a session. */
import type { Expression } from '../../sql/ast.ts'
import type { SessionStatement, SetItem } from '../../sql/ast-session.ts'
import { isFlatArray, VARIABLE_TEXT_MAX, writtenText } from '../../execution/variable-text.ts'
import { internalType } from '../../sql/type-text.ts'
import { translatedExpression } from '../../execution/translation.ts'
import type { SqlType } from '../../sql/type.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import {
  allows,
  demand,
  denied,
  outsideTarget,
  seesOutside,
  systemTarget,
} from '../../catalog/authority.ts'
import type { Target } from '../../catalog/authority.ts'
import { databaseNamed, isSystemDatabase } from '../../catalog/lookup.ts'
import { lakeTables } from '../../lake/reader.ts'
import { isInformationSchema } from '../../resolution/external-schema.ts'
import { lakeSource } from '../../resolution/external-table.ts'
import type { LinkedContext } from '../../resolution/external-table.ts'
import { demandVisible, externalOf } from '../../resolution/object-name.ts'
import { warn } from '../../execution/statement-context.ts'
import type { UserVariable } from '../../execution/session-state.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { analyzingError, unknownDatabase, unsupportedByEngine } from '../../sql/sql-error.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import type { ResourceGroupEntry } from '../../catalog/resource-group.ts'
import { resourceGroups, shownId } from '../../execution/resource-group.ts'
import { warehouseNamed } from '../../execution/warehouse.ts'
import { isFormer, readVariable, variableNamed } from '../../execution/variable.ts'
import type { VariableDefinition } from '../../execution/variable-definition.ts'
import type { SessionContext } from '../../execution/statement-context.ts'

type Of<Kind extends SessionStatement['kind']> = Extract<SessionStatement, { kind: Kind }>

export async function set(execution: Execution, statement: Of<'set'>): Promise<Result> {
  for (const item of statement.items) await setItem(execution, item)
  return done(0, '', execution.state.warnings.length)
}

async function setItem(execution: Execution, item: SetItem): Promise<void> {
  switch (item.kind) {
    case 'system':
      return setSystem(execution, item)
    case 'user':
      return setUser(execution, item.name, item.value)
    case 'names':
    case 'charset': {
      const charset = item.charset ?? 'utf8'
      checkCharset(charset)
      for (const name of ['client', 'connection', 'results']) {
        execution.state.variables.set(`character_set_${name}`, charset.toLowerCase())
      }
      return
    }
    case 'transaction':
      // StarRocks takes every level, isolates transactions in its own way, and shows the level that it began with.
      if (item.access === 'read only') throw unsupportedByEngine('A read only transaction')
      return
  }
}

/** Text is UTF-8 on the wire; ASCII and latin1 clients are refused rather than sent wrong bytes. */
function checkCharset(charset: string): void {
  if (!['utf8', 'utf8mb3', 'utf8mb4', 'binary'].includes(charset.toLowerCase())) {
    throw new SqlError(`Unknown character set: '${charset}'`, 1115, '42000')
  }
}

async function setSystem(
  execution: Execution,
  item: Extract<SetItem, { kind: 'system' }>,
): Promise<void> {
  if (isFormer(item.name)) {
    warn(execution, 1105, `Variable '${item.name}' is no more and has no effect`)
    return
  }
  const definition = variableNamed(item.name)
  checkScope(definition, item.scope)
  // JDBC drivers set character_set_results to NULL: send text as it is, which is what happens anyway.
  const isCharset = definition.name.startsWith('character_set_')
  const asItIs = isCharset && item.value.kind === 'null'
  if (item.value.kind === 'default' || asItIs)
    return resetSystem(execution, item.scope, definition.name)
  const text = await valueText(execution, item.value)
  if (text === undefined)
    throw new SqlError(`Incorrect argument type to variable '${item.name}'`, 1232, '42000')
  const value = readSetting(execution.engine, definition, text)
  if (definition.sort === 'tuning') {
    warn(
      execution,
      1105,
      `Variable '${definition.name}' steers StarRocks' own execution and has no effect in this engine`,
    )
  }
  if (item.scope === 'global') await setGlobal(execution, definition.name, value)
  // StarRocks changes the session that sets the default of all others too.
  if (definition.scope !== 'global') execution.state.variables.set(definition.name, value)
}

/** The value as it is stored; throws when the variable cannot have it. */
export function readSetting(
  engine: EngineContext,
  definition: VariableDefinition,
  written: string,
): string {
  const value = readVariable(definition, written)
  if (definition.name.startsWith('character_set_')) checkCharset(value)
  if (definition.name === 'warehouse') warehouseNamed(engine.identity, value)
  if (definition.name.startsWith('resource_group')) checkGroup(engine, value)
  return value
}

function checkGroup(engine: EngineContext, value: string): void {
  const isNone = value === '' || (/^-?\d+$/.test(value) && Number(value) <= 0)
  const isThere = (group: ResourceGroupEntry) =>
    group.name === value || String(shownId(group)) === value
  if (!isNone && !resourceGroups(engine).some(isThere))
    throw analyzingError(`resource group not exists: ${value}.`)
}

export function checkScope({ name, scope }: VariableDefinition, asked: 'session' | 'global'): void {
  if (scope === 'read only') {
    throw new SqlError(`Variable '${name}' is a read only variable`, 1238, 'HY000')
  }
  if (asked === 'session' && scope === 'global') {
    throw new SqlError(
      `Variable '${name}' is a GLOBAL variable and should be set with SET GLOBAL`,
      1229,
      'HY000',
    )
  }
  if (asked === 'global' && scope === 'session') {
    throw new SqlError(
      `Variable '${name}' is a SESSION variable and can't be used with SET GLOBAL`,
      1228,
      'HY000',
    )
  }
}

async function resetSystem(
  execution: Execution,
  scope: 'session' | 'global',
  name: string,
): Promise<void> {
  if (scope === 'session') execution.state.variables.delete(name)
  else await setGlobal(execution, name, undefined)
}

async function setGlobal(
  execution: Execution,
  name: string,
  value: string | undefined,
): Promise<void> {
  const { store } = execution.engine
  demand(store.current, execution.state.authority, ['OPERATE'], systemTarget)
  await store.change(execution.link, async (draft) => {
    const known = draft.catalog.variables().find((entry) => entry.name === name)
    if (value !== undefined) {
      draft.put({ kind: 'variable', id: known?.id ?? draft.newId(), name, value })
    } else if (known) {
      draft.remove(known.id)
    }
  })
}

/** A bare word is its own text; anything else is computed. Undefined is NULL. */
async function valueText(execution: Execution, value: Expression): Promise<string | undefined> {
  if (value.kind === 'string') return value.value
  if (value.kind === 'integer') return value.text
  if (value.kind === 'boolean') return String(value.value)
  if (value.kind === 'column' && value.path.length === 1) return value.path[0]
  return (await evaluate(execution, value)).text
}

const unnamedKinds: readonly SqlType['kind'][] = [
  'array',
  'map',
  'struct',
  'bitmap',
  'hll',
  'percentile',
  'varbinary',
  'time',
]

async function evaluate(execution: Execution, expression: Expression): Promise<UserVariable> {
  const { sql, type } = await translatedExpression(execution, expression, scopeOf(execution))
  const [row] = await execution.link.rows(`SELECT ${writtenText(sql, type)}`)
  const value = row?.[0]
  return { type, text: value === null || value === undefined ? undefined : String(value) }
}

/** StarRocks bounds a session's user variables too. */
const USER_VARIABLES_MAX = 1024

async function setUser(execution: Execution, name: string, expression: Expression): Promise<void> {
  const value = await userVariable(execution, expression)
  const { userVariables } = execution.state
  const key = name.toLowerCase()
  if (!userVariables.has(key) && userVariables.size >= USER_VARIABLES_MAX) {
    throw new SqlError('User variable exceeds the maximum limit of 1024')
  }
  userVariables.set(key, value)
}

export async function userVariable(
  execution: Execution,
  expression: Expression,
): Promise<UserVariable> {
  const value = await evaluate(execution, expression)
  if (unnamedKinds.includes(value.type.kind) && !isFlatArray(value.type)) {
    throw analyzingError(`Can't set variable with type ${internalType(value.type).toUpperCase()}.`)
  }
  if ((value.text?.length ?? 0) > VARIABLE_TEXT_MAX)
    throw new SqlError(`A user variable holds at most ${VARIABLE_TEXT_MAX} characters`)
  return value
}

/** reference: StarRocks 3.3.7, ConnectContext, changeCatalog and changeCatalogDb. A new catalog has no database chosen. */
export async function use(
  context: LinkedContext,
  catalog: string | undefined,
  database: string | undefined,
): Promise<Result> {
  const { state, engine } = context
  const entry = externalOf(context, catalog)
  if (entry) demandSight(context, outsideTarget(entry))
  if (database !== undefined && entry && !isInformationSchema(database)) {
    const tables = await lakeTables(lakeSource(context), entry, database)
    if (!tables) throw unknownDatabase(database)
    demandSight(context, outsideTarget(entry, database))
  } else if (database !== undefined && !entry && !isSystemDatabase(database)) {
    demandVisible(context, databaseNamed(engine.store.current, database))
  }
  state.catalog = entry?.name
  state.database = database
  return done()
}

function demandSight({ engine, state }: SessionContext, target: Target): void {
  const { current } = engine.store
  if (!seesOutside(current, state.authority, target))
    throw denied(current, state.authority, ['ANY'], target.label)
}

/** A database as protocols name it, `catalog.database` too, as StarRocks reads it in a login and in COM_INIT_DB. */
export function useNamed(context: LinkedContext, name: string): Promise<Result> {
  const point = name.indexOf('.')
  return point < 0
    ? use(context, undefined, name)
    : use(context, name.slice(0, point), name.slice(point + 1))
}

export async function kill(execution: Execution, statement: Of<'kill'>): Promise<Result> {
  const { text } = await evaluate(execution, statement.id)
  const id = Number(text)
  const target = Number.isInteger(id) ? execution.engine.sessions.get(id) : undefined
  if (!target) throw new SqlError(`Unknown thread id: ${text ?? 'NULL'}`, 1094, 'HY000')
  const own = target.state.authority.userId === execution.state.authority.userId
  if (
    !own &&
    !allows(execution.engine.store.current, execution.state.authority, ['OPERATE'], systemTarget)
  ) {
    throw new SqlError(`You are not owner of thread ${id}`, 1095, 'HY000')
  }
  execution.engine.kill(id, statement.what)
  return done()
}
