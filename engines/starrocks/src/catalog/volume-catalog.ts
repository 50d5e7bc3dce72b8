/**
 * The objects of a storage volume when it is opened. Its own database says what they are, for it has their rows: what a crash kept from the
 * instance's copy is made up for, and what the instance had before its volume had it was never acknowledged, and goes.
 */
import { parseJson } from '../../../../src/kernel/json-name.ts'
import type { Link } from '../storage/link.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { Entry, TableEntry } from './catalog.ts'
import type { Draft } from './catalog-store.ts'
import { databaseOf, placeOf } from './volume.ts'

/** Within a transaction, which writes to the volume only. Answers the first id that the volume has not seen given. */
export async function takeVolumeIn(link: Link, draft: Draft, volume: number): Promise<number> {
  const place = placeOf(volume)
  const found = new Map<number, TableEntry>()
  for (const [id, document] of await link.rows(`SELECT id, document FROM ${place}emrys.object`))
    found.set(Number(id), parseJson(String(document)) as TableEntry)
  const { entries } = draft.catalog
  for (const [id, table] of found) {
    if (entries.get(table.databaseId)?.kind === 'database') continue
    // The database was dropped, which this volume has not learnt.
    found.delete(id)
    await link.run(`DELETE FROM ${place}emrys.object WHERE id = $1`, [BigInt(id)])
  }
  for (const entry of entries.values())
    if (isIn(entry, volume) && !found.has(entry.id)) draft.remove(entry.id)
  for (const table of found.values()) takeTableIn(draft, table)
  await dropStrangers(link, volume, [...found.values()])
  const [counter] = await link.rows(`SELECT next_id FROM ${place}emrys.counter`)
  return Number(counter?.[0])
}

export const isIn = (entry: Entry, volume: number): boolean =>
  (entry.kind === 'table' || entry.kind === 'materialized view') && entry.volume === volume

/** Two volumes that lost different things may both have a table of one name: neither is lost for that. */
function takeTableIn(draft: Draft, table: TableEntry): void {
  const { catalog } = draft
  const known = catalog.entries.get(table.id)
  const holder = catalog.relation(table.databaseId, table.name)
  const isTaken = holder !== undefined && holder.id !== table.id
  const name = isTaken
    ? known && 'name' in known && known.name !== table.name
      ? known.name
      : `${table.name}_${table.id}`
    : table.name
  const next = { ...table, name }
  if (JSON.stringify(known) !== JSON.stringify(next)) draft.put(next)
}

/** Rows whose table is none of these. */
async function dropStrangers(
  link: Link,
  volume: number,
  tables: readonly TableEntry[],
): Promise<void> {
  const place = placeOf(volume)
  const ids = tables.flatMap(({ id, partitions }) => [
    id,
    ...partitions.filter(({ temporary }) => temporary).map((entry) => entry.id),
  ])
  const known = new Set(ids.flatMap((id) => [`t${id}`, `s${id}`]))
  const where = `WHERE database_name = ${literal(databaseOf(volume))} AND schema_name = 'data'`
  const stored = await link.rows(
    `SELECT 'TABLE', table_name FROM duckdb_tables() ${where}
      UNION ALL SELECT 'SEQUENCE', sequence_name FROM duckdb_sequences() ${where}`,
  )
  for (const [kind, name] of stored)
    if (!known.has(String(name)))
      await link.run(`DROP ${String(kind)} ${place}data.${quoted(String(name))}`)
}
