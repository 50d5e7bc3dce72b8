/** The DuckDB table that holds a table's rows, and the sequence that numbers them. */
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { temporaryRows } from '../../catalog/partition.ts'
import { sequenceName } from '../../catalog/column-default.ts'
import { quoted } from '../../sql/quote.ts'
import { duckType } from '../../sql/type.ts'
import type { Link } from '../../storage/link.ts'

export async function createPhysical(link: Link, table: TableEntry): Promise<void> {
  const columns = table.columns.map((column) => `${quoted(column.name)} ${duckType(column.type)}`)
  await link.run(`CREATE TABLE ${physicalName(table)} (${columns.join(', ')})`)
  if (table.columns.some((column) => column.autoIncrement)) {
    await link.run(`CREATE SEQUENCE ${sequenceName(table)}`)
  }
}

export async function dropPhysical(link: Link, table: TableEntry): Promise<void> {
  await link.run(`DROP TABLE ${physicalName(table)}`)
  for (const entry of table.partitions.filter(({ temporary }) => temporary))
    await link.run(`DROP TABLE ${temporaryRows(table, entry)}`)
  await link.run(`DROP SEQUENCE IF EXISTS ${sequenceName(table)}`)
}
