/**
 * What the engine knows about its objects: plain, immutable data. One `Catalog` is one moment; a change makes a new one
 * (catalog-store.ts writes it in the same transaction as the data it describes).
 *
 * Names are case-sensitive as in StarRocks; column names are not. Tables live in DuckDB under numbers
 * (`data.t10004`), so that a name can never reach, shadow or break an object of DuckDB's own.
 */
import type {
  AggregateKind,
  ColumnDefinition,
  Distribution,
  IndexDefinition,
  KeyDefinition,
} from '../sql/ast-definition.ts'
import type { Expression } from '../sql/ast.ts'
import type { UserIdentity } from '../session.ts'
import { namedOf } from '../sql/name-index.ts'
import type { SqlType } from '../sql/type.ts'
import type { Grant } from './grant.ts'
import { isRecord, recordsOf } from './record-kind.ts'
import type { AlterationEntry, RecordEntry } from './record-kind.ts'
import { placeOf } from './volume.ts'
import type { ResourceGroupEntry } from './resource-group.ts'
import type { VolumeEntry } from './volume.ts'

export interface DatabaseEntry {
  readonly kind: 'database'
  readonly id: number
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly createdMs: number
  /** The storage volume of its tables, where they name no other one. */
  readonly volume?: number
}

/** A column with everything decided that CREATE TABLE leaves open. */
export interface TableColumn extends ColumnDefinition {
  readonly nullable: boolean
  readonly key: boolean
}

export type PartitionBound = readonly (
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'max' }
)[]

export interface PartitionEntry {
  readonly id: number
  readonly name: string
  readonly temporary: boolean
  /** Undefined lower: from the beginning. */
  readonly range:
    | { readonly lower: PartitionBound | undefined; readonly upper: PartitionBound }
    | undefined
  readonly values: readonly (readonly (string | null)[])[] | undefined
  readonly properties: Readonly<Record<string, string>>
  readonly createdMs: number
  /** Where they are others than the table's. */
  readonly buckets?: number
}

export interface PartitionScheme {
  readonly method: 'range' | 'list' | 'expression'
  readonly by: readonly Expression[]
  /** Its columns are shown in backticks. */
  readonly quoted?: true
  /** The columns that the scheme reads, in order. */
  readonly columns: readonly string[]
  /** RANGE of an expression: DuckDB's SQL of its value, over the table's columns, as it was read when the table was made. */
  readonly computed?: { readonly sql: string; readonly type: SqlType }
}

export type RefreshFacts = {
  readonly scheme: 'async' | 'manual'
  readonly deferred: boolean
  readonly start: string | undefined
  readonly every: { readonly count: number; readonly unit: string } | undefined
}

export interface MaterializedViewFacts {
  readonly query: string
  /** The session's database when it was created: unqualified names mean this one. */
  readonly database: string | undefined
  readonly creator: string
  /** Older views have none. */
  readonly creatorId?: number
  /** Names in the order of the query, where the columns stand in another one. */
  readonly outputs?: readonly string[]
  /** ORDER BY was written. */
  readonly ordered?: boolean
  readonly refresh: RefreshFacts
  readonly active: boolean
  readonly inactiveReason: string
  readonly lastRefreshStartMs: number | undefined
  readonly lastRefreshEndMs: number | undefined
  readonly lastRefreshState: 'SUCCESS' | 'FAILED' | 'PENDING'
  readonly lastRefreshError: string
  /** Data versions of the base tables that the rows were computed from. */
  readonly baseVersions: Readonly<Record<string, number>>
}

/**
 * A synchronous materialized view or a ROLLUP: the table's rows in another form. StarRocks stores it and keeps it in step with
 * the table in every write; here it is computed from the table when it is read, which is never out of step.
 */
export interface RollupEntry {
  readonly id: number
  readonly name: string
  /** CREATE MATERIALIZED VIEW as written; undefined for a ROLLUP. */
  readonly statement: string | undefined
  /** Its rows: a SELECT from the table, whatever the table is called now. */
  readonly query: string
  /** The session's database when it was made. */
  readonly database: string | undefined
  readonly model: KeyDefinition['model']
  readonly columns: readonly RollupColumn[]
  readonly createdMs: number
}

export interface RollupColumn {
  readonly name: string
  readonly type: SqlType
  readonly nullable: boolean
  readonly key: boolean
  readonly aggregate: AggregateKind | undefined
}

