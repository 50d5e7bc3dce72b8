/**
 * Which privileges there are, on what, and how a set of grants grows and shrinks.
 * reference: StarRocks documentation, "Privileges supported by StarRocks" and "System-defined roles".
 */
import { SqlError } from '../session.ts'
import type { PrivilegeObject } from '../sql/ast-session.ts'

export interface Grant {
  readonly object: PrivilegeObject
  readonly privileges: readonly string[]
  readonly grantOption: boolean
  /** Objects are held by id, so that a grant follows a rename and never fits a later object of the same name. */
  readonly databaseId: number | '*' | undefined
  readonly objectId: number | '*' | undefined
  /** In an external catalog, whose databases and tables have names only; such a grant covers nothing of the default catalog. */
  readonly outside?: OutsideNames
}

export interface OutsideNames {
  readonly catalogId: number | '*'
  /** `*`: all; '' where the grant is on what holds them. */
  readonly database: string
  readonly table: string
}

/** The objects that exist here, with what may be granted on each. */
export const privilegesOf: Partial<Record<PrivilegeObject, readonly string[]>> = {
  system: [
    'GRANT',
    'NODE',
    'OPERATE',
    'SECURITY',
    'PLUGIN',
    'FILE',
    'BLACKLIST',
    'REPOSITORY',
    'CREATE RESOURCE',
    'CREATE RESOURCE GROUP',
    'CREATE EXTERNAL CATALOG',
    'CREATE GLOBAL FUNCTION',
    'CREATE STORAGE VOLUME',
  ],
  catalog: ['USAGE', 'CREATE DATABASE', 'DROP', 'ALTER'],
  database: [
    'CREATE TABLE',
    'CREATE VIEW',
    'CREATE FUNCTION',
    'CREATE MATERIALIZED VIEW',
    'ALTER',
    'DROP',
  ],
  table: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'ALTER', 'DROP', 'EXPORT', 'REFRESH'],
  view: ['SELECT', 'ALTER', 'DROP'],
  'materialized view': ['SELECT', 'REFRESH', 'ALTER', 'DROP'],
  user: ['IMPERSONATE'],
  'storage volume': ['USAGE', 'ALTER', 'DROP'],
  'resource group': ['ALTER', 'DROP'],
}

/** Checks words against the kind of object; `ALL` becomes every privilege of it. */
export function readPrivileges(object: PrivilegeObject, words: readonly string[]): string[] {
  const known = privilegesOf[object]
  if (!known) throw new SqlError(`Privileges on ${object.toUpperCase()} are not supported`)
  if (words.includes('ALL') || words.includes('ALL PRIVILEGES')) return [...known]
  for (const word of words) {
    if (!known.includes(word)) {
      throw new SqlError(
        `Getting analyzing error. Detail message: Cannot grant or revoke ${word} on '${object.toUpperCase()}' type object.`,
      )
    }
  }
  return [...new Set(words)]
}

const sameObject = (a: Grant, b: Grant): boolean =>
  a.object === b.object &&
  a.databaseId === b.databaseId &&
  a.objectId === b.objectId &&
  a.outside?.catalogId === b.outside?.catalogId &&
  a.outside?.database === b.outside?.database &&
  a.outside?.table === b.outside?.table

export function withGrant(grants: readonly Grant[], added: Grant): Grant[] {
  const old = grants.find(
    (grant) => sameObject(grant, added) && grant.grantOption === added.grantOption,
  )
  if (!old) return [...grants, added]
  const privileges = [...new Set([...old.privileges, ...added.privileges])].sort()
  return grants.map((grant) => (grant === old ? { ...old, privileges } : grant))
}

/** Undefined when there is nothing to take away: StarRocks refuses that. */
export function withoutGrant(grants: readonly Grant[], removed: Grant): Grant[] | undefined {
  let touched = false
  const rest = grants.flatMap((grant) => {
    if (!sameObject(grant, removed)) return [grant]
    const privileges = grant.privileges.filter((name) => !removed.privileges.includes(name))
    touched ||= privileges.length < grant.privileges.length
    return privileges.length > 0 ? [{ ...grant, privileges }] : []
  })
  return touched ? rest : undefined
}

/** Whether a grant on (database, object) covers the target. */
export function covers(
  grant: Grant,
  target: Pick<Grant, 'object' | 'databaseId' | 'objectId' | 'outside'>,
): boolean {
  if (grant.object !== target.object) return false
  if (grant.outside || target.outside) return coversOutside(grant.outside, target.outside)
  const database = grant.databaseId === '*' || grant.databaseId === target.databaseId
  return database && (grant.objectId === '*' || grant.objectId === target.objectId)
}

function coversOutside(held: OutsideNames | undefined, wanted: OutsideNames | undefined): boolean {
  if (!held || !wanted) return false
  return (['catalogId', 'database', 'table'] as const).every(
    (name) => held[name] === '*' || held[name] === wanted[name],
  )
}

const everythingOutside: readonly Grant[] = (['catalog', 'database', 'table'] as const).map(
  (object) => ({
    object,
    privileges: privilegesOf[object] ?? [],
    grantOption: true,
    databaseId: undefined,
    objectId: undefined,
    outside: {
      catalogId: '*',
      database: object === 'catalog' ? '' : '*',
      table: object === 'table' ? '*' : '',
    },
  }),
)

const everything = (objects: readonly PrivilegeObject[]): Grant[] =>
  objects.map((object) => ({
    object,
    privileges: privilegesOf[object] ?? [],
    grantOption: true,
    databaseId: '*',
    objectId: '*',
  }))

const onSystem = (privileges: readonly string[], grantOption: boolean): Grant => ({
  object: 'system',
  privileges,
  grantOption,
  databaseId: undefined,
  objectId: undefined,
})

/** The roles that cannot be changed or dropped, with their grants. */
export const builtInRoles: readonly {
  readonly name: string
  readonly comment: string
  readonly grants: readonly Grant[]
}[] = [
  {
    name: 'root',
    comment: 'built-in root role which has all privileges on all objects',
    grants: [
      onSystem(privilegesOf.system ?? [], true),
      ...everything([
        'catalog',
        'database',
        'table',
        'view',
        'materialized view',
        'user',
        'storage volume',
        'resource group',
      ]),
      ...everythingOutside,
    ],
  },
  {
    name: 'db_admin',
    comment: 'built-in database administration role',
    grants: [
      onSystem(
        [
          'PLUGIN',
          'FILE',
          'BLACKLIST',
          'REPOSITORY',
          'CREATE RESOURCE',
          'CREATE RESOURCE GROUP',
          'CREATE EXTERNAL CATALOG',
          'CREATE GLOBAL FUNCTION',
        ],
        false,
      ),
      ...everything([
        'catalog',
        'database',
        'table',
        'view',
        'materialized view',
        'resource group',
      ]),
      ...everythingOutside,
    ],
  },
  {
    name: 'cluster_admin',
    comment: 'built-in cluster administration role',
    grants: [onSystem(['NODE'], false)],
  },
  {
    name: 'user_admin',
    comment: 'built-in user administration role',
    grants: [onSystem(['GRANT'], false), ...everything(['user'])],
  },
  { name: 'public', comment: 'built-in public role which is owned by any user', grants: [] },
]
