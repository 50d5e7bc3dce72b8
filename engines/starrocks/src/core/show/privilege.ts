/** SHOW GRANTS, ROLES, USERS, AUTHENTICATION, PRIVILEGES. No form of a password is ever shown. */
import type { Show } from '../../sql/ast-session.ts'
import { demand, systemTarget } from '../authority.ts'
import { noSuchUser } from '../define/user.ts'
import { privilegesOf } from '../grant.ts'
import { grantStatements } from '../info/privilege.ts'
import type { Run } from '../run.ts'
import { SqlError } from '../../session.ts'
import { text, virtualColumns } from '../virtual-table.ts'
import type { VirtualTable } from '../virtual-table.ts'

function demandGrant(run: Run): void {
  demand(run.core.store.current, run.state.authority, ['GRANT'], systemTarget)
}

export function grants(run: Run, show: Show): VirtualTable {
  const { current } = run.core.store
  const grantee = show.grantee
  if (grantee?.kind === 'role') {
    if (!run.state.authority.activeRoles.includes(grantee.role)) demandGrant(run)
    const role = current.role(grantee.role)
    if (!role) throw new SqlError(`cannot find role ${grantee.role}`)
    const columns = virtualColumns({ RoleName: text, Catalog: text, Grants: text })
    const rows = grantStatements(current, role).map((grant) => [role.name, null, grant])
    return { database: '', name: 'grants', columns, rows }
  }
  const name = grantee?.user.user ?? run.state.user
  if (name !== run.state.user) demandGrant(run)
  const user = current.user(name)
  if (!user) throw noSuchUser('SHOW GRANTS', { user: name, host: '%' })
  const columns = virtualColumns({ UserIdentity: text, Catalog: text, Grants: text })
  const rows = grantStatements(current, user).map((grant) => [
    `'${user.name}'@'${user.host}'`,
    null,
    grant,
  ])
  return { database: '', name: 'grants', columns, rows }
}

export function roles(run: Run): VirtualTable {
  demandGrant(run)
  const columns = virtualColumns({ Name: text, Builtin: text, Comment: text })
  const rows = run.core.store.current
    .roles()
    .map((role) => [role.name, String(role.builtIn), role.comment])
  return { database: '', name: 'roles', columns, rows }
}

export function users(run: Run): VirtualTable {
  demandGrant(run)
  const rows = run.core.store.current.users().map((user) => [`'${user.name}'@'${user.host}'`])
  return { database: '', name: 'users', columns: virtualColumns({ User: text }), rows }
}

export function authentication(run: Run, show: Show): VirtualTable {
  const name = show.grantee?.kind === 'user' ? show.grantee.user.user : run.state.user
  const all = show.modifier === 'all'
  if (all || name !== run.state.user) demandGrant(run)
  const columns = virtualColumns({
    UserIdentity: text,
    Password: text,
    AuthPlugin: text,
    UserForAuthPlugin: text,
  })
  const rows = run.core.store.current
    .users()
    .filter((user) => all || user.name === name)
    .map((user) => [
      `'${user.name}'@'${user.host}'`,
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
