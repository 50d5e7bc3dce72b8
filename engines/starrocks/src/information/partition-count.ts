/** How many rows each partition of a table has. One with many partitions is read once for all of them, and not once for each. */
import { physicalName } from '../catalog/catalog.ts'
import type { PartitionEntry, TableEntry } from '../catalog/catalog.ts'
import {
  partitionCondition,
  partitionKeys,
  partitionTypes,
  temporaryRows,
} from '../catalog/partition.ts'
import { valueSql } from '../catalog/partition-value.ts'
import { literal } from '../sql/quote.ts'
import { duckType } from '../sql/type.ts'
import type { Link } from '../storage/link.ts'

/** Up to so many are counted by a scan each, which skips what is not the partition's. */
const FEW = 64

/** A query of two columns, `id` and `rows`. */
export function partitionCountsSql(table: TableEntry, entries: readonly PartitionEntry[]): string {
  const standing = entries.filter(({ temporary }) => !temporary)
  const many = standing.length > FEW ? manyCounts(table, standing) : undefined
  const others = many ? entries.filter((entry) => !many.of.has(entry)) : entries
  const each = others.map(
    (entry) => `SELECT ${entry.id} AS id, count(*) AS rows FROM ${partitionRows(table, entry)}`,
  )
  return [...(many ? [many.sql] : []), ...each].join(' UNION ALL ')
}

export async function partitionCounts(
  link: Link,
  table: TableEntry,
  entries: readonly PartitionEntry[],
): Promise<(entry: PartitionEntry) => number> {
  const rows = entries.length > 0 ? await link.rows(partitionCountsSql(table, entries)) : []
  const counts = new Map(rows.map(([id, count]) => [Number(id), Number(count)]))
  return ({ id }) => counts.get(id) ?? 0
}

/** A FROM item with its condition. */
const partitionRows = (table: TableEntry, entry: PartitionEntry): string =>
  entry.temporary
    ? temporaryRows(table, entry)
    : `${physicalName(table)} WHERE ${partitionCondition(table, entry)}`

interface Counts {
  readonly of: ReadonlySet<PartitionEntry>
  readonly sql: string
}

function manyCounts(table: TableEntry, entries: readonly PartitionEntry[]): Counts | undefined {
  if (entries.every(({ values }) => values)) return listCounts(table, entries)
  return partitionKeys(table).length === 1 ? rangeCounts(table, entries) : undefined
}

/** Each value's rows are those of the partition that names it. */
function listCounts(table: TableEntry, entries: readonly PartitionEntry[]): Counts {
  const keys = partitionKeys(table).map((key, at) => ({
    key,
    name: `k${at}`,
    type: typeAt(table, at),
  }))
  const rows = entries.flatMap(({ id, values = [] }) =>
    values.map((row) => {
      const cells = row.map((value, at) =>
        value === null ? 'NULL' : valueSql(value, typeAt(table, at)),
      )
      return `(${[id, ...cells].join(', ')})`
    }),
  )
  const names = keys.map(({ name }) => name)
  const selected = keys.map(({ key, name }) => `${key} AS ${name}`).join(', ')
  const same = names.map((name) => `r.${name} IS NOT DISTINCT FROM p.${name}`).join(' AND ')
  const sql = `SELECT p.id, CAST(coalesce(sum(r.rows), 0) AS BIGINT) AS rows FROM (SELECT ${selected}, count(*) AS rows FROM ${physicalName(table)} GROUP BY ALL) AS r RIGHT JOIN (VALUES ${rows.join(', ')}) AS p(id, ${names.join(', ')}) ON ${same} GROUP BY p.id`
  return { of: new Set(entries), sql }
}

/** Every row is in a partition: in that which begins last before it. What begins with NULL is counted by itself. */
function rangeCounts(table: TableEntry, entries: readonly PartitionEntry[]): Counts {
  const [key] = partitionKeys(table)
  const bounded = entries.flatMap((entry) => {
    const [lower] = entry.range?.lower ?? []
    return lower?.kind === 'value' ? [{ entry, lower: lower.text }] : []
  })
  const list = (texts: readonly (string | number)[]): string =>
    `unnest(string_split(${literal(texts.join(','))}, ','))`
  const ids = `CAST(${list(bounded.map(({ entry }) => entry.id))} AS BIGINT) AS id`
  const lowers = `CAST(${list(bounded.map(({ lower }) => lower))} AS ${duckType(typeAt(table, 0))}) AS lower`
  const found = `SELECT p.id, r.rows FROM (SELECT ${key} AS k, count(*) AS rows FROM ${physicalName(table)} GROUP BY k) AS r ASOF JOIN (SELECT ${ids}, ${lowers}) AS p ON r.k >= p.lower`
  const sql = `SELECT id, CAST(sum(rows) AS BIGINT) AS rows FROM (${found} UNION ALL SELECT ${ids}, 0) GROUP BY id`
  return { of: new Set(bounded.map(({ entry }) => entry)), sql }
}

const typeAt = (table: TableEntry, at: number) => partitionTypes(table)[at] ?? { kind: 'null' }
