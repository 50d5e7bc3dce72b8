/**
 * Users. A password is kept as SHA1(SHA1(password)) only, as mysql_native_password needs it; the clear text ends here
 * and is in no answer and no log.
 */
import { createHash } from 'node:crypto'
import type { Authentication, SessionStatement } from '../../sql/ast-session.ts'
import type { Result, UserIdentity } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { defaultRoles, demand, systemTarget, userOf } from '../../catalog/authority.ts'
import type { Catalog, UserEntry } from '../../catalog/catalog.ts'
import {
  ANY_HOST,
  checkHost,
  identityOf,
  identityText,
  userText,
} from '../../catalog/user-identity.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import type { SessionContext } from '../../execution/statement-context.ts'
import { changeProperties } from './user-property.ts'

type Of<Kind extends SessionStatement['kind']> = Extract<SessionStatement, { kind: Kind }>

/** Users that belong to the instance: their password comes from the control plane. */
export const instanceUsers: readonly string[] = ['root', 'admin']

export function verifierOf(password: string): string {
  if (password === '') return ''
  const once = createHash('sha1').update(password, 'utf8').digest()
  return createHash('sha1').update(once).digest('hex')
}

const USER_NAME = /^[\w.@-]{1,64}$/

export async function createUser(
  execution: Execution,
  statement: Of<'createUser'>,
): Promise<Result> {
  demandGrant(execution)
  const { user } = statement
  if (!USER_NAME.test(user.user)) throw new SqlError(`invalid user name '${user.user}'`)
  checkHost(user.host)
  if (user.host !== ANY_HOST && instanceUsers.includes(user.user))
    throw failed('CREATE USER', user, 'it would stand before the one that belongs to the instance')
  const { engine } = execution
  return execution.engine.store.change(execution.link, async (draft) => {
    const { catalog } = draft
    if (catalog.user(user)) {
      if (statement.ifNotExists) return done()
      throw failed('CREATE USER', user, 'user already exists')
    }
    const roles = existingRoles(catalog, statement.defaultRoles)
    const fresh: UserEntry = {
      kind: 'user',
      id: draft.newId(),
      name: user.user,
      host: user.host,
      verifier: readAuthentication(statement.authentication),
      roles,
      defaultRoles: roles,
      grants: [],
      properties: catalog.usersNamed(user.user)[0]?.properties ?? {},
    }
    draft.put(fresh)
    changeProperties({ engine, draft }, user.user, statement.properties)
    return done()
  })
}

export async function alterUser(execution: Execution, statement: Of<'alterUser'>): Promise<Result> {
  const { engine } = execution
  const own = isOwn(execution, statement.user) && !statement.defaultRoles
  if (!own) demandGrant(execution)
  return engine.store.change(execution.link, async (draft) => {
    const user = draft.catalog.user(statement.user)
    if (!user) {
      if (statement.ifExists) return done()
      throw noSuchUser('ALTER USER', statement.user)
    }
    refuseForeignRoot(execution, user)
    const verifier = statement.authentication
      ? readAuthentication(statement.authentication)
      : user.verifier
    const chosen = statement.defaultRoles
    draft.put({
      ...user,
      verifier,
      defaultRoles: chosen ? selectRoles(user, chosen) : user.defaultRoles,
    })
    changeProperties({ engine, draft }, user.name, statement.properties)
    return done()
  })
}

export async function dropUser(execution: Execution, statement: Of<'dropUser'>): Promise<Result> {
  demandGrant(execution)
  const { engine } = execution
  const dropped = await engine.store.change(execution.link, async (draft) => {
    const ids: number[] = []
    for (const name of statement.users) {
      const user = draft.catalog.user(name)
      if (user && instanceUsers.includes(user.name))
        throw failed('DROP USER', name, 'it belongs to the instance')
      if (!user && !statement.ifExists) throw noSuchUser('DROP USER', name)
      if (!user) continue
      draft.remove(user.id)
      ids.push(user.id)
    }
    return ids
  })
  for (const { state } of engine.sessions.values()) {
    if (dropped.includes(state.authority.userId)) engine.kill(state.id, 'connection')
  }
  return done()
}

