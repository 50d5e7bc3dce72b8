/** Entries that only lists show: the last ones are kept. */
import type { RecordEntry } from './record-kind.ts'
import type { Draft } from './catalog-store.ts'

/** Of a kind, per database. StarRocks keeps days or weeks. */
const KEPT_MAX = 100

/** `older` are those that the new one is counted with, oldest first. */
export function addRecord(draft: Draft, entry: RecordEntry, older: readonly RecordEntry[]): void {
  for (const { id } of older.slice(0, Math.max(0, older.length - KEPT_MAX + 1))) draft.remove(id)
  draft.put(entry)
}

type TableRecord = Extract<RecordEntry, { readonly tableId: number }>

/** Of the tables of a database; those of tables that are gone are taken out first. */
export function recordsOfDatabase<Kind extends TableRecord['kind']>(
  draft: Draft,
  kind: Kind,
  databaseId: number,
): Extract<TableRecord, { kind: Kind }>[] {
  const { entries } = draft.catalog
  const found: readonly TableRecord[] = draft.catalog.records(kind)
  for (const { id, tableId } of found) if (!entries.has(tableId)) draft.remove(id)
  return found.filter((entry): entry is Extract<TableRecord, { kind: Kind }> => {
    const table = entries.get(entry.tableId)
    return table !== undefined && 'databaseId' in table && table.databaseId === databaseId
  })
}
