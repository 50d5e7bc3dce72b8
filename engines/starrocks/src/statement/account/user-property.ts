/**
 * What a user's sessions begin with, and how many there may be: SET PROPERTY, the PROPERTIES of CREATE and ALTER USER, SHOW PROPERTY.
 * Users of one name on several hosts have the same ones.
 * reference: StarRocks 3.3.7, UserProperty.
 */
import type { Property } from '../../sql/ast.ts'
import type { SessionStatement, Show } from '../../sql/ast-session.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { demand, systemTarget } from '../../catalog/authority.ts'
import type { Catalog, UserEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { userText } from '../../catalog/user-identity.ts'
import { catalogName, isSystemDatabase } from '../../catalog/lookup.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import type { SessionContext, StatementContext } from '../../execution/statement-context.ts'
import type { LinkedContext } from '../../resolution/external-table.ts'
import { findVariable, variableNamed } from '../../execution/variable.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'
import { checkScope, readSetting, useNamed } from '../session/set.ts'

const CONNECTIONS = 'max_user_connections'
const CONNECTIONS_DEFAULT = '1024'
const CONNECTIONS_MAX = 10_000
const VARIABLE = 'session.'

type Properties = UserEntry['properties']

export async function setUserProperty(
  execution: Execution,
  { user: written, properties }: Extract<SessionStatement, { kind: 'setProperty' }>,
): Promise<Result> {
  const name = written ?? execution.state.user
  if (name !== execution.state.user) demandGrant(execution)
  const { engine, link } = execution
  return engine.store.change(link, async (draft) => {
    userNamed(draft.catalog, name)
    changeProperties({ engine, draft }, name, properties)
    return done()
  })
}

/** Of all users of the name. */
export function changeProperties(
  { engine, draft }: { readonly engine: EngineContext; readonly draft: Draft },
  name: string,
  properties: readonly Property[],
): void {
  if (properties.length === 0) return
  for (const user of draft.catalog.usersNamed(name))
    draft.put({ ...user, properties: changedProperties(engine, user.properties, properties) })
}

/** An empty value takes the property away. */
function changedProperties(
  engine: EngineContext,
  old: Properties,
  properties: readonly Property[],
): Properties {
  const changed = new Map(Object.entries(old))
  for (const { name, value } of properties) {
    const key = keyOf(name)
    const read = value === '' ? '' : readProperty(engine, key, value)
    if (read === '') changed.delete(key)
    else changed.set(key, read)
  }
  const database = changed.get('database')
  const { current } = engine.store
  if (database !== undefined && !isSystemDatabase(database) && !current.database(database))
    throw new SqlError(`${changed.get('catalog') ?? catalogName}.${database} not exists`)
  return Object.fromEntries(changed)
}

/** `session.catalog` is `catalog`. */
function keyOf(name: string): string {
  const lower = name.toLowerCase()
  return lower === `${VARIABLE}catalog` ? 'catalog' : lower
}

function readProperty(engine: EngineContext, key: string, value: string): string {
  if (key === CONNECTIONS) return readConnections(value)
  if (key === 'database') return value
  if (key === 'catalog') {
    if (value === catalogName) return value
    throw new SqlError(`Unknown catalog '${value}'`, 5082, '42000')
  }
  if (!key.startsWith(VARIABLE)) throw new SqlError(`Unknown user property(${key})`)
  const definition = variableNamed(key.slice(VARIABLE.length))
  checkScope(definition, 'session')
  return readSetting(engine, definition, value)
}

function readConnections(value: string): string {
  if (!/^[+-]?\d{1,18}$/.test(value)) throw new SqlError(`${CONNECTIONS} is not a number`)
  const number = Number(value)
  if (number > 0 && number <= CONNECTIONS_MAX) return String(number)
  throw new SqlError(
    `${CONNECTIONS} is not valid, the value must be between 1 and ${CONNECTIONS_MAX}`,
  )
}

/** Variables that sessions of the user begin with; one that this version does not know keeps nobody out. */
export function initialVariables(user: UserEntry | undefined): Map<string, string> {
  const variables = Object.entries(user?.properties ?? {}).flatMap(([key, value]) => {
    const definition = key.startsWith(VARIABLE)
      ? findVariable(key.slice(VARIABLE.length))
      : undefined
    return definition ? [[definition.name, value] as const] : []
  })
  return new Map(variables)
}

/** The database that sessions of the user begin in, if it is still there and they may. */
export async function useInitialDatabase(context: LinkedContext, user: UserEntry): Promise<void> {
  const { database } = user.properties
  if (database === undefined) return
  try {
    await useNamed(context, database)
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
  }
}

export function refuseManyConnections(engine: EngineContext, user: UserEntry): void {
  const most = Number(user.properties[CONNECTIONS] ?? CONNECTIONS_DEFAULT)
  const own = [...engine.sessions.values()].filter(({ state }) => state.user === user.name).length
  if (own < most) return
  throw new SqlError(
    `Reach user-level(qualifiedUser: ${user.name}, currUserIdentity: ${userText(user)}) connection limit, currentUserMaxConn=${most}, connectionMap.size=${engine.sessions.size}, connByUser.totConn=${engine.sessions.size}, user.currConn=${own}`,
  )
}

export function userProperties(context: StatementContext, show: Show): VirtualTable {
  const { grantee } = show
  const name = grantee?.kind === 'user' ? grantee.user.user : context.state.user
  if (name !== context.state.user) demandGrant(context)
  const { properties } = userNamed(context.engine.store.current, name)
  const variables = Object.entries(properties)
    .filter(([key]) => key.startsWith(VARIABLE))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const rows = [
    [CONNECTIONS, properties[CONNECTIONS] ?? CONNECTIONS_DEFAULT],
    ['catalog', properties['catalog'] ?? catalogName],
    ['database', properties['database'] ?? ''],
    ...variables,
  ]
  return {
    database: '',
    name: 'property',
    columns: virtualColumns({ Key: text, Value: text }),
    rows,
  }
}

function userNamed(catalog: Catalog, name: string): UserEntry {
  const [user] = catalog.usersNamed(name)
  if (user) return user
  throw new SqlError(`cannot find user ${name}`)
}

function demandGrant({ engine, state }: SessionContext): void {
  demand(engine.store.current, state.authority, ['GRANT'], systemTarget)
}
