/** Roles and grants: CREATE/ALTER/DROP ROLE, GRANT and REVOKE of privileges and of roles. */
import type { ObjectName } from '../../sql/ast.ts'
import type {
  Grantee,
  GrantPrivilege,
  PrivilegeTarget,
  SessionStatement,
} from '../../sql/ast-session.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { closure, denied, mayGrant, systemTarget } from '../../catalog/authority.ts'
import type { Catalog, RoleEntry, UserEntry } from '../../catalog/catalog.ts'
import { readPrivileges, withGrant, withoutGrant } from '../../catalog/grant.ts'
import type { Grant } from '../../catalog/grant.ts'
import { databaseNamed, relationNamed } from '../../catalog/lookup.ts'
import { ANY_HOST, identityText } from '../../catalog/user-identity.ts'
import { ownVolume } from '../../catalog/volume.ts'
import { qualify } from '../../resolution/object-name.ts'
import { resourceGroupNamed } from '../../execution/resource-group.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { outsideTargets } from './outside-grant.ts'
import { demandGrant, existingRoles, instanceUsers, noSuchUser } from './user.ts'

type Of<Kind extends SessionStatement['kind']> = Extract<SessionStatement, { kind: Kind }>

export async function createRole(
  execution: Execution,
  statement: Of<'createRole'>,
): Promise<Result> {
  demandGrant(execution)
  return execution.engine.store.change(execution.link, async (draft) => {
    // Read once: a draft makes its catalog anew after each change.
    const { catalog } = draft
    const made = new Set<string>()
    for (const name of statement.roles) {
      if (catalog.role(name) || made.has(name)) {
        if (statement.ifNotExists) continue
        throw new SqlError(
          `Operation CREATE ROLE failed for ${name}: role already exists`,
          1396,
          'HY000',
        )
      }
      if (!/^[A-Za-z_][\w-]{0,63}$/.test(name)) throw new SqlError(`Incorrect role name '${name}'`)
      const comment = statement.comment ?? ''
      const role: RoleEntry = {
        kind: 'role',
        id: draft.newId(),
        name,
        builtIn: false,
        comment,
        parents: [],
        grants: [],
      }
      draft.put(role)
      made.add(name)
    }
    return done()
  })
}

export async function alterRole(execution: Execution, statement: Of<'alterRole'>): Promise<Result> {
  demandGrant(execution)
  return execution.engine.store.change(execution.link, async (draft) => {
    const { catalog } = draft
    for (const name of statement.roles) {
      const role = changeable(catalog, name, statement.ifExists)
      if (role) draft.put({ ...role, comment: statement.comment })
    }
    return done()
  })
}

export async function dropRole(execution: Execution, statement: Of<'dropRole'>): Promise<Result> {
  demandGrant(execution)
  return execution.engine.store.change(execution.link, async (draft) => {
    const { catalog } = draft
    const dropped = new Set<string>()
    for (const name of statement.roles) {
      const role = changeable(catalog, name, statement.ifExists)
      if (dropped.has(name) && !statement.ifExists) throw noRole(name)
      if (!role) continue
      draft.remove(role.id)
      dropped.add(name)
    }
    const isHeld = (role: string): boolean => dropped.has(role)
    for (const user of catalog.users())
      if (user.roles.some(isHeld)) draft.put(withoutRoles(user, dropped))
    for (const child of catalog.roles())
      if (!dropped.has(child.name) && child.parents.some(isHeld))
        draft.put({ ...child, parents: child.parents.filter((parent) => !dropped.has(parent)) })
    return done()
  })
}

function withoutRoles(user: UserEntry, dropped: ReadonlySet<string>): UserEntry {
  const rest = (roles: readonly string[]) => roles.filter((role) => !dropped.has(role))
  return {
    ...user,
    roles: rest(user.roles),
    defaultRoles: user.defaultRoles === 'all' ? 'all' : rest(user.defaultRoles),
  }
}

const noRole = (name: string): SqlError => new SqlError(`cannot find role ${name}`)

function changeable(catalog: Catalog, name: string, ifExists: boolean): RoleEntry | undefined {
  const role = catalog.role(name)
  if (role?.builtIn) throw new SqlError(`role ${name} is not mutable`)
  if (!role && !ifExists) throw noRole(name)
  return role
}

export async function changeRoleMembers(
  execution: Execution,
  statement: Of<'grantRole' | 'revokeRole'>,
): Promise<Result> {
  demandGrant(execution)
  const granting = statement.kind === 'grantRole'
  return execution.engine.store.change(execution.link, async (draft) => {
    const roles = existingRoles(draft.catalog, statement.roles)
    if (roles.includes('public')) throw new SqlError('The role public is owned by every user')
    // Only who has the root role may hand it on: otherwise user_admin would be root.
    const isRoot = execution.state.authority.activeRoles.includes('root')
    if (roles.includes('root') && !isRoot) {
      throw denied(draft.catalog, execution.state.authority, ['root'], 'ROLE root')
    }
    const { catalog } = draft
    const above = granting ? new Set(closure(catalog, roles).map(({ name }) => name)) : undefined
    for (const grantee of statement.grantees)
      draft.put(changedMember(catalog, grantee, { roles: new Set(roles), above }))
    return done()
  })
}

interface MemberChange {
  readonly roles: ReadonlySet<string>
  /** With what these inherit; undefined where they are taken away. */
  readonly above: ReadonlySet<string> | undefined
}

