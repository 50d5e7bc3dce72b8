/** SHOW GRANTS, ROLES, USERS, AUTHENTICATION, PRIVILEGES. No form of a password is ever shown. */
import type { Show } from '../../sql/ast-session.ts'
import { identityText, userText } from '../../catalog/user-identity.ts'
import { demandGrant, isOwn, noSuchUser, ownIdentity } from '../account/user.ts'
import { privilegesOf } from '../../catalog/grant.ts'
import { grantStatements } from '../../information/privilege.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { SqlError } from '../../session.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'

export function grants(context: StatementContext, show: Show): VirtualTable {
  const { current } = context.engine.store
  const grantee = show.grantee
  if (grantee?.kind === 'role') {
    if (!context.state.authority.activeRoles.includes(grantee.role)) demandGrant(context)
    const role = current.role(grantee.role)
    if (!role) throw new SqlError(`cannot find role ${grantee.role}`)
    const columns = virtualColumns({ RoleName: text, Catalog: text, Grants: text })
    const rows = grantStatements(current, role).map((grant) => [role.name, null, grant])
    return { database: '', name: 'grants', columns, rows }
  }
  const identity = grantee?.user ?? ownIdentity(context)
  if (!isOwn(context, identity)) demandGrant(context)
  const user = current.user(identity)
  if (!user) throw noSuchUser('SHOW GRANTS', identity)
  const columns = virtualColumns({ UserIdentity: text, Catalog: text, Grants: text })
  const rows = grantStatements(current, user).map((grant) => [identityText(identity), null, grant])
  return { database: '', name: 'grants', columns, rows }
}

export function roles(context: StatementContext): VirtualTable {
  demandGrant(context)
  const columns = virtualColumns({ Name: text, Builtin: text, Comment: text })
  const rows = context.engine.store.current
    .roles()
    .map((role) => [role.name, String(role.builtIn), role.comment])
  return { database: '', name: 'roles', columns, rows }
}

export function users(context: StatementContext): VirtualTable {
  demandGrant(context)
  const rows = context.engine.store.current.users().map((user) => [userText(user)])
  return { database: '', name: 'users', columns: virtualColumns({ User: text }), rows }
}

export function authentication(context: StatementContext, show: Show): VirtualTable {
  const identity = show.grantee?.kind === 'user' ? show.grantee.user : ownIdentity(context)
  const all = show.modifier === 'all'
  if (all || !isOwn(context, identity)) demandGrant(context)
  const columns = virtualColumns({
    UserIdentity: text,
    Password: text,
    AuthPlugin: text,
    UserForAuthPlugin: text,
  })
  const rows = context.engine.store.current
    .users()
    .filter((user) => all || (user.name === identity.user && user.host === identity.host))
    .map((user) => [
      userText(user),
      user.verifier === '' ? 'No' : 'Yes',
      'MYSQL_NATIVE_PASSWORD',
      null,
    ])
  return { database: '', name: 'authentication', columns, rows }
}

export function privileges(): VirtualTable {
  const columns = virtualColumns({ Privilege: text, Context: text, Comment: text })
  const rows = Object.entries(privilegesOf).flatMap(([object, names]) =>
    names.map((name) => [name, object.toUpperCase(), '']),
  )
  return { database: '', name: 'privileges', columns, rows }
}
