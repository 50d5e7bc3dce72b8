/** Grants as rows: sys.grants_to_users, sys.grants_to_roles, sys.role_edges, and the text of SHOW GRANTS. */
import { allows, systemTarget, userOf } from '../catalog/authority.ts'
import type { Catalog, RoleEntry, UserEntry } from '../catalog/catalog.ts'
import type { Grant, OutsideNames } from '../catalog/grant.ts'
import { catalogName } from '../catalog/lookup.ts'
import { userText } from '../catalog/user-identity.ts'
import { ownVolume } from '../catalog/volume.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'

const grantColumns = virtualColumns({
  GRANTEE: text,
  OBJECT_CATALOG: text,
  OBJECT_DATABASE: text,
  OBJECT_NAME: text,
  OBJECT_TYPE: text,
  PRIVILEGE_TYPE: text,
  IS_GRANTABLE: text,
})

/** Others' grants are for those who may grant. */
const maySeeAll = (context: StatementContext): boolean =>
  allows(context.engine.store.current, context.state.authority, ['GRANT'], systemTarget)

export function grantsToUsers(context: StatementContext): VirtualTable {
  const { current } = context.engine.store
  const shown = current
    .users()
    .filter((user) => maySeeAll(context) || user.id === context.state.authority.userId)
  const rows = shown.flatMap((user) => grantRows(current, userText(user), user.grants))
  return { database: 'sys', name: 'grants_to_users', columns: grantColumns, rows }
}

export function grantsToRoles(context: StatementContext): VirtualTable {
  const { current } = context.engine.store
  const own = userOf(current, context.state.authority)?.roles ?? []
  const shown = current.roles().filter((role) => maySeeAll(context) || own.includes(role.name))
  const rows = shown.flatMap((role) => grantRows(current, role.name, role.grants))
  return { database: 'sys', name: 'grants_to_roles', columns: grantColumns, rows }
}

export function roleEdges(context: StatementContext): VirtualTable {
  const { current } = context.engine.store
  const columns = virtualColumns({ FROM_ROLE: text, TO_ROLE: text, TO_USER: text })
  const users = current
    .users()
    .filter((user) => maySeeAll(context) || user.id === context.state.authority.userId)
  const rows: Cell[][] = [
    ...(maySeeAll(context) ? current.roles() : []).flatMap((role) =>
      role.parents.map((parent) => [parent, role.name, null]),
    ),
    ...users.flatMap((user) => user.roles.map((role) => [role, null, userText(user)])),
  ]
  return { database: 'sys', name: 'role_edges', columns, rows }
}

function grantRows(catalog: Catalog, grantee: string, grants: readonly Grant[]): Cell[][] {
  return grants.flatMap((grant): Cell[][] => {
    const names = grantNames(catalog, grant)
    if (!names) return []
    return [
      [
        grantee,
        grant.outside
          ? (outsideCatalog(catalog, grant) ?? null)
          : ['system', 'user', 'storage volume', 'resource group'].includes(grant.object)
            ? null
            : catalogName,
        names.database ?? null,
        names.object ?? null,
        grant.object.toUpperCase(),
        grant.privileges.join(', '),
        grant.grantOption ? 'YES' : 'NO',
      ],
    ]
  })
}

/** The external catalog of a grant, `ALL` for all of them; undefined when it is gone. */
function outsideCatalog(catalog: Catalog, { outside }: Grant): string | undefined {
  if (!outside || outside.catalogId === '*') return 'ALL'
  return catalog.externals().find(({ id }) => id === outside.catalogId)?.name
}

/** Names of the granted object; undefined when it is gone. */
function grantNames(
  catalog: Catalog,
  grant: Grant,
): { database: string | undefined; object: string | undefined } | undefined {
  const { outside } = grant
  if (outside)
    return outsideCatalog(catalog, grant) === undefined
      ? undefined
      : {
          database: outside.database === '*' ? 'ALL' : outside.database || undefined,
          object: outside.table === '*' ? 'ALL' : outside.table || undefined,
        }
  const nameOf = (id: number | '*' | undefined): string | undefined => {
    if (id === undefined) return undefined
    if (id === '*') return 'ALL'
    if (id === ownVolume.id) return ownVolume.name
    const entry = catalog.entries.get(id)
    if (entry?.kind === 'user') return userText(entry)
    return entry && 'name' in entry ? entry.name : undefined
  }
  const database = nameOf(grant.databaseId)
  const object = nameOf(grant.objectId)
  const gone =
    (grant.databaseId !== undefined && database === undefined) ||
    (grant.objectId !== undefined && object === undefined)
  if (gone) return undefined
  const isRelation = ['table', 'view', 'materialized view'].includes(grant.object)
  return { database: isRelation || grant.object === 'database' ? database : undefined, object }
}

/** The GRANT statements that would give a user or role what it has. */
export function grantStatements(catalog: Catalog, holder: UserEntry | RoleEntry): string[] {
  const grantee = holder.kind === 'user' ? `USER ${userText(holder)}` : `ROLE '${holder.name}'`
  const roles = holder.kind === 'user' ? holder.roles : holder.parents
  const members =
    roles.length > 0 ? [`GRANT ${roles.map((role) => `'${role}'`).join(', ')} TO ${grantee}`] : []
  const privileges = holder.grants.flatMap((grant) => {
    const on = targetText(catalog, grant)
    if (on === undefined) return []
    const option = grant.grantOption ? ' WITH GRANT OPTION' : ''
    return [`GRANT ${grant.privileges.join(', ')} ON ${on} TO ${grantee}${option}`]
  })
  return [...members, ...privileges]
}

/** With the catalog's name, so that it means the same in every session. */
function outsideText(catalog: string, { database, table }: OutsideNames, kind: string): string {
  const where = catalog === 'ALL' ? 'ALL EXTERNAL CATALOGS' : `CATALOG ${catalog}`
  if (database === '') return where
  if (database === '*') return `ALL ${kind}S IN ${table === '' ? '' : 'ALL DATABASES IN '}${where}`
  if (table === '*') return `ALL ${kind}S IN DATABASE ${catalog}.${database}`
  return `${kind} ${catalog}.${database}${table === '' ? '' : `.${table}`}`
}

function targetText(catalog: Catalog, grant: Grant): string | undefined {
  const names = grantNames(catalog, grant)
  if (!names) return undefined
  const kind = grant.object.toUpperCase()
  if (grant.outside) return outsideText(outsideCatalog(catalog, grant) ?? '', grant.outside, kind)
  if (grant.object === 'system') return 'SYSTEM'
  if (grant.object === 'catalog') return `CATALOG ${catalogName}`
  if (['database', 'user', 'storage volume', 'resource group'].includes(grant.object)) {
    return grant.objectId === '*' ? `ALL ${kind}S` : `${kind} ${names.object}`
  }
  if (grant.databaseId === '*') return `ALL ${kind}S IN ALL DATABASES`
  if (grant.objectId === '*') return `ALL ${kind}S IN DATABASE ${names.database}`
  return `${kind} ${names.database}.${names.object}`
}