function changedMember(
  catalog: Catalog,
  grantee: Grantee,
  { roles, above }: MemberChange,
): UserEntry | RoleEntry {
  const changed = (held: readonly string[]) =>
    above ? [...new Set([...held, ...roles])] : held.filter((role) => !roles.has(role))
  if (grantee.kind === 'role') {
    const role = changeable(catalog, grantee.role, false)
    if (!role) throw noRole(grantee.role)
    if (above?.has(role.name)) throw new SqlError(`role ${role.name} cannot inherit itself`)
    return { ...role, parents: changed(role.parents) }
  }
  const user = catalog.user(grantee.user)
  if (!user) throw noSuchUser(above ? 'GRANT' : 'REVOKE', grantee.user)
  if (!above && roles.has('root') && instanceUsers.includes(user.name)) {
    throw new SqlError(`The role root cannot be revoked from '${user.name}'`)
  }
  const defaults = user.defaultRoles
  const kept = changed(user.roles)
  const isKept = new Set(kept)
  return {
    ...user,
    roles: kept,
    defaultRoles: defaults === 'all' ? 'all' : defaults.filter((role) => isKept.has(role)),
  }
}

export async function changeGrants(
  execution: Execution,
  statement: GrantPrivilege,
): Promise<Result> {
  const granting = statement.kind === 'grantPrivilege'
  return execution.engine.store.change(execution.link, async (draft) => {
    const privileges = readPrivileges(statement.target.object, statement.privileges)
    // Read once: a draft makes its catalog anew after each change.
    const { catalog } = draft
    let holder: UserEntry | RoleEntry | undefined
    for (const target of targetsOf(execution, catalog, statement.target)) {
      const granted = { ...systemTarget, ...target, label: statement.target.object.toUpperCase() }
      if (!mayGrant(catalog, execution.state.authority, privileges, granted)) {
        throw denied(catalog, execution.state.authority, ['GRANT'], 'SYSTEM')
      }
      const grant: Grant = { ...target, privileges, grantOption: statement.withGrantOption }
      holder = withChange(holder ?? granteeOf(catalog, statement.grantee), grant, granting)
    }
    if (holder) draft.put(holder)
    return done()
  })
}

function granteeOf(catalog: Catalog, grantee: Grantee): UserEntry | RoleEntry {
  const holder =
    grantee.kind === 'role' ? changeable(catalog, grantee.role, false) : catalog.user(grantee.user)
  if (holder) return holder
  throw noSuchUser('GRANT', grantee.kind === 'user' ? grantee.user : { user: '', host: ANY_HOST })
}

function withChange<Holder extends UserEntry | RoleEntry>(
  holder: Holder,
  grant: Grant,
  granting: boolean,
): Holder {
  const grants = granting ? withGrant(holder.grants, grant) : withoutGrant(holder.grants, grant)
  if (grants) return { ...holder, grants }
  throw new SqlError(
    `There is no such grant defined on ${grant.object.toUpperCase()} to revoke`,
    1141,
    '42000',
  )
}

type GrantTarget = Pick<Grant, 'object' | 'databaseId' | 'objectId' | 'outside'>

function targetsOf(
  execution: Execution,
  catalog: Catalog,
  target: PrivilegeTarget,
): readonly GrantTarget[] {
  const { object } = target
  if (object === 'system') return [{ object, databaseId: undefined, objectId: undefined }]
  const outside = outsideTargets(execution, target)
  if (outside) return outside
  if (target.all) {
    const inside = target.inDatabase
    const databaseId = inside === undefined ? '*' : databaseNamed(catalog, inside).id
    return [{ object, databaseId, objectId: '*' }]
  }
  return target.names.map((name) => targetOf(execution, catalog, object, name))
}

function targetOf(
  execution: Execution,
  catalog: Catalog,
  object: PrivilegeTarget['object'],
  name: ObjectName,
): GrantTarget {
  const last = name.parts.at(-1) ?? ''
  if (object === 'database') {
    if (last === '*') return { object, databaseId: '*', objectId: '*' }
    const { id } = databaseNamed(catalog, last)
    return { object, databaseId: id, objectId: id }
  }
  if (object === 'user') {
    // Its parts are name and host.
    const [userName = '', host = ANY_HOST] = name.parts
    const identity = { user: userName, host }
    const user = catalog.user(identity)
    if (!user) throw new SqlError(`cannot find user ${identityText(identity)}`)
    return { object, databaseId: '*', objectId: user.id }
  }
  if (object === 'storage volume') {
    const found = last === ownVolume.name ? ownVolume : volumeOf(catalog, last)
    return { object, databaseId: '*', objectId: found.id }
  }
  if (object === 'resource group') {
    const found = resourceGroupNamed(execution.engine, last)
    if (!found) throw new SqlError(`cannot find resource group: ${last}`)
    return { object, databaseId: '*', objectId: found.id }
  }
  if (object !== 'table' && object !== 'view' && object !== 'materialized view') {
    throw unsupportedByEngine(`GRANT ON ${object.toUpperCase()}`)
  }
  return relationTargetOf(execution, catalog, object, name)
}

function volumeOf(catalog: Catalog, name: string): { readonly id: number } {
  const found = catalog.volumes().find((volume) => volume.name === name)
  if (!found) throw new SqlError(`cannot find storage volume: ${name}`)
  return found
}

function relationTargetOf(
  execution: Execution,
  catalog: Catalog,
  object: 'table' | 'view' | 'materialized view',
  name: ObjectName,
): GrantTarget {
  const qualified = qualify(execution, name)
  if (qualified.database === '*') return { object, databaseId: '*', objectId: '*' }
  const database = databaseNamed(catalog, qualified.database)
  if (qualified.name === '*') return { object, databaseId: database.id, objectId: '*' }
  const relation = relationNamed(catalog, qualified)
  if (relation.kind !== object) {
    throw new SqlError(`cannot find ${object} ${qualified.name} in db ${database.name}`)
  }
  return { object, databaseId: database.id, objectId: relation.id }
}
