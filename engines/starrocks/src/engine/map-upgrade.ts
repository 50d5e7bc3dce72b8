/** Maps that an earlier version stored with plain keys get their keys in structs (sql/map-key.ts): once, table by table, when an engine opens. */
import type { CatalogStore } from '../catalog/catalog-store.ts'
import { physicalName } from '../catalog/catalog.ts'
import type { TableEntry } from '../catalog/catalog.ts'
import { quoted } from '../sql/quote.ts'
import { hasMap, wrapMaps } from '../sql/map-key.ts'
import type { Link } from '../storage/link.ts'
import { inTransaction } from '../storage/link.ts'

export async function upgradeMaps(store: CatalogStore, link: Link): Promise<void> {
  for (const entry of store.current.entries.values()) {
    if (entry.kind !== 'table' && entry.kind !== 'materialized view') continue
    // Volumes are younger than the form of now.
    if (entry.volume !== undefined) continue
    if (entry.columns.some((column) => hasMap(column.type))) await upgradeTable(entry, link)
  }
}

async function upgradeTable(table: TableEntry, link: Link): Promise<void> {
  const name = physicalName(table)
  const bare = name.slice(name.indexOf('.') + 1)
  const stored = await link.rows(
    'SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $1',
    [bare],
  )
  const old = table.columns.filter((column) =>
    stored.some(([found, type]) => found === column.name && isPlain(String(type))),
  )
  if (old.length === 0) return
  const values = old.map((column) => {
    const sql = quoted(column.name)
    return `${wrapMaps(sql, column.type)} AS ${sql}`
  })
  await inTransaction(link, async () => {
    await link.run(
      `CREATE TABLE ${name}_upgraded AS SELECT * REPLACE (${values.join(', ')}) FROM ${name}`,
    )
    await link.run(`DROP TABLE ${name}`)
    await link.run(`ALTER TABLE ${name}_upgraded RENAME TO ${bare}`)
  })
}

/** StarRocks' own keys are never structs. */
const isPlain = (type: string): boolean => /MAP\((?!STRUCT\(k )/.test(type.replaceAll('"', ''))
