/** Second phase of a two-phase load: the rows that `prepare` kept become the table's, by label, also after a restart. */
import { SqlError } from '../session.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import { dataChanged } from '../execution/engine-context.ts'
import { cancelBy } from '../execution/guard.ts'
import { internalExecution } from '../execution/internal-execution.ts'
import type { LoadRecord } from '../catalog/label-registry.ts'
import { existingColumn } from '../catalog/lookup.ts'
import { placeOf } from '../catalog/volume.ts'
import { scopeOf } from '../resolution/statement-scope.ts'
import { writeRows } from '../transaction/write-rows.ts'

export const alreadyVisible = ({ id }: LoadRecord): SqlError =>
  new SqlError(`transaction [${id}] is already VISIBLE, could not abort`)

export async function applyPrepared(
  engine: EngineContext,
  record: LoadRecord,
  signal: AbortSignal | undefined,
): Promise<LoadRecord> {
  const plan = record.plan
  if (!plan) throw new SqlError(`transaction ${record.id} is not prepared`)
  const { execution, end } = await internalExecution(engine, {
    user: record.user,
    userId: record.userId,
    timeoutSeconds: plan.timeoutMs / 1000,
  })
  cancelBy(signal, execution.guard)
  try {
    const visible: LoadRecord = {
      ...record,
      state: 'VISIBLE',
      plan: undefined,
      finishedMs: engine.clock.now(),
    }
    await engine.volumes.admit(record.volume, execution.guard)
    const committed = await engine.store.change(execution.link, async (draft) => {
      const now = stillPrepared(engine, record)
      if (now.state === 'VISIBLE') return now
      const table = draft.catalog.entries.get(record.tableId)
      if (table?.kind !== 'table') throw new SqlError('The table of the transaction was dropped')
      const columns = plan.columns.map((name) => existingColumn(table, name))
      const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
      const source = `${placeOf(record.volume)}stage.${plan.stage}`
      const { condition, deletes } = plan
      const merge = { condition, deletes }
      await writeRows({ engine, link: execution.link, draft, table, source, columns, merge, scope })
      await execution.link.run(`DROP TABLE ${source}`)
      await engine.labels.write(execution.link, visible)
      return undefined
    })
    if (committed) return committed
    engine.labels.remember(visible)
    dataChanged(engine, [record.tableId])
    await engine.durability.settle(execution.guard)
    return visible
  } catch (error) {
    throw execution.guard.explain(error)
  } finally {
    end()
  }
}

/** With the write mutex: whoever came before may have finished it. Throws SqlError when it was aborted. */
function stillPrepared(engine: EngineContext, { id }: LoadRecord): LoadRecord {
  const now = engine.labels.byId(id)
  if (now?.state === 'PREPARED' || now?.state === 'VISIBLE') return now
  throw new SqlError(`transaction [${id}] is not prepared any more`)
}

export async function dropPrepared(
  engine: EngineContext,
  record: LoadRecord,
  why: string,
): Promise<LoadRecord> {
  const { execution, end } = await internalExecution(engine, {
    user: record.user,
    userId: record.userId,
  })
  try {
    const aborted: LoadRecord = {
      ...record,
      state: 'ABORTED',
      plan: undefined,
      loaded: 0,
      message: why,
      finishedMs: engine.clock.now(),
    }
    await engine.store.change(execution.link, async (draft) => {
      if (stillPrepared(engine, record).state === 'VISIBLE') throw alreadyVisible(record)
      draft.enter(record.volume)
      const place = placeOf(record.volume)
      if (record.plan)
        await execution.link.run(`DROP TABLE IF EXISTS ${place}stage.${record.plan.stage}`)
      await engine.labels.write(execution.link, aborted)
    })
    engine.labels.remember(aborted)
    await engine.durability.settle(execution.guard)
    return aborted
  } finally {
    end()
  }
}
