/**
 * Who may do what, now: a user with the roles that are active in a session. Fail-closed: what no grant covers is denied,
 * with StarRocks' text (error 5203, ERR_ACCESS_DENIED).
 */
import { SqlError } from '../session.ts'
import type { PrivilegeObject } from '../sql/ast-session.ts'
import { isTemporary } from './catalog.ts'
import type { Catalog, DatabaseEntry, Relation, RoleEntry, UserEntry } from './catalog.ts'
import type { ExternalCatalogEntry } from './catalog.ts'
import { covers, privilegesOf } from './grant.ts'
import type { Grant, OutsideNames } from './grant.ts'
import { ownVolume } from './volume.ts'
import type { ResourceGroupEntry } from './resource-group.ts'
import type { VolumeEntry } from './volume.ts'

export interface Authority {
  /** The user itself: a later one of the same name is another. */
  readonly userId: number
  /** Roles that SET ROLE or the defaults made active, without what they inherit. */
  readonly activeRoles: readonly string[]
}

export interface Target {
  readonly object: PrivilegeObject
  readonly databaseId: number | '*' | undefined
  readonly objectId: number | '*' | undefined
  /** As the refusal names it, e.g. `TABLE orders`. */
  readonly label: string
  /** A temporary table: only its own session can name it, and may do everything with it. */
  readonly own?: boolean
  /** What it is in an external catalog. */
  readonly outside?: OutsideNames
}

export const systemTarget: Target = {
  object: 'system',
  databaseId: undefined,
  objectId: undefined,
  label: 'SYSTEM',
}

export const catalogTarget: Target = {
  object: 'catalog',
  databaseId: '*',
  objectId: '*',
  label: 'CATALOG default_catalog',
}

export const databaseTarget = (database: DatabaseEntry): Target => ({
  object: 'database',
  databaseId: database.id,
  objectId: database.id,
  label: `DATABASE ${database.name}`,
})

export const relationTarget = (relation: Relation): Target => ({
  object: relation.kind,
  databaseId: relation.databaseId,
  objectId: relation.id,
  label: `${relation.kind.toUpperCase()} ${relation.name}`,
  own: isTemporary(relation),
})

export const volumeTarget = ({ id, name }: Pick<VolumeEntry, 'id' | 'name'>): Target => ({
  object: 'storage volume',
  databaseId: '*',
  objectId: id,
  label: `STORAGE VOLUME ${name}`,
})

export const groupTarget = ({ id, name }: Pick<ResourceGroupEntry, 'id' | 'name'>): Target => ({
  object: 'resource group',
  databaseId: '*',
  objectId: id,
  label: `RESOURCE_GROUP ${name}`,
})

/** Any privilege at all on the storage volume. */
export const seesVolume = (
  catalog: Catalog,
  authority: Authority,
  volume: Pick<VolumeEntry, 'id' | 'name'>,
): boolean =>
  volume.id === ownVolume.id ||
  allows(catalog, authority, privilegesOf['storage volume'] ?? [], volumeTarget(volume))

/** An external catalog, or a database or table of one. */
export function outsideTarget(entry: ExternalCatalogEntry, database = '', table = ''): Target {
  const object = table !== '' ? 'table' : database !== '' ? 'database' : 'catalog'
  const label = `${object.toUpperCase()} ${table || database || entry.name}`
  const outside = { catalogId: entry.id, database, table }
  return { object, databaseId: undefined, objectId: undefined, label, outside }
}

/** Any privilege on the external catalog; on the database, or on something inside it; or on the table. */
export function seesOutside(catalog: Catalog, authority: Authority, target: Target): boolean {
  const { outside, object } = target
  return grantsOf(catalog, authority).some((grant) => {
    if (grant.privileges.length === 0) return false
    if (covers(grant, target)) return true
    const inside = object === 'database' && grant.object === 'table' && grant.outside && outside
    return inside
      ? covers(
          { ...grant, outside: { ...grant.outside, table: '*' } },
          { ...target, object: 'table' },
        )
      : false
  })
}

