/**
 * The configuration of an engine process: `engine.json` in its data directory. Whoever runs the instance writes the file and
 * is the only one who does; a running engine reads it again on request (see control.ts). The verifier of the password
 * is a secret and has a file of its own, which nobody else may read.
 *
 * With control-client.ts this is all that a program which runs engines knows of them: nothing of the engine is imported here.
 *
 * Errors: ConfigurationError, which names the member that is wrong.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { XStatic } from 'typebox/schema'
import { schemaChecker } from '../../../../src/kernel/schema-checker.ts'

export const configurationFile = 'engine.json'
export const verifierFile = 'admin-verifier'
/** A key with its certificate, as kernel/key-store.ts writes it down; there when `access.tls` is `given`. */
export const certificateFile = 'certificate'

/** The variable that holds the folders of modules, separated as in PATH. */
export const moduleFolders = 'EMRYS_ENGINE_MODULES'

const ENDPOINT = String.raw`^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$`
/** With a path, where there is one. */
const SERVER = String.raw`^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9_.~-]+)*/?$`
const METASTORE = '^thrift://[A-Za-z0-9.-]+:[0-9]{1,5}$'
/** No empty part, `.` or `..`, no wildcard, nothing that is written otherwise in an address. */
const PREFIX = String.raw`^(oss|s3|cos|cosn)://(?!.*\.\.)[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]/(?!/)(?!.*//)(?!(.*/)?\.(/|$))[^*?\[\]{}%\\#\u0000-\u001F\u007F]*$`

const Count = { type: 'integer', minimum: 1, maximum: 1024 } as const
const Bytes = { type: 'integer', minimum: 0 } as const
const Port = { type: 'integer', minimum: 0, maximum: 65_535 } as const
const Name = { type: 'string', minLength: 1, maxLength: 255 } as const
const Word = { type: 'string', maxLength: 255 } as const
const Yes = { type: 'boolean' } as const
const Items = {
  type: 'object',
  additionalProperties: Word,
  maxProperties: 1_000,
} as const
const Frontends = { type: 'array', items: Name, maxItems: 1_000 } as const

const Node = {
  type: 'object',
  properties: {
    name: Name,
    role: { enum: ['fe', 'be', 'cn', 'observer'] },
    host: Name,
    group: Word,
    zone: Word,
    version: Name,
    /** How large the node is said to be, which its listings show; without them, what the process has. */
    cpuCores: { type: 'integer', minimum: 1, maximum: 65_536 },
    memoryBytes: Bytes,
    storageBytes: Bytes,
  },
  required: ['name', 'role', 'host', 'group', 'zone', 'version'],
  additionalProperties: false,
} as const

const Warehouse = {
  type: 'object',
  properties: {
    name: Name,
    /** Of its nodes; without one, all workers. */
    group: Name,
    statements: Count,
  },
  required: ['name', 'statements'],
  additionalProperties: false,
} as const

const Entry = {
  type: 'object',
  properties: {
    name: Name,
    host: Name,
    /** Whoever reaches it may come in. */
    open: Yes,
    frontends: Frontends,
    queryPort: Port,
    frontPort: Port,
    backPort: Port,
    /** Where loads are sent on to; the engine's own address without it. */
    redirect: {
      type: 'object',
      properties: { host: Name, port: Port },
      required: ['host', 'port'],
      additionalProperties: false,
    },
  },
  required: ['name', 'host', 'open', 'frontends'],
  additionalProperties: false,
} as const

const Access = {
  type: 'object',
  properties: {
    /** Names of nodes that sessions of the engine's own address are counted to, in turn. */
    frontends: Frontends,
    /** Addresses and blocks that entries are for which are not open; without it, everyone's. */
    allowed: { type: 'array', items: { type: 'string', maxLength: 18 }, maxItems: 20_000 },
    entries: { type: 'array', items: Entry, maxItems: 100 },
    /** `own`: with a certificate of the engine's own. */
    tls: { enum: ['own', 'given', 'off'] },
  },
  required: ['frontends', 'entries', 'tls'],
  additionalProperties: false,
} as const

