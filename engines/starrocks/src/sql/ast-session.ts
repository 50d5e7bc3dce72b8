/** Statements about the session, users and the cluster: SET, USE, SHOW, DESC, GRANT, ADMIN … */
import type { UserIdentity } from '../session.ts'
import type { Expression, ObjectName, ParsedStatement, Property, Statement } from './ast.ts'

export type SetItem =
  | {
      readonly kind: 'system'
      readonly scope: 'session' | 'global'
      readonly name: string
      /** `default` resets; a bare word (`SET sql_mode = ANSI`) is a string. */
      readonly value: Expression
    }
  | { readonly kind: 'user'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'names'
      /** Undefined is DEFAULT. */
      readonly charset: string | undefined
      readonly collation: string | undefined
    }
  | { readonly kind: 'charset'; readonly charset: string | undefined }
  | {
      readonly kind: 'transaction'
      readonly scope: 'session' | 'global' | undefined
      readonly isolation: string | undefined
      readonly access: 'read only' | 'read write' | undefined
    }

export interface Authentication {
  /** Plugin name in lower case; undefined for a bare IDENTIFIED BY. */
  readonly plugin: string | undefined
  readonly by: 'password' | 'hash' | 'none'
  readonly text: string | undefined
}

export type Grantee =
  | { readonly kind: 'user'; readonly user: UserIdentity }
  | { readonly kind: 'role'; readonly role: string }

export type RoleSelection =
  | { readonly kind: 'none' | 'default' }
  | { readonly kind: 'all'; readonly except: readonly string[] }
  | { readonly kind: 'list'; readonly roles: readonly string[] }

/** Of what kind the objects of a GRANT are, in StarRocks' words, singular, lower case. */
export type PrivilegeObject =
  | 'system'
  | 'catalog'
  | 'database'
  | 'table'
  | 'view'
  | 'materialized view'
  | 'function'
  | 'global function'
  | 'resource'
  | 'resource group'
  | 'storage volume'
  | 'warehouse'
  | 'user'

export interface PrivilegeTarget {
  readonly object: PrivilegeObject
  /** True for `ON ALL TABLES IN …`: the target is every such object. */
  readonly all: boolean
  /** For `all`: the database, or undefined for ALL DATABASES. */
  readonly inDatabase: string | undefined
  /** Names as written: `db.t`, `*.*`, `db.*` (a star is the part `*`). Empty for system and all. */
  readonly names: readonly ObjectName[]
}

export interface GrantPrivilege {
  readonly kind: 'grantPrivilege' | 'revokePrivilege'
  /** Upper case, words joined by one space; `ALL` for ALL [PRIVILEGES]. */
  readonly privileges: readonly string[]
  readonly target: PrivilegeTarget
  readonly grantee: Grantee
  readonly withGrantOption: boolean
}

/** What SHOW shows. A plain word list; each carries only what Show declares below. */
export type ShowWhat =
  | 'databases'
  | 'tables'
  | 'table status'
  | 'columns'
  | 'create database'
  | 'create table'
  | 'create view'
  | 'create materialized view'
  | 'create catalog'
  | 'create user'
  | 'variables'
  | 'status'
  | 'processlist'
  | 'frontends'
  | 'backends'
  | 'compute nodes'
  | 'brokers'
  | 'partitions'
  | 'temporary partitions'
  | 'tablets'
  | 'index'
  | 'grants'
  | 'roles'
  | 'users'
  | 'authentication'
  | 'privileges'
  | 'warnings'
  | 'errors'
  | 'engines'
  | 'plugins'
  | 'events'
  | 'triggers'
  | 'procedure status'
  | 'function status'
  | 'collation'
  | 'character set'
  | 'load'
  | 'routine load'
  | 'stream load'
  | 'transaction'
  | 'materialized views'
  | 'functions'
  | 'data'
  | 'delete'
  | 'export'
  | 'alter table'
  | 'alter materialized view'
  | 'dynamic partition tables'
  | 'proc'
  | 'profilelist'
  | 'catalogs'
  | 'warehouses'
  | 'warehouse nodes'
  | 'resources'
  | 'resource groups'
  | 'resource group usage'
  | 'storage volumes'
  | 'repositories'
  | 'backup'
  | 'restore'
  | 'snapshot'
  | 'property'
  | 'analyze job'
  | 'analyze status'
  | 'stats meta'
  | 'histogram meta'
  | 'running queries'
  | 'open tables'
  | 'master status'
  | 'binary logs'
  | 'slave status'