export interface TableEntry {
  readonly kind: 'table' | 'materialized view'
  readonly id: number
  readonly databaseId: number
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly model: KeyDefinition['model']
  readonly keys: readonly string[]
  readonly sortKeys: readonly string[]
  /** ORDER BY was written; older tables do not say so. */
  readonly ordered?: boolean
  readonly partition: PartitionScheme | undefined
  readonly partitions: readonly PartitionEntry[]
  readonly distribution: Distribution
  readonly indexes: readonly IndexDefinition[]
  readonly properties: Readonly<Record<string, string>>
  readonly comment: string
  readonly createdMs: number
  readonly view: MaterializedViewFacts | undefined
  readonly rollups?: readonly RollupEntry[]
  /** A temporary table's session: nobody else finds it, and it goes when the session ends. */
  readonly session?: string
  /** The storage volume that its rows lie in; the instance's own without it. */
  readonly volume?: number
}

export interface ViewEntry {
  readonly kind: 'view'
  readonly id: number
  readonly databaseId: number
  readonly name: string
  readonly columns: readonly {
    readonly name: string
    readonly comment: string
    readonly type: SqlType
  }[]
  readonly query: string
  readonly database: string | undefined
  /** Whose privileges the tables inside are read with. */
  readonly security: 'none' | 'invoker'
  readonly comment: string
  readonly createdMs: number
}

export type Relation = TableEntry | ViewEntry

export interface UserEntry {
  readonly kind: 'user'
  readonly id: number
  readonly name: string
  /** What addresses it connects from; `%` is all. */
  readonly host: string
  /** SHA1(SHA1(password)) in lower-case hexadecimal; empty for no password. */
  readonly verifier: string
  readonly roles: readonly string[]
  /** Undefined: none is active until SET ROLE (root and admin start with all). */
  readonly defaultRoles: readonly string[] | 'all'
  readonly grants: readonly Grant[]
  readonly properties: Readonly<Record<string, string>>
}

export interface RoleEntry {
  readonly kind: 'role'
  readonly id: number
  readonly name: string
  readonly builtIn: boolean
  readonly comment: string
  readonly parents: readonly string[]
  readonly grants: readonly Grant[]
}

/** A global variable that was SET GLOBAL. */
export interface VariableEntry {
  readonly kind: 'variable'
  readonly id: number
  readonly name: string
  readonly value: string
}

/** Databases and tables that are kept elsewhere. */
export interface ExternalCatalogEntry {
  readonly kind: 'external catalog'
  readonly id: number
  readonly name: string
  /** As it was written. */
  readonly type: string
  readonly comment: string | undefined
  /** In the order of the statement; of a secret only its mask, for nothing here needs more. */
  readonly properties: Readonly<Record<string, string>>
  readonly createdMs: number
}

/** What the instance was given once: it is not given again, though a client may have dropped it since. */
export interface GivenEntry {
  readonly kind: 'given'
  readonly id: number
  readonly what: 'catalog' | 'user'
  readonly name: string
}

export type Entry =
  | DatabaseEntry
  | GivenEntry
  | ExternalCatalogEntry
  | Relation
  | UserEntry
  | RoleEntry
  | VariableEntry
  | VolumeEntry
  | ResourceGroupEntry
  | RecordEntry

export interface Catalog {
  /** Grows with every change: what was derived from an older one is stale. */
  readonly version: number
  readonly entries: ReadonlyMap<number, Entry>
  database(name: string): DatabaseEntry | undefined
  databases(): readonly DatabaseEntry[]
  /** A temporary table is found by its `temporaryName`. */
  relation(databaseId: number, name: string): Relation | undefined
  /** Without temporary tables. */
  relations(databaseId: number): readonly Relation[]
  /** Of all sessions. */
  temporaryTables(): readonly TemporaryTable[]
  user(identity: UserIdentity): UserEntry | undefined
  /** Of all hosts. */
  usersNamed(name: string): readonly UserEntry[]
  users(): readonly UserEntry[]
  role(name: string): RoleEntry | undefined
  roles(): readonly RoleEntry[]
  variables(): readonly VariableEntry[]
  external(name: string): ExternalCatalogEntry | undefined
  externals(): readonly ExternalCatalogEntry[]
  /** Those that a client made: not the instance's own. */
  volumes(): readonly VolumeEntry[]
  /** Those that were made or altered. */
  resourceGroups(): readonly ResourceGroupEntry[]
  wasGiven(what: GivenEntry['what'], name: string): boolean
  /** Whether a view may read files, which have to be found before a statement that reads it is translated. */
  hasFileViews(): boolean
  /** Oldest first. */
  alterations(databaseId: number): readonly AlterationEntry[]
  /** Of one kind, oldest first. */
  records<Kind extends RecordEntry['kind']>(
    kind: Kind,
  ): readonly Extract<RecordEntry, { kind: Kind }>[]
}

