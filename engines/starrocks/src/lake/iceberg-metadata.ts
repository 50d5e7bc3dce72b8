/** The metadata of an Iceberg table as its file holds them: read, and asked for the snapshot, columns and partitions that are wanted. */
import { parseJson } from '../../../../src/kernel/json-name.ts'
import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { objectError } from '../storage/object-path.ts'
import type { TableVersion } from './lake-table.ts'

interface IcebergField {
  readonly id: number
  readonly name: string
  readonly type: unknown
  readonly doc?: unknown
}

export interface Snapshot {
  readonly 'snapshot-id': bigint
  readonly 'parent-snapshot-id'?: bigint
  readonly 'timestamp-ms'?: number
  readonly 'sequence-number'?: number
  readonly 'manifest-list'?: string
  readonly 'schema-id'?: number
  readonly summary?: Readonly<Record<string, string>>
}

export interface Reference {
  readonly 'snapshot-id': bigint
  readonly type: string
  readonly 'max-ref-age-ms'?: number
  readonly 'min-snapshots-to-keep'?: number
  readonly 'max-snapshot-age-ms'?: number
}

export interface Metadata {
  readonly 'format-version': number
  readonly location: string
  readonly schema?: { readonly fields: readonly IcebergField[] }
  readonly schemas?: readonly {
    readonly 'schema-id': number
    readonly fields: readonly IcebergField[]
  }[]
  readonly 'current-schema-id'?: number
  readonly 'current-snapshot-id'?: bigint | null
  readonly snapshots?: readonly Snapshot[]
  readonly refs?: Readonly<Record<string, Reference>>
  readonly 'snapshot-log'?: readonly {
    readonly 'snapshot-id': bigint
    readonly 'timestamp-ms': number
  }[]
  readonly 'metadata-log'?: readonly {
    readonly 'metadata-file': string
    readonly 'timestamp-ms': number
  }[]
  readonly 'last-updated-ms'?: number
  readonly 'last-sequence-number'?: number
  readonly 'partition-specs'?: readonly {
    readonly 'spec-id': number
    readonly fields: readonly {
      readonly name: string
      readonly 'source-id': number
      readonly transform: string
    }[]
  }[]
  readonly 'default-spec-id'?: number
  readonly properties?: Readonly<Record<string, string>>
}

export function metadataOf(text: string): Metadata {
  let metadata: Metadata
  try {
    metadata = parsedJson(text) as Metadata
  } catch {
    throw objectError("the metadata of the table is no Iceberg table's")
  }
  const format = metadata['format-version']
  if (format !== 1 && format !== 2) throw unsupportedByEngine(`Iceberg's format version ${format}`)
  return metadata
}

/** Ids of snapshots are larger than a number holds. */
export const parsedJson = (text: string): unknown =>
  parseJson(text, (value, written) =>
    !Number.isSafeInteger(value) && /^-?\d+$/.test(written) ? BigInt(written) : value,
  )

/** The one that is wanted; undefined for the current one of a table that has none. */
export function snapshotOf(
  metadata: Metadata,
  version: TableVersion | undefined,
): Snapshot | undefined {
  const id = wantedId(metadata, version)
  if (id === undefined) return undefined
  const found = metadata.snapshots?.find((entry) => String(entry['snapshot-id']) === id)
  if (!found) throw new SqlError(`The Iceberg table has no snapshot ${id.slice(0, 40)}`)
  // It becomes part of a statement.
  if (!/^\d{1,19}$/.test(id)) throw objectError('the id of a snapshot is no number')
  return found
}

function wantedId(metadata: Metadata, version: TableVersion | undefined): string | undefined {
  if (!version) {
    const id = String(metadata['current-snapshot-id'] ?? -1)
    return id === '-1' ? undefined : id
  }
  if ('id' in version) return version.id
  if ('name' in version) {
    const { name } = version
    const { refs = {} } = metadata
    if (Object.hasOwn(refs, name)) return String(refs[name]?.['snapshot-id'])
    if (/^\d+$/.test(name)) return name
    throw new SqlError(`The Iceberg table has no branch and no tag '${name.slice(0, 200)}'`)
  }
  const log = metadata['snapshot-log'] ?? []
  const last = log.findLast((entry) => entry['timestamp-ms'] <= version.untilMs)
  if (!last)
    throw new SqlError(`The Iceberg table has no snapshot as of '${version.text.slice(0, 40)}'`)
  return String(last['snapshot-id'])
}

export function fieldsOf(
  metadata: Metadata,
  schemaId: number | undefined,
): readonly IcebergField[] {
  const id = schemaId ?? metadata['current-schema-id']
  const found = metadata.schemas?.find((schema) => schema['schema-id'] === id) ?? metadata.schema
  if (!found) throw objectError('the metadata of the table has no schema')
  return found.fields
}

/** reference: StarRocks 3.3.7, IcebergTable, getPartitionColumnNamesWithTransform */
export function partitionTexts(
  metadata: Metadata,
  fields: readonly IcebergField[],
): readonly string[] {
  const spec = metadata['partition-specs']?.find(
    (entry) => entry['spec-id'] === metadata['default-spec-id'],
  )
  return (spec?.fields ?? []).flatMap(({ 'source-id': id, transform }) => {
    const name = fields.find((field) => field.id === id)?.name
    if (name === undefined || transform === 'void') return []
    if (transform === 'identity') return [name]
    const [, word = transform, width] = /^(\w+)\[(\d+)\]$/.exec(transform) ?? []
    return [width === undefined ? `${word}(${name})` : `${word}(${name}, ${width})`]
  })
}
