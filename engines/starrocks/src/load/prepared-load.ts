/** Second phase of a two-phase load: the rows that `prepare` kept become the table's, by label, also after a restart. */
import type { Scope } from '../sql/scope.ts'
import { convert } from '../sql/translate.ts'
import { SqlError } from '../session.ts'
import type { TableColumn, TableEntry } from '../catalog/catalog.ts'
import { defaultValue } from '../catalog/column-default.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import { dataChanged } from '../execution/engine-context.ts'
import { internalExecution } from '../execution/internal-execution.ts'
import type { LoadRecord } from '../catalog/label-book.ts'
import type { MergeOptions } from '../transaction/merge.ts'
import { existingColumn } from '../catalog/lookup.ts'
import { scopeOf } from '../resolution/statement-scope.ts'
import { writeRows } from '../transaction/write-rows.ts'

/** What a merge needs to know; columns that a partial update leaves out get their defaults in rows that are new. */
export function mergeOptions(
  table: TableEntry,
  columns: readonly TableColumn[],
  options: { condition: string | undefined; deletes: boolean; scope: Scope },
): MergeOptions {
  const given = new Set(columns.map((column) => column.name))
  const missing = table.columns.filter((column) => !given.has(column.name))
  const filled = missing.filter((column) => !isRequired(column))
  return {
    condition: options.condition,
    deletes: options.deletes,
    required: missing.filter(isRequired).map((column) => column.name),
    initial: filled.map((column) => ({
      column: column.name,
      sql: convert(defaultValue(table, column, options.scope), column.type),
    })),
  }
}

const isRequired = (column: TableColumn): boolean =>
  !column.nullable && !column.default && !column.autoIncrement

export async function applyPrepared(
  engine: EngineContext,
  record: LoadRecord,
): Promise<LoadRecord> {
  const plan = record.plan
  if (!plan) throw new SqlError(`transaction ${record.id} is not prepared`)
  const { execution, end } = await internalExecution(engine, { user: record.user })
  try {
    const visible: LoadRecord = {
      ...record,
      state: 'VISIBLE',
      plan: undefined,
      finishedMs: engine.clock.now(),
    }
    await engine.store.change(execution.link, async (draft) => {
      const table = draft.catalog.entries.get(record.tableId)
      if (table?.kind !== 'table') throw new SqlError('The table of the transaction was dropped')
      const columns = plan.columns.map((name) => existingColumn(table, name))
      const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
      const source = `stage.${plan.stage}`
      const { condition, deletes } = plan
      const merge = mergeOptions(table, columns, { condition, deletes, scope })
      await writeRows({ engine, link: execution.link, draft, table, source, columns, merge, scope })
      await execution.link.run(`DROP TABLE ${source}`)
      await engine.labels.write(execution.link, visible)
    })
    engine.labels.remember(visible)
    dataChanged(engine, [record.tableId])
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
  const { execution, end } = await internalExecution(engine, { user: record.user })
  try {
    const aborted: LoadRecord = {
      ...record,
      state: 'ABORTED',
      plan: undefined,
      loaded: 0,
      message: why,
      finishedMs: engine.clock.now(),
    }
    await engine.store.change(execution.link, async () => {
      if (record.plan) await execution.link.run(`DROP TABLE IF EXISTS stage.${record.plan.stage}`)
      await engine.labels.write(execution.link, aborted)
    })
    engine.labels.remember(aborted)
    return aborted
  } finally {
    end()
  }
}