export interface Show {
  readonly kind: 'show'
  readonly what: ShowWhat
  readonly full: boolean
  /** SHOW GLOBAL VARIABLES, SHOW BUILTIN FUNCTIONS, SHOW ALL GRANTS/AUTHENTICATION … */
  readonly modifier: 'global' | 'session' | 'builtin' | 'all' | 'temporary' | undefined
  /** The object: SHOW CREATE TABLE t, SHOW COLUMNS FROM t, SHOW PARTITIONS FROM t, SHOW TABLET 123 / FROM t. */
  readonly name: ObjectName | undefined
  /** FROM/IN database. */
  readonly database: string | undefined
  readonly catalog: string | undefined
  readonly like: string | undefined
  readonly where: Expression | undefined
  readonly orderBy: readonly { readonly expression: Expression; readonly descending: boolean }[]
  readonly limit: number | undefined
  readonly offset: number | undefined
  /** SHOW GRANTS FOR …, SHOW AUTHENTICATION FOR …, SHOW PROPERTY FOR … */
  readonly grantee: Grantee | undefined
  /** SHOW PROC '/path'; SHOW ALTER TABLE {COLUMN | ROLLUP | OPTIMIZE}. */
  readonly text: string | undefined
  /** SHOW TABLETS FROM t [TEMPORARY] PARTITION (…). */
  readonly partitions: readonly string[]
  readonly temporary: boolean
}

/** Nodes are added, taken out of use and dropped. */
export interface AlterSystem {
  readonly kind: 'alterSystem'
  /** `cancel`: CANCEL DECOMMISSION. */
  readonly verb: 'add' | 'drop' | 'decommission' | 'cancel'
  readonly role: 'fe' | 'observer' | 'be' | 'cn'
  readonly places: readonly { readonly host: string; readonly port: number }[]
  readonly force: boolean
}

