/** Partitions that time makes and drops: at once when a table says so, and every ten minutes from then on. */
import { isTimed, retained } from '../../catalog/partition-retention.ts'
import { partitionCondition } from '../../catalog/partition.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { dataChanged } from '../../execution/engine-context.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import { hasNoRows } from '../../execution/storage-volume.ts'
import type { Link } from '../../storage/link.ts'

/** StarRocks' dynamic_partition_check_interval_seconds. */
const INTERVAL_MS = 600_000

interface Changing {
  readonly engine: EngineContext
  readonly link: Link
}

/** The table with the partitions that it is to have now; the rows of those that go are gone. */
export async function inTime(
  { engine, link }: Changing,
  draft: Draft,
  table: TableEntry,
): Promise<TableEntry> {
  const moment = {
    nowMs: engine.clock.now(),
    timeZone: engine.identity.timeZone,
    newId: () => draft.newId(),
  }
  const partitions = retained(table, moment)
  if (partitions === table.partitions) return table
  const gone = table.partitions.filter((entry) => !partitions.includes(entry))
  if (gone.length > 0) {
    const where = gone.map((entry) => `(${partitionCondition(table, entry)})`).join(' OR ')
    draft.enter(table.volume)
    await link.run(`DELETE FROM ${physicalName(table)} WHERE ${where}`)
  }
  return { ...table, partitions }
}

/** Looks at all tables now and again; answers how to stop, which waits for what runs. */
export function schedulePartitions(engine: EngineContext): () => Promise<void> {
  let stopped = false
  let cancel: () => void = () => undefined
  let running: Promise<void> = Promise.resolve()
  const arm = () => {
    cancel = engine.clock.at(engine.clock.now() + INTERVAL_MS, () => {
      running = changeAll(engine).catch((error: unknown) => {
        engine.log.error({ reason: String(error) }, 'partitions were not made or dropped')
      })
      if (!stopped) arm()
    })
  }
  arm()
  return async () => {
    stopped = true
    cancel()
    await running
  }
}

async function changeAll(engine: EngineContext): Promise<void> {
  const timed = [...engine.store.current.entries.values()].filter(
    (entry) => (entry.kind === 'table' || entry.kind === 'materialized view') && isTimed(entry),
  )
  if (timed.length === 0) return
  const link = await engine.duck.connect()
  try {
    for (const { id } of timed) await changeOne({ engine, link }, id)
  } finally {
    await link.close()
  }
}

async function changeOne(changing: Changing, id: number): Promise<void> {
  const changed = await changing.engine.store.change(changing.link, async (draft) => {
    const table = draft.catalog.entries.get(id)
    if (table?.kind !== 'table' && table?.kind !== 'materialized view') return false
    if (hasNoRows(changing, table)) return false
    const next = await inTime(changing, draft, table)
    if (next === table) return false
    draft.put(next)
    return true
  })
  if (changed) dataChanged(changing.engine, [id])
}
