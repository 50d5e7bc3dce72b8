/**
 * Tables about an Iceberg table: `orders$snapshots` and its like, as StarRocks has them from 3.4.1 on (reference: StarRocks
 * documentation, "Iceberg Metadata Tables"). Rows of what its metadata say; of files, what its manifests say.
 */
import { wrapMaps } from '../sql/map-key.ts'
import { literal, quoted } from '../sql/quote.ts'
import { duckType, simpleType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { SqlError } from '../session.ts'
import type { Metadata } from './iceberg-metadata.ts'
import { partitionFields, partitionsSql, partitionType } from './iceberg-partition.ts'
import type { LakeTable } from './lake-table.ts'
import { catalogString, columnSql } from './lake-type.ts'
import type { LakeColumn } from './lake-type.ts'
import type { LakeSource } from './object.ts'

/** One of a snapshot's: where it is, and what the list of them says of it. */
export interface Manifest {
  readonly name: string
  readonly address: string
  readonly facts: Readonly<Record<string, unknown>>
}

interface Inspected {
  readonly source: LakeSource
  readonly metadata: Metadata
  /** The name of the file that holds the metadata. */
  readonly at: string
  /** Of the snapshot that is wanted. */
  manifests(): Promise<readonly Manifest[]>
}

type Kind = 'moment' | 'id' | 'number' | 'text' | 'yes' | 'texts' | 'partition'

const TYPES: Readonly<Record<Exclude<Kind, 'partition'>, SqlType>> = {
  moment: simpleType('datetime'),
  id: simpleType('bigint'),
  number: simpleType('int'),
  text: catalogString,
  yes: simpleType('boolean'),
  texts: { kind: 'map', key: catalogString, value: catalogString },
}

interface Table {
  readonly columns: Readonly<Record<string, Kind>>
  /** Lists of DuckDB's values. */
  rows?(inspected: Inspected): Promise<readonly (readonly string[])[]> | string[][]
  /** In place of rows: the same columns, by DuckDB. */
  sql?(inspected: Inspected): Promise<string | undefined>
}

const NONE = 'NULL'
const number = (value: unknown): string =>
  /^-?\d{1,19}$/.test(String(value)) ? String(value) : NONE
const text = (value: unknown): string => (typeof value === 'string' ? literal(value) : NONE)
const moment = (value: unknown): string =>
  number(value) === NONE ? NONE : `to_timestamp(${number(value)} / 1000)`

const texts = (value: Readonly<Record<string, string>> | undefined): string => {
  const entries = Object.entries(value ?? {})
  const list = (pick: (entry: [string, string]) => string) => `[${entries.map(pick).join(', ')}]`
  const [keys, values] = [list(([key]) => text(key)), list(([, each]) => text(each))]
  return entries.length === 0 ? NONE : wrapMaps(`MAP(${keys}, ${values})`, TYPES.texts)
}

const MANIFEST_COUNTS = ['added', 'existing', 'deleted'] as const

const TABLES: Readonly<Record<string, Table>> = {
  history: {
    columns: {
      made_current_at: 'moment',
      snapshot_id: 'id',
      parent_id: 'id',
      is_current_ancestor: 'yes',
    },
    rows({ metadata }) {
      const parents = parentsOf(metadata)
      const ancestors = new Set<string>()
      let id = String(metadata['current-snapshot-id'] ?? -1)
      for (; parents.has(id) && !ancestors.has(id); id = parents.get(id) ?? '') ancestors.add(id)
      return (metadata['snapshot-log'] ?? []).map((entry) => {
        const own = String(entry['snapshot-id'])
        const is = String(ancestors.has(own))
        return [moment(entry['timestamp-ms']), number(own), number(parents.get(own)), is]
      })
    },
  },
  snapshots: {
    columns: {
      committed_at: 'moment',
      snapshot_id: 'id',
      parent_id: 'id',
      operation: 'text',
      manifest_list: 'text',
      summary: 'texts',
    },
    rows: ({ metadata }) =>
      (metadata.snapshots ?? []).map((entry) => {
        const { operation, ...summary } = entry.summary ?? {}
        return [
          moment(entry['timestamp-ms']),
          number(entry['snapshot-id']),
          number(entry['parent-snapshot-id']),
          text(operation),
          text(entry['manifest-list']),
          texts(summary),
        ]
      }),
  },
  refs: {
    columns: {
      name: 'text',
      type: 'text',
      snapshot_id: 'id',
      max_reference_age_in_ms: 'id',
      min_snapshots_to_keep: 'number',
      max_snapshot_age_in_ms: 'id',
    },
    rows: ({ metadata }) =>
      Object.entries(metadata.refs ?? {}).map(([name, ref]) => [
        text(name),
        text(ref.type.toUpperCase()),
        number(ref['snapshot-id']),
        number(ref['max-ref-age-ms']),
        number(ref['min-snapshots-to-keep']),
        number(ref['max-snapshot-age-ms']),
      ]),
  },
  metadata_log_entries: {
    columns: {
      timestamp: 'moment',
      file: 'text',
      latest_snapshot_id: 'id',
      latest_schema_id: 'number',
      latest_sequence_number: 'id',
    },
    rows({ metadata, at }) {
      const before = (metadata['metadata-log'] ?? []).map(
        (entry) => [entry['timestamp-ms'], entry['metadata-file']] as const,
      )
      const log = metadata['snapshot-log'] ?? []
      return [...before, [metadata['last-updated-ms'] ?? 0, at] as const].map(([ms, file]) => {
        const last = log.findLast((entry) => entry['timestamp-ms'] <= ms)
        const id = last && String(last['snapshot-id'])
        const found = metadata.snapshots?.find((entry) => String(entry['snapshot-id']) === id)
        return [
          moment(ms),
          text(file),
          number(id),
          number(found?.['schema-id']),
          number(found?.['sequence-number']),
        ]
      })
    },
  },
  manifests: {
    columns: {
      content: 'number',
      path: 'text',
      length: 'id',
      partition_spec_id: 'number',
      added_snapshot_id: 'id',
      added_files_count: 'number',
      existing_files_count: 'number',
      deleted_files_count: 'number',
    },
    async rows({ manifests }) {
      return (await manifests()).map(({ name, facts }) => [
        number(facts['content'] ?? 0),
        text(name),
        number(facts['manifest_length']),
        number(facts['partition_spec_id']),
        number(facts['added_snapshot_id']),
        // The first version of the format calls them otherwise.
        ...MANIFEST_COUNTS.map((word) =>
          number(facts[`${word}_files_count`] ?? facts[`${word}_data_files_count`]),
        ),
      ])
    },
  },
  files: {
    columns: {
      content: 'number',
      file_path: 'text',
      file_format: 'text',
      spec_id: 'number',
      record_count: 'id',
      file_size_in_bytes: 'id',
    },
    async sql({ manifests }) {
      // Those of one kind and one way to partition have the same members.
      const alike = Map.groupBy(await manifests(), ({ facts }) =>
        [number(facts['content'] ?? 0), number(facts['partition_spec_id'])].join(),
      )
      const parts = [...alike].map(([key, found]) => {
        const [kind, spec = NONE] = key.split(',')
        // Manifests of data say nothing of it in the first version of the format.
        const content = kind === '0' ? '0' : 'data_file.content'
        const addresses = found.map(({ address }) => literal(address)).join(', ')
        return `SELECT ${content} AS c0, data_file.file_path AS c1, data_file.file_format AS c2, ${spec} AS c3, data_file.record_count AS c4, data_file.file_size_in_bytes AS c5 FROM read_avro([${addresses}]) WHERE status <> 2`
      })
      return parts.length === 0 ? undefined : `(${parts.join(' UNION ALL ')})`
    },
  },
  partitions: {
    columns: {
      partition_value: 'partition',
      spec_id: 'number',
      record_count: 'id',
      file_count: 'id',
      total_data_file_size_in_bytes: 'id',
      position_delete_record_count: 'id',
      position_delete_file_count: 'id',
      equality_delete_record_count: 'id',
      equality_delete_file_count: 'id',
      last_updated_at: 'moment',
    },
    sql: async ({ metadata, manifests, source }) =>
      partitionsSql(metadata, await manifests(), source.zone),
  },
}

const typeOfKind = (kind: Kind, metadata: Metadata): SqlType =>
  kind === 'partition' ? partitionType(partitionFields(metadata)) : TYPES[kind]

const parentsOf = ({ snapshots = [] }: Metadata): ReadonlyMap<string, string> =>
  new Map(
    snapshots.map((entry) => [
      String(entry['snapshot-id']),
      String(entry['parent-snapshot-id'] ?? ''),
    ]),
  )

/** Throws SqlError for a kind that there is not. */
export function inspection(kind: string, inspected: Inspected): LakeTable {
  const name = kind.toLowerCase()
  const table = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined
  if (!table)
    throw new SqlError(`Invalid metadata table name (unknown type '${kind.slice(0, 60)}')`)
  // What is not partitioned has one row, of all that there is.
  const isWhole = partitionFields(inspected.metadata).length === 0
  const places = Object.entries(table.columns).map(([column, kindOf], at) => ({
    column,
    kindOf,
    at,
  }))
  const entries = places.filter(({ kindOf }) => kindOf !== 'partition' || !isWhole)
  const { source, metadata } = inspected
  const columns = entries.map(({ column, kindOf }): LakeColumn => {
    const stored = kindOf === 'moment' ? 'zoned' : undefined
    return { name: column, type: typeOfKind(kindOf, metadata), comment: '', stored }
  })
  return {
    columns,
    partitionBy: [],
    location: metadata.location,
    comment: '',
    async scan() {
      const from = table.rows
        ? valuesSql(await table.rows(inspected))
        : await table.sql?.(inspected)
      const list = columns.map((column, index) => {
        const sql = from === undefined ? NONE : `v.c${entries[index]?.at}`
        return `${valueSql(column, { sql, zone: source.zone })} AS ${quoted(column.name)}`
      })
      return `(SELECT ${list.join(', ')} ${from === undefined ? 'WHERE false' : `FROM ${from} AS v`})`
    },
  }
}

function valueSql(
  column: LakeColumn,
  { sql, zone }: { readonly sql: string; readonly zone: string },
): string {
  if (column.stored !== undefined && sql !== NONE) return columnSql(column, sql, zone)
  return `CAST(${sql} AS ${duckType(column.type)})`
}

/** Without an end to their number: a chain of so many SELECTs would be too deep for a parser. */
function valuesSql(rows: readonly (readonly string[])[]): string | undefined {
  const [first] = rows
  if (!first) return undefined
  const names = first.map((_, at) => `c${at}`).join(', ')
  const lines = rows.map((row) => `(${row.join(', ')})`)
  return `(SELECT ${names} FROM (VALUES ${lines.join(', ')}) AS t(${names}))`
}