const ObjectStorage = {
  type: 'object',
  properties: {
    endpoint: { type: 'string', pattern: ENDPOINT, maxLength: 512 },
    region: Word,
    prefixes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          /** `oss://bucket/path/` and what is below it, or one object. */
          name: { type: 'string', pattern: PREFIX, maxLength: 1100 },
          rights: { type: 'array', items: { enum: ['read', 'write', 'list'] }, maxItems: 3 },
        },
        required: ['name', 'rights'],
        additionalProperties: false,
      },
      maxItems: 1000,
    },
    /** Servers of Iceberg's REST protocol that catalogs may be read from, and nobody else is asked. */
    icebergRest: {
      type: 'array',
      items: { type: 'string', pattern: SERVER, maxLength: 512 },
      maxItems: 20,
    },
    /** Hive's metastores, of which the same holds. */
    hiveMetastores: {
      type: 'array',
      items: { type: 'string', pattern: METASTORE, maxLength: 512 },
      maxItems: 20,
    },
  },
  required: ['endpoint', 'region', 'prefixes'],
  additionalProperties: false,
} as const

/** As StarRocks names them. */
const CatalogName = { type: 'string', pattern: '^[a-zA-Z_][a-zA-Z0-9_]{0,63}$' } as const
const UserName = { type: 'string', pattern: '^[A-Za-z0-9_.@-]{1,64}$' } as const

const Given = {
  type: 'object',
  properties: {
    catalogs: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: CatalogName,
          /** Those of CREATE EXTERNAL CATALOG, `type` among them. */
          properties: {
            type: 'object',
            properties: { type: Name },
            required: ['type'],
            additionalProperties: { type: 'string', maxLength: 1100 },
            maxProperties: 20,
          },
        },
        required: ['name', 'properties'],
        additionalProperties: false,
      },
      maxItems: 10,
    },
    users: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: UserName,
          /** Names of catalogs whose tables it may read. */
          catalogs: { type: 'array', items: CatalogName, maxItems: 10 },
        },
        required: ['name', 'catalogs'],
        additionalProperties: false,
      },
      maxItems: 10,
    },
  },
  required: ['catalogs', 'users'],
  additionalProperties: false,
} as const

const Volume = {
  type: 'object',
  properties: {
    endpoint: { type: 'string', pattern: ENDPOINT, maxLength: 512 },
    region: Word,
    bucket: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$' },
    /** Empty, or ends with a slash. */
    prefix: {
      type: 'string',
      pattern: String.raw`^([^*?\[\]{}%\\#\u0000-\u001F\u007F]+/)?$`,
      maxLength: 900,
    },
  },
  required: ['endpoint', 'region', 'bucket', 'prefix'],
  additionalProperties: false,
} as const

/** JSON Schema as it is: what TypeBox would build it with is three times as much to load, at every start. */
const Configuration = {
  type: 'object',
  properties: {
    /** The instance's id. */
    instance: Name,
    /** Number of this configuration; the health answer repeats it, which shows that it was taken over. */
    generation: { type: 'integer', minimum: 0 },
    /** Of the password that the verifier is of: one that is given again is set again. */
    passwordNumber: { type: 'integer', minimum: 0 },
    /** StarRocks version that the instance reports. */
    version: Name,
    /** Address to listen on. */
    host: Name,
    /** 0 takes a free one. */
    queryPort: Port,
    frontPort: Port,
    backPort: Port,
    /** How clients reach the BE, when that is not where it listens. */
    advertisedHost: Name,
    advertisedBackPort: Port,
    threads: Count,
    /** DuckDB needs some for itself. */
    memoryBytes: { type: 'integer', minimum: 33_554_432 },
    storageBytes: { type: 'integer', minimum: 1_048_576 },
    /** DuckDB's modules that are loaded at the start (module-file.ts says from where). */
    modules: {
      type: 'array',
      items: { type: 'string', pattern: '^[a-z_]{1,64}$' },
      maxItems: 20,
    },
    /** Whether the data are encrypted, with a key that is given when the process starts (start-input.ts). */
    encrypted: Yes,
    /** What of object storage the instance may use; its key comes over the control socket (control.ts). */
    objectStorage: ObjectStorage,
    /** External catalogs and users that are made once, when the engine first runs with them: what a client drops stays dropped. */
    given: Given,
    /** Where its own data are kept; on the local disk without it. Its key is given when the process starts (start-input.ts). */
    volume: Volume,
    timeZone: Name,
    /** Values of StarRocks' own configuration items, by name; what is not there has its default. */
    settings: {
      type: 'object',
      properties: { frontend: Items, backend: Items },
      additionalProperties: false,
    },
    // Far above what one machine can stand for.
    nodes: { type: 'array', items: Node, maxItems: 10_000 },
    /** Groups of workers by whose share statements run side by side; the first one is the default. */
    warehouses: { type: 'array', items: Warehouse, maxItems: 1000 },
    /** Without it, everyone comes in by the engine's own address. */
    access: Access,
    logLevel: { enum: ['debug', 'info', 'warn', 'error'] },
    logBytes: { type: 'integer', minimum: 4096 },
    logFiles: { type: 'integer', minimum: 1, maximum: 100 },
  },
  required: [
    'instance',
    'version',
    'host',
    'queryPort',
    'frontPort',
    'backPort',
    'threads',
    'memoryBytes',
    'storageBytes',
    'nodes',
  ],
  additionalProperties: false,
} as const