export type SessionStatement =
  | AlterSystem
  | { readonly kind: 'set'; readonly items: readonly SetItem[] }
  | { readonly kind: 'setRole'; readonly roles: RoleSelection }
  | {
      readonly kind: 'setDefaultRole'
      readonly roles: RoleSelection
      readonly users: readonly UserIdentity[]
    }
  | {
      readonly kind: 'setPassword'
      readonly user: UserIdentity | undefined
      /** `password` for PASSWORD('clear'), `hash` for '*2A03…'. */
      readonly by: 'password' | 'hash'
      readonly text: string
    }
  | {
      readonly kind: 'setProperty'
      readonly user: string | undefined
      readonly properties: readonly Property[]
    }
  | { readonly kind: 'setCatalog'; readonly catalog: string }
  | {
      readonly kind: 'use'
      readonly catalog: string | undefined
      readonly database: string | undefined
    }
  | Show
  | {
      readonly kind: 'describe'
      readonly table: ObjectName
      readonly all: boolean
      readonly column: string | undefined
    }
  | { readonly kind: 'describeFiles'; readonly properties: readonly Property[] }
  | CreateVolume
  | CreateResourceGroup
  | AlterResourceGroup
  | { readonly kind: 'dropResourceGroup'; readonly name: string }
  | AlterVolume
  | { readonly kind: 'dropVolume'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'describeVolume'; readonly name: string }
  | { readonly kind: 'setDefaultVolume'; readonly name: string }
  | { readonly kind: 'help'; readonly topic: string }
  | { readonly kind: 'prepare'; readonly name: string; readonly prepared: ParsedStatement }
  | { readonly kind: 'execute'; readonly name: string; readonly variables: readonly string[] }
  | { readonly kind: 'deallocate'; readonly name: string }
  | {
      readonly kind: 'submitTask'
      /** Undefined: one is made up. */
      readonly name: string | undefined
      readonly database: string | undefined
      readonly statement: Statement
      /** The text of `statement`. */
      readonly definition: string
    }
  | { readonly kind: 'dropTask'; readonly name: string }
  | { readonly kind: 'executeAs'; readonly user: UserIdentity; readonly noRevert: boolean }
  | { readonly kind: 'kill'; readonly what: 'connection' | 'query'; readonly id: Expression }
  | {
      readonly kind: 'createUser'
      readonly user: UserIdentity
      readonly ifNotExists: boolean
      readonly authentication: Authentication | undefined
      readonly defaultRoles: readonly string[]
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'alterUser'
      readonly user: UserIdentity
      readonly ifExists: boolean
      readonly authentication: Authentication | undefined
      readonly defaultRoles: RoleSelection | undefined
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'dropUser'
      readonly users: readonly UserIdentity[]
      readonly ifExists: boolean
    }
  | {
      readonly kind: 'createRole'
      readonly roles: readonly string[]
      readonly ifNotExists: boolean
      readonly comment: string | undefined
    }
  | {
      readonly kind: 'alterRole'
      readonly roles: readonly string[]
      readonly ifExists: boolean
      readonly comment: string
    }
  | { readonly kind: 'dropRole'; readonly roles: readonly string[]; readonly ifExists: boolean }
  | GrantPrivilege
  | {
      readonly kind: 'grantRole' | 'revokeRole'
      readonly roles: readonly string[]
      readonly grantees: readonly Grantee[]
    }
  | {
      readonly kind: 'adminSetConfig'
      readonly properties: readonly Property[]
      readonly persistent: boolean
    }
  | { readonly kind: 'adminShowConfig'; readonly like: string | undefined }
  /** Other ADMIN statements, kept as their words so that they can be refused by name. */
  | { readonly kind: 'adminOther'; readonly words: string }
  | {
      readonly kind: 'analyzeTable'
      readonly mode: 'full' | 'sample'
      readonly table: ObjectName
      /** Empty: all columns. */
      readonly columns: readonly string[]
      /** ANALYZE TABLE t UPDATE|DROP HISTOGRAM ON …, DROP STATS t. */
      readonly action: 'collect' | 'update histogram' | 'drop histogram' | 'drop stats'
      readonly async: boolean
      readonly buckets: number | undefined
      readonly properties: readonly Property[]
    }
  | {
      readonly kind: 'createAnalyze'
      readonly mode: 'full' | 'sample'
      readonly action: 'collect' | 'update histogram'
      readonly buckets: number | undefined
      readonly scope: 'all' | 'database' | 'table'
      readonly name: ObjectName | undefined
      readonly columns: readonly string[]
      readonly properties: readonly Property[]
    }
  /** Without an id, every job. */
  | { readonly kind: 'dropAnalyze'; readonly id: number | undefined }
  | { readonly kind: 'killAnalyze'; readonly id: number }
  /** A statement that StarRocks has and this engine does not: `what` is its leading words, to be refused by name. */
  /** Waits until every front end has seen what was written: there is one here. */
  | { readonly kind: 'sync' }
  | { readonly kind: 'unsupported'; readonly what: string }

export interface CreateResourceGroup {
  readonly kind: 'createResourceGroup'
  readonly name: string
  readonly ifNotExists: boolean
  readonly replace: boolean
  readonly classifiers: readonly (readonly Expression[])[]
  readonly properties: readonly Property[]
}

export interface AlterResourceGroup {
  readonly kind: 'alterResourceGroup'
  readonly name: string
  readonly change:
    | { readonly kind: 'add'; readonly classifiers: readonly (readonly Expression[])[] }
    | { readonly kind: 'drop'; readonly ids: 'all' | readonly number[] }
    | { readonly kind: 'with'; readonly properties: readonly Property[] }
}

export interface CreateVolume {
  readonly kind: 'createVolume'
  readonly name: string
  readonly ifNotExists: boolean
  readonly type: string
  readonly locations: readonly string[]
  readonly comment: string
  readonly properties: readonly Property[]
}

export interface AlterVolume {
  readonly kind: 'alterVolume'
  readonly name: string
  readonly ifExists: boolean
  readonly comment: string | undefined
  readonly properties: readonly Property[]
}
