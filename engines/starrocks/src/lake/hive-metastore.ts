/**
 * Hive's metastore as a client asks it (reference: Apache Hive, hive_metastore.thrift): which databases, tables and partitions there are.
 *
 * Guarantees: nobody is asked but a metastore that the configuration names.
 */
import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError } from '../storage/object-path.ts'
import type { ObjectStorageOptions } from '../storage/object-storage.ts'
import {
  BOUNDS,
  callThrift,
  listIn,
  mapIn,
  thriftCall,
  structIn,
  textIn,
  ThriftError,
} from './thrift.ts'
import type { Argument, ThriftAddress, ThriftStruct } from './thrift.ts'

/** How the rows of a table, or of one partition, are kept. */
export interface HiveStorage {
  readonly location: string
  /** Java's name of the class. */
  readonly inputFormat: string
  readonly serde: string
  readonly parameters: ReadonlyMap<string, string>
}

export interface HiveField {
  readonly name: string
  readonly type: string
  readonly comment: string
}

export interface HiveTable {
  readonly kind: string
  readonly fields: readonly HiveField[]
  readonly partitionKeys: readonly HiveField[]
  readonly storage: HiveStorage
  readonly parameters: ReadonlyMap<string, string>
}

export interface HivePartition {
  readonly values: readonly string[]
  readonly storage: HiveStorage
}

export interface HiveMetastore {
  databases(): Promise<readonly string[]>
  /** Undefined: there is no such database. */
  tables(database: string): Promise<readonly string[] | undefined>
  table(database: string, name: string): Promise<HiveTable | undefined>
  partitions(database: string, name: string): Promise<readonly HivePartition[]>
}

const NAMES_MAX = 100_000
/** More than one statement reads on purpose. */
const PARTITIONS_MAX = 10_000
/** reference: StarRocks 3.3.7, max_hive_partitions_per_rpc is 5000; each answer is bounded here. */
const PARTITIONS_EACH = 1000
const ALL = -1
const SUCCESS = 0

/** Throws SqlError for what names no metastores, in StarRocks' words (reference: 3.3.7, Util.validateMetastoreUris). */
function addressesIn(uris: string): readonly (ThriftAddress & { readonly uri: string })[] {
  return uris.split(',').map((part) => {
    const uri = part.trim()
    const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(uri) ?? []
    if (scheme !== 'thrift')
      throw new SqlError(
        `Invalid scheme of URI in hive.metastore.uris: ${uri.slice(0, 200)} it should be thrift.`,
      )
    const [, host = '', port = ''] = /^([A-Za-z0-9.-]*)(?::(\d{1,5}))?\/?$/.exec(rest) ?? []
    const wrong = host === '' ? 'host' : port === '' || Number(port) > 65_535 ? 'port' : undefined
    if (wrong !== undefined)
      throw new SqlError(`Invalid ${wrong} of URI in hive.metastore.uris URI: ${uri.slice(0, 200)}`)
    return { uri: `thrift://${host}:${Number(port)}`, host, port: Number(port) }
  })
}

/** Throws SqlError unless each is one of those that the instance may ask. */
export function demandMetastores(
  options: ObjectStorageOptions | undefined,
  uris: string,
): readonly ThriftAddress[] {
  const known = (options?.hiveMetastores ?? []).map((uri) => uri.replace(/\/$/, ''))
  const found = addressesIn(uris)
  const other = found.find(({ uri }) => !known.includes(uri))
  if (other)
    throw new SqlError(
      `Access denied: the instance may not connect to the Hive metastore at '${other.uri.slice(0, 200)}'; the environment lists those that it may`,
    )
  return [...new Map(found.map(({ uri, host, port }) => [uri, { host, port }])).values()]
}

/** For one question to all of them: however many hang, a statement continues. */
const ANSWERS_MS = 30_000

