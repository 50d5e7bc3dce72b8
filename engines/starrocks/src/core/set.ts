/** SET of variables, USE, KILL: what changes a session. */
import type { Expression } from '../sql/ast.ts'
import type { SessionStatement, SetItem } from '../sql/ast-session.ts'
import { translateExpression } from '../sql/translate.ts'
import { duckType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import type { Result } from '../session.ts'
import { SqlError } from '../session.ts'
import { allows, demand, systemTarget } from './authority.ts'
import { checkCatalog, databaseNamed, demandSight, isSystemDatabase } from './resolve.ts'
import { warn } from './run.ts'
import type { Run } from './run.ts'
import { done, unsupported } from './statement-run.ts'
import { scopeOf } from './statement-scope.ts'
import { readVariable, variableNamed } from './variable.ts'

type Of<Kind extends SessionStatement['kind']> = Extract<SessionStatement, { kind: Kind }>

export async function set(run: Run, statement: Of<'set'>): Promise<Result> {
  for (const item of statement.items) await setItem(run, item)
  return done(0, '', run.state.warnings.length)
}

async function setItem(run: Run, item: SetItem): Promise<void> {
  switch (item.kind) {
    case 'system':
      return setSystem(run, item)
    case 'user':
      return setUser(run, item.name, item.value)
    case 'names':
    case 'charset': {
      const charset = item.charset ?? 'utf8'
      checkCharset(charset)
      for (const name of ['client', 'connection', 'results']) {
        run.state.variables.set(`character_set_${name}`, charset.toLowerCase())
      }
      return
    }
    case 'transaction':
      if (item.isolation !== undefined && !/^repeatable[ -]read$/i.test(item.isolation)) {
        throw unsupported(`The isolation level ${item.isolation}`)
      }
      if (item.access === 'read only') throw unsupported('A read only transaction')
      return
  }
}

/** Text is UTF-8 on the wire; ASCII and latin1 clients are told so rather than sent wrong bytes. */
function checkCharset(charset: string): void {
  if (!['utf8', 'utf8mb3', 'utf8mb4', 'binary'].includes(charset.toLowerCase())) {
    throw new SqlError(`Unknown character set: '${charset}'`, 1115, '42000')
  }
}

async function setSystem(run: Run, item: Extract<SetItem, { kind: 'system' }>): Promise<void> {
  const definition = variableNamed(item.name)
  if (definition.scope === 'read only') {
    throw new SqlError(`Variable '${definition.name}' is a read only variable`, 1238, 'HY000')
  }
  if (item.scope === 'session' && definition.scope === 'global') {
    throw new SqlError(
      `Variable '${definition.name}' is a GLOBAL variable and should be set with SET GLOBAL`,
      1229,
      'HY000',
    )
  }
  // JDBC drivers set character_set_results to NULL: send text as it is, which is what happens anyway.
  const isCharset = definition.name.startsWith('character_set_')
  const asItIs = isCharset && item.value.kind === 'null'
  if (item.value.kind === 'default' || asItIs) return resetSystem(run, item.scope, definition.name)
  const text = await valueText(run, item.value)
  if (text === undefined)
    throw new SqlError(`Incorrect argument type to variable '${item.name}'`, 1232, '42000')
  const value = readVariable(definition, text)
  if (isCharset) checkCharset(value)
  if (definition.sort === 'tuning') {
    warn(
      run,
      1105,
      `Variable '${definition.name}' steers StarRocks' own execution and has no effect in this engine`,
    )
  }
  if (item.scope === 'session') run.state.variables.set(definition.name, value)
  else await setGlobal(run, definition.name, value)
}

async function resetSystem(run: Run, scope: 'session' | 'global', name: string): Promise<void> {
  if (scope === 'session') run.state.variables.delete(name)
  else await setGlobal(run, name, undefined)
}

async function setGlobal(run: Run, name: string, value: string | undefined): Promise<void> {
  const { store } = run.core
  demand(store.current, run.state.authority, ['OPERATE'], systemTarget)
  await store.change(run.link, async (draft) => {
    const known = draft.catalog.variables().find((entry) => entry.name === name)
    if (value !== undefined) {
      draft.put({ kind: 'variable', id: known?.id ?? draft.newId(), name, value })
    } else if (known) {
      draft.remove(known.id)
    }
  })
}

/** A bare word is its own text; anything else is computed. Undefined is NULL. */
async function valueText(run: Run, value: Expression): Promise<string | undefined> {
  if (value.kind === 'string') return value.value
  if (value.kind === 'integer') return value.text
  if (value.kind === 'boolean') return String(value.value)
  if (value.kind === 'column' && value.path.length === 1) return value.path[0]
  return (await evaluate(run, value)).text
}

const unnamedKinds: readonly SqlType['kind'][] = [
  'array',
  'map',
  'struct',
  'bitmap',
  'hll',
  'percentile',
  'varbinary',
]

async function evaluate(
  run: Run,
  expression: Expression,
): Promise<{ type: SqlType; text: string | undefined }> {
  const { sql, type } = translateExpression(expression, scopeOf(run))
  const [row] = await run.link.rows(`SELECT CAST(CAST(${sql} AS ${duckType(type)}) AS VARCHAR)`)
  const value = row?.[0]
  return { type, text: value === null || value === undefined ? undefined : String(value) }
}

/** StarRocks bounds a session's user variables too. */
const USER_VARIABLES_MAX = 1024

async function setUser(run: Run, name: string, expression: Expression): Promise<void> {
  const value = await evaluate(run, expression)
  if (unnamedKinds.includes(value.type.kind)) {
    throw unsupported(`A user variable of type ${value.type.kind.toUpperCase()}`)
  }
  const { userVariables } = run.state
  const key = name.toLowerCase()
  if (!userVariables.has(key) && userVariables.size >= USER_VARIABLES_MAX) {
    throw new SqlError('User variable exceeds the maximum limit of 1024')
  }
  userVariables.set(key, value)
}

export function use(run: Run, catalog: string | undefined, database: string | undefined): Result {
  checkCatalog(catalog)
  if (database === undefined) return done()
  if (!isSystemDatabase(database)) {
    demandSight(run, databaseNamed(run.core.store.current, database))
  }
  run.state.database = database
  return done()
}

export async function kill(run: Run, statement: Of<'kill'>): Promise<Result> {
  const { text } = await evaluate(run, statement.id)
  const id = Number(text)
  const target = Number.isInteger(id) ? run.core.sessions.get(id) : undefined
  if (!target) throw new SqlError(`Unknown thread id: ${text ?? 'NULL'}`, 1094, 'HY000')
  const own = target.state.user === run.state.user
  if (!own && !allows(run.core.store.current, run.state.authority, ['OPERATE'], systemTarget)) {
    throw new SqlError(`You are not owner of thread ${id}`, 1095, 'HY000')
  }
  run.core.kill(id, statement.what)
  return done()
}
