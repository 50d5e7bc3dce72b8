/**
 * Hive's metastore on loopback, as far as readers ask it, with answers like those of Apache Hive's own 2.3.9. What it says is what the
 * test sets, so that it can also lie.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface StandInTable {
  readonly location: string
  /** Names and types. */
  readonly fields: Readonly<Record<string, string>>
  readonly partitionKeys?: Readonly<Record<string, string>>
  readonly partitions?: readonly StandInPartition[]
  readonly kind?: string
  readonly inputFormat?: string
  readonly serde?: string
  readonly serdeParameters?: Readonly<Record<string, string>>
  readonly parameters?: Readonly<Record<string, string>>
}

interface StandInPartition {
  readonly values: readonly string[]
  readonly location: string
  readonly inputFormat?: string
}

export interface StandInMetastore {
  readonly uri: string
  /** Methods with their arguments. */
  readonly asked: string[]
  /** By `database.table`. */
  readonly tables: Map<string, StandInTable>
  /** Those without tables too. */
  readonly databases: Set<string>
  /** Answers in place of the metastore when it is set. */
  instead: ((socket: Socket) => void) | undefined
}

/** What is written: texts, numbers of 32 bits, lists, maps of texts, and structures by the numbers of their members. */
export type Written =
  | string
  | number
  | readonly Written[]
  | ReadonlyMap<string, string>
  | { readonly [member: number]: Written | undefined }

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
export const TEXT = 'org.apache.hadoop.mapred.TextInputFormat'
export const LAZY = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
export const QUOTED = 'org.apache.hadoop.hive.serde2.OpenCSVSerde'

export async function hiveMetastoreServer(
  t: TestContext,
  tables: Readonly<Record<string, StandInTable>>,
): Promise<StandInMetastore> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    let kept = Buffer.alloc(0)
    socket.on('data', (piece) => {
      kept = Buffer.concat([kept, piece])
      const call = callIn(kept)
      if (!call) return
      kept = Buffer.alloc(0)
      it.asked.push([call.method, ...call.args].join(' '))
      if (it.instead) it.instead(socket)
      else socket.write(replyOf(call.method, answer(it, call)))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const it: StandInMetastore = {
    uri: `thrift://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    tables: new Map(Object.entries(tables)),
    databases: new Set(['default', ...Object.keys(tables).map(databaseOf)]),
    instead: undefined,
  }
  return it
}

const databaseOf = (name: string): string => name.slice(0, name.indexOf('.'))

interface Call {
  readonly method: string
  readonly args: readonly string[]
}

/** Undefined while it is not whole. */
function callIn(bytes: Buffer): Call | undefined {
  let at = 4
  const text = () => {
    const length = bytes.readInt32BE(at)
    const found = bytes.subarray(at + 4, at + 4 + length)
    if (found.length < length) throw new RangeError('more is to come')
    at += 4 + length
    return found.toString('utf8')
  }
  try {
    const method = text()
    at += 4
    const args: string[] = []
    for (;;) {
      const type = bytes.readUInt8(at)
      if (type === 0) return { method, args }
      at += 3
      if (type === 11) args.push(text())
      else if (type === 6) {
        args.push(String(bytes.readInt16BE(at)))
        at += 2
      } else if (type === 15) {
        const count = bytes.readInt32BE(at + 1)
        at += 5
        for (let item = 0; item < count; item++) args.push(text())
      } else throw new Error(`the call has an argument of type ${type}`)
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The members of the answer. */
function answer({ tables, databases }: StandInMetastore, { method, args }: Call) {
  const [database = '', name = '', ...more] = args
  const table = tables.get(`${database}.${name}`)
  switch (method) {
    case 'get_all_databases':
      return { 0: [...databases] }
    case 'get_database':
      return databases.has(database) ? { 0: { 1: database } } : { 1: { 1: 'no such database' } }
    case 'get_all_tables':
      return {
        0: [...tables.keys()]
          .filter((each) => databaseOf(each) === database)
          .map((each) => each.slice(database.length + 1)),
      }
    case 'get_table':
      return table ? { 0: tableOf(table, database, name) } : { 2: { 1: 'no such table' } }
    case 'get_partition_names':
      return { 0: (table?.partitions ?? []).map((each) => nameOf(each, table)) }
    case 'get_partitions_by_names':
      return {
        0: (table?.partitions ?? [])
          .filter((each) => more.includes(nameOf(each, table)))
          .map((each) => ({
            1: each.values,
            2: database,
            3: name,
            6: storageOf({ ...(table as StandInTable), ...each }),
          })),
      }
    default:
      return { 1: { 1: 'no such method' } }
  }
}

const nameOf = ({ values }: StandInPartition, table: StandInTable | undefined): string =>
  Object.keys(table?.partitionKeys ?? {})
    .map((key, at) => `${key}=${values[at]}`)
    .join('/')

const fieldsOf = (fields: Readonly<Record<string, string>>): Written =>
  Object.entries(fields).map(([name, type]) => ({ 1: name, 2: type, 3: `${name}'s` }))

const tableOf = (table: StandInTable, database: string, name: string): Written => ({
  1: name,
  2: database,
  7: storageOf(table),
  8: fieldsOf(table.partitionKeys ?? {}),
  9: new Map(Object.entries(table.parameters ?? {})),
  12: table.kind ?? 'MANAGED_TABLE',
})

const storageOf = (table: StandInTable): Written => ({
  1: fieldsOf(table.fields),
  2: table.location,
  3: table.inputFormat ?? PARQUET,
  6: -1,
  7: {
    2: table.serde ?? PARQUET_SERDE,
    3: new Map(Object.entries(table.serdeParameters ?? {})),
  },
})

/** A whole answer; `kind` 3 is a fault of the server's. */
export function replyOf(method: string, members: Written, kind = 2): Buffer {
  return Buffer.concat([
    Buffer.of(0x80, 1, 0, kind),
    written(method),
    Buffer.alloc(4),
    written(members),
  ])
}

const length = (count: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(count)
  return bytes
}

const typeOf = (value: Written): number => {
  if (typeof value === 'string') return 11
  if (typeof value === 'number') return 8
  if (Array.isArray(value)) return 15
  return value instanceof Map ? 13 : 12
}

function written(value: Written): Buffer {
  if (typeof value === 'string')
    return Buffer.concat([length(Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') return length(value)
  if (Array.isArray(value)) {
    const items = value as readonly Written[]
    const head = Buffer.concat([Buffer.of(typeOf(items[0] ?? '')), length(items.length)])
    return Buffer.concat([head, ...items.map(written)])
  }
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, string>)]
    const head = Buffer.concat([Buffer.of(11, 11), length(entries.length)])
    return Buffer.concat([head, ...entries.flat().map(written)])
  }
  const members = Object.entries(value as Readonly<Record<string, Written>>).map(
    ([number, member]) =>
      Buffer.concat([Buffer.of(typeOf(member), 0, Number(number)), written(member)]),
  )
  return Buffer.concat([...members, Buffer.of(0)])
}
