/**
 * Temporary partitions: rows beside a table's own, in a DuckDB table of their own each, until REPLACE PARTITION puts them in the place
 * of others. Queries of the table do not see them; `TEMPORARY PARTITION (p)` names them.
 */
import type { AlterTableClause } from '../../sql/ast-definition.ts'
import { SqlError } from '../../session.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { PartitionEntry, TableEntry } from '../../catalog/catalog.ts'
import {
  namedPartitions,
  partitionCondition,
  partitionTypes,
  temporaryRows,
} from '../../catalog/partition.ts'
import { recordOf, refuseOverlap, withPartitions } from '../../catalog/partition-definition.ts'
import { compareBounds } from '../../catalog/partition-value.ts'
import type { TableChange } from './alter-column.ts'

type Clause<Kind extends AlterTableClause['kind']> = Extract<AlterTableClause, { kind: Kind }>

export async function addTemporaryPartitions(
  { execution, draft, table }: TableChange,
  clause: Clause<'addPartition'>,
): Promise<TableEntry> {
  const partitions = await withPartitions(table, clause.items, {
    newId: () => draft.newId(),
    nowMs: execution.engine.clock.now(),
    temporary: true,
  })
  for (const entry of partitions.slice(table.partitions.length)) {
    await execution.link.run(
      `CREATE TABLE ${temporaryRows(table, entry)} AS FROM ${physicalName(table)} LIMIT 0`,
    )
  }
  return { ...table, partitions }
}

export async function dropTemporaryPartitions(
  { execution, table }: TableChange,
  { names, ifExists }: Clause<'dropPartition'>,
): Promise<TableEntry> {
  const asked = new Set(names)
  const present = table.partitions.filter((entry) => entry.temporary && asked.has(entry.name))
  const found = new Set(present.map(({ name }) => name))
  const missing = names.find((name) => !found.has(name))
  if (missing !== undefined && !ifExists)
    throw new SqlError(`Error in list of partitions to ${missing}`, 1507, 'HY000')
  const dropped = new Set(present)
  for (const entry of present) await execution.link.run(`DROP TABLE ${temporaryRows(table, entry)}`)
  return { ...table, partitions: table.partitions.filter((entry) => !dropped.has(entry)) }
}

/** reference: StarRocks 3.3.7, OlapTable.replaceTempPartitions. */
export async function replacePartitions(
  { execution, table }: TableChange,
  clause: Clause<'replacePartition'>,
): Promise<TableEntry> {
  const properties = recordOf(clause.properties)
  const isStrict = (properties['strict_range'] ?? 'true').toLowerCase() === 'true'
  const keepsName = (properties['use_temp_partition_name'] ?? 'false').toLowerCase() === 'true'
  const old = namedPartitions(table, clause.names)
  const fresh = namedPartitions(table, clause.by, true)
  const replaced = new Set([...old, ...fresh])
  const left = table.partitions.filter((entry) => !replaced.has(entry))
  if (isStrict) refuseOtherRange(table, old, fresh)
  else {
    const standing = left.filter((entry) => !entry.temporary)
    for (const entry of fresh) refuseOverlap(table, standing, entry)
  }
  const renamed = !keepsName && old.length === fresh.length
  const standing = fresh.map((entry, at): PartitionEntry => {
    const name = renamed ? (old[at]?.name ?? entry.name) : entry.name
    return { ...entry, name, temporary: false }
  })
  const gone = old.map((entry) => `(${partitionCondition(table, entry)})`).join(' OR ')
  await execution.link.run(`DELETE FROM ${physicalName(table)} WHERE ${gone}`)
  for (const entry of fresh) {
    await execution.link.run(
      `INSERT INTO ${physicalName(table)} BY NAME SELECT * FROM ${temporaryRows(table, entry)}`,
    )
    await execution.link.run(`DROP TABLE ${temporaryRows(table, entry)}`)
  }
  return { ...table, partitions: [...left, ...standing] }
}

/** All that the old partitions take, the new ones take together, and nothing else. */
function refuseOtherRange(
  table: TableEntry,
  old: readonly PartitionEntry[],
  fresh: readonly PartitionEntry[],
): void {
  const isList = old.some((entry) => entry.values)
  const [one, other] = [old, fresh].map((entries) =>
    JSON.stringify(isList ? listed(entries) : joined(table, entries)),
  )
  if (one === other) return
  throw new SqlError(
    `2 ${isList ? 'list partitions' : 'range lists'} are not strictly matched. ${one} vs. ${other}`,
  )
}

const listed = (entries: readonly PartitionEntry[]): string[] =>
  entries
    .flatMap(({ values = [] }) => values.map((row) => JSON.stringify(row)))
    .toSorted((a, b) => (a < b ? -1 : 1))

/** In order, neighbours as one. */
function joined(table: TableEntry, entries: readonly PartitionEntry[]) {
  const types = partitionTypes(table)
  const ranges = entries
    .flatMap(({ range }) => (range ? [{ ...range }] : []))
    .toSorted((a, b) => compareBounds(a.lower, b.lower, types))
  const found: typeof ranges = []
  for (const range of ranges) {
    const last = found.at(-1)
    if (last && compareBounds(last.upper, range.lower, types) === 0)
      found[found.length - 1] = { ...last, upper: range.upper }
    else found.push(range)
  }
  return found
}

/** What rewrites all rows of a table would not reach those. */
export function refuseTemporaryPartitions(table: TableEntry): void {
  if (table.partitions.some((entry) => entry.temporary))
    throw new SqlError('Can not alter table when there are temp partitions in table')
}