/** Throws unless one of `privileges` is held on the target. */
export function demand(
  catalog: Catalog,
  authority: Authority,
  privileges: readonly string[],
  target: Target,
): void {
  if (!allows(catalog, authority, privileges, target)) {
    throw denied(catalog, authority, privileges, target.label)
  }
}

export function allows(
  catalog: Catalog,
  authority: Authority,
  privileges: readonly string[],
  target: Target,
): boolean {
  if (target.own) return true
  return grantsOf(catalog, authority).some(
    (grant) =>
      covers(grant, target) && privileges.some((privilege) => grant.privileges.includes(privilege)),
  )
}

/** Any privilege at all on the relation: it may be seen. */
export function sees(catalog: Catalog, authority: Authority, relation: Relation): boolean {
  const target = relationTarget(relation)
  if (target.own) return true
  return grantsOf(catalog, authority).some(
    (grant) => covers(grant, target) && grant.privileges.length > 0,
  )
}

/** Any privilege on the database, or on something inside it. */
export function seesDatabase(
  catalog: Catalog,
  authority: Authority,
  database: DatabaseEntry,
): boolean {
  return grantsOf(catalog, authority).some((grant) => {
    if (grant.privileges.length === 0) return false
    if (grant.object === 'database') return covers(grant, databaseTarget(database))
    const inside = ['table', 'view', 'materialized view'].includes(grant.object)
    return inside && (grant.databaseId === '*' || grant.databaseId === database.id)
  })
}

/** May hand on these privileges: SYSTEM GRANT, or each one WITH GRANT OPTION on the same target. */
export function mayGrant(
  catalog: Catalog,
  authority: Authority,
  privileges: readonly string[],
  target: Target,
): boolean {
  if (allows(catalog, authority, ['GRANT'], systemTarget)) return true
  const grants = grantsOf(catalog, authority)
  return privileges.every((privilege) =>
    grants.some(
      (grant) => grant.grantOption && covers(grant, target) && grant.privileges.includes(privilege),
    ),
  )
}

export function denied(
  catalog: Catalog,
  authority: Authority,
  privileges: readonly string[],
  label: string,
): SqlError {
  const owned = userOf(catalog, authority)?.roles ?? []
  const inactive = owned.filter((role) => !authority.activeRoles.includes(role))
  return new SqlError(
    `Access denied; you need (at least one of) the ${privileges.join(' OR ')} privilege(s) on ${label} for this operation. ` +
      'Please ask the admin to grant permission(s) or try activating existing roles using <set [default] role>. ' +
      `Current role(s): ${listed(authority.activeRoles)}. Inactivated role(s): ${listed(inactive)}.`,
    5203,
    '42000',
  )
}

const listed = (roles: readonly string[]): string =>
  roles.length > 0 ? `[${roles.join(', ')}]` : 'NONE'

/** Who acts; undefined when it was dropped since. */
export function userOf(catalog: Catalog, authority: Authority): UserEntry | undefined {
  const entry = catalog.entries.get(authority.userId)
  return entry?.kind === 'user' ? entry : undefined
}

/** The user's own grants and those of every active role with what it inherits; `public` belongs to everyone. */
function grantsOf(catalog: Catalog, authority: Authority): readonly Grant[] {
  const user = userOf(catalog, authority)
  if (!user) return []
  const held = authority.activeRoles.filter((role) => user.roles.includes(role))
  return [user.grants, ...closure(catalog, [...held, 'public']).map((role) => role.grants)].flat()
}

/** The roles and all they inherit from, each once. */
export function closure(catalog: Catalog, names: readonly string[]): readonly RoleEntry[] {
  const found = new Map<string, RoleEntry>()
  const open = [...names]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const role = catalog.role(name)
    if (!role || found.has(name)) continue
    found.set(name, role)
    open.push(...role.parents)
  }
  return [...found.values()]
}

/** What is active right after login. */
export function defaultRoles(user: UserEntry): readonly string[] {
  if (user.defaultRoles === 'all') return user.roles
  return user.defaultRoles.filter((role) => user.roles.includes(role))
}
