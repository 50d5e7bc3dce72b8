/**
 * What StarRocks changes in the background and lists in SHOW ALTER. Here a change is finished when its statement answers; it is
 * recorded in the same transaction, and the last ones of each database are kept.
 */
import type { AlterationEntry, TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import type { Execution } from '../../execution/execution.ts'

/** Per database. StarRocks keeps a week. */
const KEPT_MAX = 100

interface Alteration {
  readonly what: AlterationEntry['what']
  readonly detail: { readonly name: string; readonly id: number }
}

export function recordAlteration(
  { startMs, engine }: Execution,
  draft: Draft,
  table: TableEntry,
  { what, detail }: Alteration,
): void {
  const old = draft.catalog.alterations(table.databaseId)
  for (const entry of old.slice(0, Math.max(0, old.length - KEPT_MAX + 1))) draft.remove(entry.id)
  draft.put({
    kind: 'alteration',
    id: draft.newId(),
    databaseId: table.databaseId,
    what,
    name: table.name,
    detail: detail.name,
    detailId: detail.id,
    createdMs: startMs,
    finishedMs: engine.clock.now(),
  })
}