/** The first that can be asked answers; each statement begins with the first. */
export function hiveMetastore(addresses: readonly ThriftAddress[]): HiveMetastore {
  const answerMs = Math.min(BOUNDS.answerMs, ANSWERS_MS / addresses.length)
  const ask = async (it: Question) => {
    let problem: unknown
    for (const address of addresses)
      try {
        return await callThrift(address, thriftCall(it.method, it.args), { ...BOUNDS, answerMs })
      } catch (error) {
        problem = error
      }
    if (problem instanceof ThriftError)
      throw objectError(`${it.failure}, msg: the Hive metastore: ${problem.message}`)
    throw problem
  }
  /** Undefined: the metastore says that it is not there, by the fault of that number. */
  const find = async (it: Question, missing?: number) => {
    const answer = await ask(it)
    if (answer.has(SUCCESS)) return answer
    if (missing !== undefined && answer.has(missing)) return undefined
    throw objectError(`${it.failure}, msg: the Hive metastore refuses it`)
  }
  const names = async (it: Question) => {
    const found = listIn(await find(it), SUCCESS)
    if (found.length > NAMES_MAX) throw objectError(`${it.failure}: more than ${NAMES_MAX} names`)
    return found.filter((name): name is string => typeof name === 'string' && name !== '')
  }
  return {
    databases: () =>
      names({ method: 'get_all_databases', args: [], failure: 'Failed to getAllDatabases' }),
    async tables(database) {
      const failure = `Failed to get all table names on database: ${database.slice(0, 200)}`
      const found = await names({ method: 'get_all_tables', args: [database], failure })
      if (found.length > 0) return found
      const known = await find({ method: 'get_database', args: [database], failure }, 1)
      return known && []
    },
    async table(database, name) {
      const failure = `Failed to get table [${database.slice(0, 200)}.${name.slice(0, 200)}]`
      const found = await find({ method: 'get_table', args: [database, name], failure }, 2)
      const members = found && structIn(found, SUCCESS)
      return members && tableOf(members)
    },
    partitions: (database, name) => partitionsOf({ names, find }, database, name),
  }
}

interface Question {
  readonly method: string
  readonly args: readonly Argument[]
  /** What StarRocks says of it. */
  readonly failure: string
}

interface Asking {
  names(it: Question): Promise<readonly string[]>
  find(it: Question): Promise<ThriftStruct | undefined>
}

async function partitionsOf({ names, find }: Asking, database: string, table: string) {
  const failure = `Failed to get partitionKeys on [${database.slice(0, 200)}.${table.slice(0, 200)}]`
  const method = 'get_partition_names'
  const all = await names({ method, args: [database, table, ALL], failure })
  if (all.length > PARTITIONS_MAX)
    throw unsupportedByEngine(`A Hive table with more than ${PARTITIONS_MAX} partitions`)
  const found: HivePartition[] = []
  for (let from = 0; from < all.length; from += PARTITIONS_EACH) {
    const some = all.slice(from, from + PARTITIONS_EACH)
    const answer = await find({
      method: 'get_partitions_by_names',
      args: [database, table, some],
      failure,
    })
    const members = listIn(answer, SUCCESS)
    if (members.length > some.length) throw objectError(`${failure}, msg: more than were asked for`)
    for (const member of members) {
      if (!(member instanceof Map)) throw objectError(`${failure}, msg: no partition`)
      const partition = member as ThriftStruct
      found.push({
        values: listIn(partition, 1).map(String),
        storage: storageOf(structIn(partition, 6)),
      })
    }
  }
  return found
}

const tableOf = (table: ThriftStruct): HiveTable => {
  const storage = structIn(table, 7)
  return {
    kind: textIn(table, 12),
    fields: fieldsIn(storage, 1),
    partitionKeys: fieldsIn(table, 8),
    storage: storageOf(storage),
    parameters: mapIn(table, 9),
  }
}

const fieldsIn = (members: ThriftStruct | undefined, number: number): readonly HiveField[] =>
  listIn(members, number)
    .filter((field): field is ThriftStruct => field instanceof Map)
    .map((field) => ({
      name: textIn(field, 1),
      type: textIn(field, 2),
      comment: textIn(field, 3),
    }))

function storageOf(storage: ThriftStruct | undefined): HiveStorage {
  if (!storage) throw objectError('Table is missing storage descriptor')
  const serde = structIn(storage, 7)
  return {
    location: textIn(storage, 2),
    inputFormat: textIn(storage, 3),
    serde: textIn(serde, 2),
    parameters: mapIn(serde, 3),
  }
}
