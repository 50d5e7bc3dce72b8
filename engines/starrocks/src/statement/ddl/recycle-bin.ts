/**
 * What happens to what is dropped: without FORCE it goes into the recycle bin, a change of the catalog alone, and its rows stay where they
 * are until it expires. When the disk is full all of it goes at once: it is no reason to refuse rows.
 * reference: StarRocks 3.3.7, CatalogRecycleBin
 */
import type { DatabaseEntry, PartitionEntry, Relation, TableEntry } from '../../catalog/catalog.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { partitionCondition, temporaryRows } from '../../catalog/partition.ts'
import type { DroppedEntry } from '../../catalog/record-kind.ts'
import { droppedDatabase, droppedPartitions, droppedRelations } from '../../catalog/recycle-bin.ts'
import { numberOf } from '../../execution/configuration-item.ts'
import type { TableChange } from './alter-column.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import type { Link } from '../../storage/link.ts'
import { isFull } from '../../transaction/write-rows.ts'
import { dropPhysical } from './physical-table.ts'

export interface Dropping {
  readonly link: Link
  readonly draft: Draft
  readonly nowMs: number
}

export const droppingOf = ({ link, engine }: Execution, draft: Draft): Dropping => ({
  link,
  draft,
  nowMs: engine.clock.now(),
})

/** Whether it goes into the bin: not on a full disk, and not what is in a storage volume, whose own database says what there is. */
export const isRecycled = async (
  { engine }: Execution,
  { force, volume }: { readonly force: boolean; readonly volume: number | undefined },
): Promise<boolean> => !force && volume === undefined && !(await isFull(engine))

/** The rows of each are copied: of more partitions in one statement none are kept. */
const RECYCLED_PARTITIONS_MAX = 64

export async function recycleRelation(dropping: Dropping, relation: Relation): Promise<void> {
  const { draft, nowMs } = dropping
  for (const older of droppedRelations(draft.catalog, relation.databaseId))
    if (older.object.name === relation.name) await purge(dropping, older)
  const object = relation.kind === 'view' ? relation : await withoutTemporaries(dropping, relation)
  draft.put({ kind: 'dropped', what: 'relation', id: relation.id, droppedMs: nowMs, object })
}

/** They go with the table: what is recovered has none. */
async function withoutTemporaries({ link }: Dropping, table: TableEntry): Promise<TableEntry> {
  for (const entry of table.partitions.filter(({ temporary }) => temporary))
    await link.run(`DROP TABLE ${temporaryRows(table, entry)}`)
  return { ...table, partitions: table.partitions.filter(({ temporary }) => !temporary) }
}

/** What was in it has been dropped before. */
export async function recycleDatabase(
  dropping: Dropping,
  object: DatabaseEntry,
  relations: readonly string[],
): Promise<void> {
  const { draft, nowMs } = dropping
  const older = droppedDatabase(draft.catalog, object.name)
  if (older) await purge(dropping, older)
  draft.put({
    kind: 'dropped',
    what: 'database',
    id: object.id,
    droppedMs: nowMs,
    object,
    relations,
  })
}

/** They are still in the table. */
export async function recyclePartitions(
  { execution, draft, table }: TableChange,
  partitions: readonly PartitionEntry[],
  force: boolean,
): Promise<void> {
  if (partitions.length === 0) return
  const dropping = droppingOf(execution, draft)
  const names = new Set(partitions.map(({ name }) => name.toLowerCase()))
  for (const older of droppedPartitions(draft.catalog, table.id))
    if (names.has(older.object.name.toLowerCase())) await purge(dropping, older)
  const isKept = await isRecycled(execution, { force, volume: table.volume })
  if (!isKept || partitions.length > RECYCLED_PARTITIONS_MAX) return
  for (const entry of partitions) await recyclePartition(dropping, table, entry)
}

