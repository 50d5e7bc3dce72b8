/**
 * `orders$partitions`: what a snapshot's manifests say of each partition. reference: StarRocks documentation, "Iceberg Metadata Tables";
 * Apache Iceberg, "Partition Transforms"
 */
import { literal, quoted } from '../sql/quote.ts'
import { duckType, simpleType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { fieldsOf } from './iceberg-metadata.ts'
import type { Metadata } from './iceberg-metadata.ts'
import type { Manifest } from './iceberg-inspection.ts'
import { columnSql, lakeColumn } from './lake-type.ts'
import type { LakeColumn } from './lake-type.ts'

/** A field of a partition: of all ways to partition that the table ever had, each once. */
interface PartitionField {
  readonly column: LakeColumn
  /** The ways that have it. */
  readonly specs: ReadonlySet<number>
}

export function partitionFields(metadata: Metadata): readonly PartitionField[] {
  const known = (metadata.schemas ?? []).flatMap(({ fields }) => fields)
  const sources = [...fieldsOf(metadata, undefined), ...known]
  const fields = new Map<string, { column: LakeColumn; specs: Set<number> }>()
  for (const spec of metadata['partition-specs'] ?? [])
    for (const { name, transform, 'source-id': id } of spec.fields) {
      const source = sources.find((field) => field.id === id)
      if (!source || transform === 'void') continue
      const before = fields.get(name)
      if (before) before.specs.add(spec['spec-id'])
      else
        fields.set(name, {
          column: partitionColumn(name, transform, source.type),
          specs: new Set([spec['spec-id']]),
        })
    }
  return [...fields.values()]
}

function partitionColumn(name: string, transform: string, source: unknown): LakeColumn {
  if (transform === 'identity' || transform.startsWith('truncate'))
    return lakeColumn('iceberg', name, source, '')
  const type = simpleType(transform === 'day' ? 'date' : 'int')
  return { name, type, comment: '', stored: undefined }
}

export const partitionType = (fields: readonly PartitionField[]): SqlType => ({
  kind: 'struct',
  fields: fields.map(({ column: { name, type } }) => ({ name, type })),
})

const idOf = (value: unknown): string =>
  /^-?\d{1,19}$/.test(String(value)) ? String(value) : 'NULL'

/** DuckDB's FROM item with the columns c0, c1, … of the table; undefined for a snapshot without files. */
export function partitionsSql(
  metadata: Metadata,
  manifests: readonly Manifest[],
  zone: string,
): string | undefined {
  if (manifests.length === 0) return undefined
  const fields = partitionFields(metadata)
  // Those of one kind and one way to partition have the same members; an entry's snapshot is its manifest's where it says none.
  const alike = Map.groupBy(manifests, ({ facts }) =>
    [facts['content'] ?? 0, facts['partition_spec_id'], facts['added_snapshot_id']]
      .map(idOf)
      .join(),
  )
  const parts = [...alike].map(([key, found]) => {
    const [kind, spec = 'NULL', added = 'NULL'] = key.split(',')
    const content = kind === '0' ? '0' : 'data_file.content'
    const values = fields.map(({ column, specs }) =>
      specs.has(Number(spec))
        ? columnSql(column, `data_file.partition.${quoted(column.name)}`, zone)
        : `CAST(NULL AS ${duckType(column.type)})`,
    )
    const packed = fields.map(({ column }, at) => `${quoted(column.name)} := ${values[at]}`)
    const value = packed.length === 0 ? 'NULL' : `struct_pack(${packed.join(', ')})`
    const addresses = found.map(({ address }) => literal(address)).join(', ')
    return `SELECT ${value} AS value, ${spec} AS spec, ${content} AS content, data_file.record_count AS records, data_file.file_size_in_bytes AS bytes, coalesce(snapshot_id, ${added}) AS snapshot FROM read_avro([${addresses}]) WHERE status <> 2`
  })
  const times = (metadata.snapshots ?? []).map(
    (each) => `(${idOf(each['snapshot-id'])}, ${idOf(each['timestamp-ms'])})`,
  )
  const of = (content: number, what: string) => `coalesce(${what} FILTER (content = ${content}), 0)`
  const counted = [
    of(0, 'sum(records)'),
    of(0, 'count(*)'),
    of(0, 'sum(bytes)'),
    of(1, 'sum(records)'),
    of(1, 'count(*)'),
    of(2, 'sum(records)'),
    of(2, 'count(*)'),
    'to_timestamp(max(s.ms) / 1000)',
  ].map((sql, at) => `${sql} AS c${at + 2}`)
  return `(SELECT value AS c0, spec AS c1, ${counted.join(', ')} FROM (${parts.join(' UNION ALL ')}) AS f LEFT JOIN (VALUES (NULL::BIGINT, NULL::BIGINT)${times.map((each) => `, ${each}`).join('')}) AS s(id, ms) ON s.id = f.snapshot GROUP BY value, spec)`
}