export function catalogOf(entries: ReadonlyMap<number, Entry>, version: number): Catalog {
  const databases = new Map<string, DatabaseEntry>()
  const relations = new Map<number, Map<string, Relation>>()
  const users = new Map<string, Map<string, UserEntry>>()
  const roles = new Map<string, RoleEntry>()
  const variables: VariableEntry[] = []
  const records: RecordEntry[] = []
  const externals = new Map<string, ExternalCatalogEntry>()
  const given: GivenEntry[] = []
  const volumes: VolumeEntry[] = []
  const groups: ResourceGroupEntry[] = []
  let hasFileViews: boolean | undefined
  for (const entry of entries.values()) {
    if (entry.kind === 'database') databases.set(entry.name, entry)
    else if (entry.kind === 'user') {
      const named = users.get(entry.name) ?? new Map<string, UserEntry>()
      users.set(entry.name, named.set(entry.host, entry))
    } else if (entry.kind === 'role') roles.set(entry.name, entry)
    else if (entry.kind === 'variable') variables.push(entry)
    else if (isRecord(entry)) records.push(entry)
    else if (entry.kind === 'external catalog') externals.set(entry.name, entry)
    else if (entry.kind === 'given') given.push(entry)
    else if (entry.kind === 'storage volume') volumes.push(entry)
    else if (entry.kind === 'resource group') groups.push(entry)
    else {
      const named = relations.get(entry.databaseId) ?? new Map<string, Relation>()
      relations.set(entry.databaseId, named.set(relationKey(entry), entry))
    }
  }
  return {
    version,
    entries,
    database: (name) => databases.get(name),
    databases: () => byName([...databases.values()]),
    relation: (databaseId, name) => relations.get(databaseId)?.get(name),
    relations: (databaseId) =>
      byName(
        [...(relations.get(databaseId)?.values() ?? [])].filter((entry) => !isTemporary(entry)),
      ),
    temporaryTables: () => [...entries.values()].filter(isTemporary),
    user: ({ user, host }) => users.get(user)?.get(host),
    usersNamed: (name) => [...(users.get(name)?.values() ?? [])],
    users: () => [...users.values()].flatMap((named) => [...named.values()]).sort(byIdentity),
    role: (name) => roles.get(name),
    roles: () => [...roles.values()],
    variables: () => variables,
    external: (name) => externals.get(name),
    externals: () => byName([...externals.values()]),
    volumes: () => byName([...volumes]),
    resourceGroups: () => groups,
    wasGiven: (what, name) => given.some((entry) => entry.what === what && entry.name === name),
    hasFileViews: () =>
      (hasFileViews ??= [...entries.values()].some(
        (entry) => entry.kind === 'view' && /files\s*\(/i.test(entry.query),
      )),
    alterations: (databaseId) =>
      recordsOf(records, 'alteration').filter((entry) => entry.databaseId === databaseId),
    records: (kind) => recordsOf(records, kind),
  }
}

export type TemporaryTable = TableEntry & { readonly session: string }

export const isTemporary = (entry: Entry): entry is TemporaryTable =>
  entry.kind === 'table' && entry.session !== undefined

/** What a temporary table is found by: no name that a statement can write. */
export const temporaryName = (name: string, session: string): string => `${name}\0${session}`

/** A name as a client may see it. */
export const shownName = (name: string): string => name.split('\0')[0] ?? ''

const relationKey = (entry: Relation): string =>
  isTemporary(entry) ? temporaryName(entry.name, entry.session) : entry.name

/** The DuckDB table of its rows. */
export const physicalName = (table: TableEntry): string =>
  `${placeOf(table.volume)}data.t${table.id}`

/** Whether it says how its rows are sorted: as StarRocks shows it, also where that is the order of the key. */
export const isOrdered = ({ view, ordered, sortKeys, keys }: TableEntry): boolean =>
  view?.ordered ?? (ordered === true || sortKeys.join('\0') !== keys.join('\0'))

/** Of a materialized view, in the order of its query. */
export function outputColumns(view: TableEntry): readonly TableColumn[] {
  const names = view.view?.outputs
  return names ? names.flatMap((name) => columnNamed(view, name) ?? []) : view.columns
}

export function columnNamed(table: TableEntry, name: string): TableColumn | undefined {
  return namedOf(table.columns, name)[0]
}

function byIdentity(a: UserEntry, b: UserEntry): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.host < b.host ? -1 : 1
}

function byName<T extends { readonly name: string }>(entries: T[]): T[] {
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}