/** The rows of ranges are kept; those of lists are not, which StarRocks does not recover either. */
async function recyclePartition(
  dropping: Dropping,
  table: TableEntry,
  object: PartitionEntry,
): Promise<void> {
  const { link, draft, nowMs } = dropping
  if (object.range)
    await link.run(
      `CREATE TABLE ${temporaryRows(table, object)} AS SELECT * FROM ${physicalName(table)} WHERE ${partitionCondition(table, object)}`,
    )
  draft.put({
    kind: 'dropped',
    what: 'partition',
    id: object.id,
    droppedMs: nowMs,
    object,
    partitionOf: table.id,
    columns: table.columns,
  })
}

export async function dropForGood(dropping: Dropping, table: TableEntry): Promise<void> {
  await purgeInside(dropping, table.id)
  await dropPhysical(dropping.link, table)
  dropping.draft.remove(table.id)
}

/** What was dropped of a table or database that goes for good. */
export async function purgeInside(dropping: Dropping, id: number): Promise<void> {
  const { catalog } = dropping.draft
  for (const entry of [...droppedRelations(catalog, id), ...droppedPartitions(catalog, id)])
    await purge(dropping, entry)
}

async function purge(dropping: Dropping, entry: DroppedEntry): Promise<void> {
  const { link, draft } = dropping
  if (entry.what === 'partition') {
    if (entry.object.range) await link.run(`DROP TABLE ${temporaryRows({}, entry.object)}`)
  } else {
    await purgeInside(dropping, entry.id)
    if (entry.what === 'relation' && entry.object.kind !== 'view')
      await dropPhysical(link, entry.object)
  }
  draft.remove(entry.id)
}

/** StarRocks looks at nothing younger either. */
const KEPT_LEAST_MS = 600_000

/** Whoever drops very many has the newest; what was dropped at once stays together. */
const NEWEST_MAX = 1_000

/** Of what there is, as old as anything may be that is kept. */
export function oldestKept(entries: readonly Pick<DroppedEntry, 'droppedMs'>[]): number {
  const newestFirst = entries.map(({ droppedMs }) => droppedMs).sort((one, other) => other - one)
  return newestFirst[NEWEST_MAX - 1] ?? -Infinity
}

const INTERVAL_MS = 600_000

export function isExpired(
  { identity, clock }: EngineContext,
  { droppedMs }: DroppedEntry,
): boolean {
  const seconds = numberOf(identity.settings, 'frontend', 'catalog_trash_expire_second')
  return clock.now() - droppedMs > Math.max(seconds * 1000, KEPT_LEAST_MS)
}

/** Purges what has expired now and again, and everything when the disk is full; answers how to stop, which waits for what runs. */
export function scheduleExpiry(engine: EngineContext): () => Promise<void> {
  let stopped = false
  let cancel: () => void = () => undefined
  let running: Promise<void> = Promise.resolve()
  const start = (isOver: (entry: DroppedEntry) => boolean) => {
    if (stopped || !engine.store.current.records('dropped').some(isOver)) return
    running = running
      .then(() => purgeAll(engine, isOver))
      .catch((error: unknown) => {
        engine.log.error({ reason: String(error) }, 'what was dropped was not purged')
      })
  }
  const arm = () => {
    cancel = engine.clock.at(engine.clock.now() + INTERVAL_MS, () => {
      const oldestMs = oldestKept(engine.store.current.records('dropped'))
      start((entry) => isExpired(engine, entry) || entry.droppedMs < oldestMs)
      arm()
    })
  }
  const empty = () => start(() => true)
  arm()
  engine.onFull.add(empty)
  return async () => {
    stopped = true
    cancel()
    engine.onFull.delete(empty)
    await running
  }
}

async function purgeAll(
  engine: EngineContext,
  isOver: (entry: DroppedEntry) => boolean,
): Promise<void> {
  const link = await engine.duck.connect()
  try {
    await engine.store.change(link, async (draft) => {
      const dropping = { link, draft, nowMs: engine.clock.now() }
      for (const entry of draft.catalog.records('dropped'))
        // One that was inside of another one has gone with it.
        if (isOver(entry) && draft.catalog.entries.has(entry.id)) await purge(dropping, entry)
    })
  } finally {
    await link.close()
  }
}