export type EngineConfiguration = XStatic<typeof Configuration>
export type EngineEntry = NonNullable<EngineConfiguration['access']>['entries'][number]

export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigurationError'
  }
}

/** The two files together. */
export interface ConfigurationFiles {
  readonly configuration: EngineConfiguration
  /** SHA1(SHA1(password)), or empty for no password. */
  readonly adminVerifier: Uint8Array
}

export function readConfiguration(directory: string): ConfigurationFiles {
  const path = join(directory, configurationFile)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be read: ${(error as Error).message}`)
  }
  const { Check, Errors } = schemaChecker()
  if (!Check(Configuration, value)) {
    const [, [first]] = Errors(Configuration, value)
    throw new ConfigurationError(`${path}: ${first?.instancePath ?? ''} ${first?.message ?? ''}`)
  }
  return { configuration: value, adminVerifier: readVerifier(join(directory, verifierFile)) }
}

/** 40 hexadecimal digits, or nothing. */
function readVerifier(path: string): Uint8Array {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new ConfigurationError(`${path} is missing`)
  if ((found.mode & 0o077) !== 0) {
    throw new ConfigurationError(`${path} can be read by others; its mode must be 0600`)
  }
  const text = readFileSync(path, 'utf8').trim()
  if (!/^([0-9a-f]{40})?$/i.test(text)) {
    throw new ConfigurationError(`${path} holds no verifier: 40 hexadecimal digits or nothing`)
  }
  return Buffer.from(text, 'hex')
}

/** Members that a running engine cannot change; a reload that changes one is refused as a whole. */
const FIXED = [
  'instance',
  'host',
  'queryPort',
  'frontPort',
  'backPort',
  'advertisedHost',
  'advertisedBackPort',
  'timeZone',
  'modules',
  'given',
  'encrypted',
  'volume',
  'logLevel',
  'logBytes',
  'logFiles',
] as const satisfies readonly (keyof EngineConfiguration)[]

/** DuckDB's fence stands from the start. */
const hasMoreBuckets = (before: EngineConfiguration, after: EngineConfiguration): boolean => {
  const known = bucketNames(before)
  return bucketNames(after).some((name) => !known.includes(name))
}

const bucketNames = ({ objectStorage }: EngineConfiguration): readonly string[] =>
  (objectStorage?.prefixes ?? []).map(({ name }) => name.split('/')[2] ?? '')

export function refuseFixed(before: EngineConfiguration, after: EngineConfiguration): void {
  const changed: string[] = FIXED.filter((name) => !isDeepStrictEqual(before[name], after[name]))
  if (hasMoreBuckets(before, after)) changed.push('objectStorage (a bucket that is new)')
  if (changed.length > 0) {
    throw new ConfigurationError(`${changed.join(', ')} cannot change without a restart`)
  }
}