export async function setPassword(
  execution: Execution,
  statement: Of<'setPassword'>,
): Promise<Result> {
  const name = statement.user ?? ownIdentity(execution)
  if (!isOwn(execution, name)) demandGrant(execution)
  return execution.engine.store.change(execution.link, async (draft) => {
    const user = draft.catalog.user(name)
    if (!user) throw noSuchUser('SET PASSWORD', name)
    refuseForeignRoot(execution, user)
    const verifier = statement.by === 'hash' ? readHash(statement.text) : verifierOf(statement.text)
    draft.put({ ...user, verifier })
    return done()
  })
}

export async function setDefaultRole(
  execution: Execution,
  statement: Of<'setDefaultRole'>,
): Promise<Result> {
  const users = statement.users.length > 0 ? statement.users : [ownIdentity(execution)]
  if (!users.every((name) => isOwn(execution, name))) demandGrant(execution)
  return execution.engine.store.change(execution.link, async (draft) => {
    for (const name of users) {
      const user = draft.catalog.user(name)
      if (!user) throw noSuchUser('SET DEFAULT ROLE', name)
      draft.put({ ...user, defaultRoles: selectRoles(user, statement.roles) })
    }
    return done()
  })
}

/** SET ROLE: for this session, until it ends or sets another. */
export function setRole(execution: Execution, statement: Of<'setRole'>): Result {
  const user = userOf(execution.engine.store.current, execution.state.authority)
  if (!user) throw noSuchUser('SET ROLE', ownIdentity(execution))
  const chosen =
    statement.roles.kind === 'default' ? defaultRoles(user) : selectRoles(user, statement.roles)
  execution.state.authority = {
    userId: user.id,
    activeRoles: chosen === 'all' ? user.roles : chosen,
  }
  return done()
}

function selectRoles(
  user: UserEntry,
  selection: Of<'setRole'>['roles'],
): readonly string[] | 'all' {
  if (selection.kind === 'none') return []
  if (selection.kind === 'default') return user.defaultRoles
  const named =
    'except' in selection ? selection.except : 'roles' in selection ? selection.roles : []
  for (const role of named) {
    if (!user.roles.includes(role)) {
      throw new SqlError(`Role ${role} is not granted to ${userText(user)}`)
    }
  }
  if (selection.kind === 'list') return named
  return named.length === 0 ? 'all' : user.roles.filter((role) => !named.includes(role))
}

export function existingRoles(catalog: Catalog, names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (!catalog.role(name)) throw new SqlError(`Cannot find role ${name}`)
  }
  return [...new Set(names)]
}

export const noSuchUser = (operation: string, name: UserIdentity): SqlError =>
  failed(operation, name, 'user does not exist')

const failed = (operation: string, name: UserIdentity, why: string): SqlError =>
  new SqlError(`Operation ${operation} failed for ${identityText(name)}: ${why}`, 1396, 'HY000')

/** Whom the session acts as. */
export function ownIdentity({ engine, state }: SessionContext): UserIdentity {
  const user = userOf(engine.store.current, state.authority)
  if (user) return identityOf(user)
  throw new SqlError(`Access denied for user '${state.user}'@'${state.host}'`, 1045, '28000')
}

/** A user of the same name and another host is another one. */
export const isOwn = ({ engine, state }: SessionContext, name: UserIdentity): boolean =>
  engine.store.current.user(name)?.id === state.authority.userId

export function demandGrant({ engine, state }: SessionContext): void {
  demand(engine.store.current, state.authority, ['GRANT'], systemTarget)
}

/** Who may change the password of a holder of the root role is root: only another holder may, or the user itself. */
function refuseForeignRoot(execution: Execution, user: UserEntry): void {
  if (!user.roles.includes('root') || execution.state.authority.userId === user.id) return
  if (execution.state.authority.activeRoles.includes('root')) return
  throw new SqlError(`Access denied; only root may change '${user.name}'`, 1227, '42000')
}

function readAuthentication(authentication: Authentication | undefined): string {
  if (!authentication) return ''
  const { plugin, by, text } = authentication
  if (plugin !== undefined && plugin !== 'mysql_native_password') {
    throw new SqlError(`Plugin '${plugin}' is not loaded`, 1524, 'HY000')
  }
  if (by === 'none' || text === undefined) return ''
  return by === 'hash' ? readHash(text) : verifierOf(text)
}

/** MySQL's form of the verifier: `*` and 40 hexadecimal digits. */
function readHash(text: string): string {
  if (text === '') return ''
  if (!/^\*[0-9A-Fa-f]{40}$/.test(text)) {
    throw new SqlError('Password hash should be a 41-digit hexadecimal number', 1372, 'HY000')
  }
  return text.slice(1).toLowerCase()
}
