/** Second phase of a two-phase load: the rows that `prepare` kept become the table's, by label, also after a restart. */
import { SqlError } from '../session.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import { dataChanged } from '../execution/engine-context.ts'
import { internalExecution } from '../execution/internal-execution.ts'
import type { LoadRecord } from '../catalog/label-registry.ts'
import { existingColumn } from '../catalog/lookup.ts'
import { placeOf } from '../catalog/volume.ts'
import { scopeOf } from '../resolution/statement-scope.ts'
import { writeRows } from '../transaction/write-rows.ts'

export async function applyPrepared(
  engine: EngineContext,
  record: LoadRecord,
): Promise<LoadRecord> {
  const plan = record.plan
  if (!plan) throw new SqlError(`transaction ${record.id} is not prepared`)
  const { execution, end } = await internalExecution(engine, {
    user: record.user,
    userId: record.userId,
  })
  try {
    const visible: LoadRecord = {
      ...record,
      state: 'VISIBLE',
      plan: undefined,
      finishedMs: engine.clock.now(),
    }
    await engine.volumes.admit(record.volume, execution.guard)
    await engine.store.change(execution.link, async (draft) => {
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
    })
    engine.labels.remember(visible)
    dataChanged(engine, [record.tableId])
    await engine.durability.settle(execution.guard)
    return visible
  } finally {
    end()
  }
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
