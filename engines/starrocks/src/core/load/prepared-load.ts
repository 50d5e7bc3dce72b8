/** Second phase of a two-phase load: the rows that `prepare` kept become the table's, by label, also after a restart. */
import type { Scope } from '../../sql/scope.ts'
import { convert } from '../../sql/translate.ts'
import { SqlError } from '../../session.ts'
import type { TableColumn, TableEntry } from '../catalog.ts'
import { defaultValue } from '../column-default.ts'
import type { Core } from '../core.ts'
import { dataChanged } from '../core.ts'
import { internalRun } from '../internal-run.ts'
import type { LoadRecord } from '../label.ts'
import type { MergeOptions } from '../merge.ts'
import { existingColumn } from '../resolve.ts'
import { scopeOf } from '../statement-scope.ts'
import { writeRows } from '../write-rows.ts'

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

export async function applyPrepared(core: Core, record: LoadRecord): Promise<LoadRecord> {
  const plan = record.plan
  if (!plan) throw new SqlError(`transaction ${record.id} is not prepared`)
  const { run, end } = await internalRun(core, { user: record.user })
  try {
    const visible: LoadRecord = {
      ...record,
      state: 'VISIBLE',
      plan: undefined,
      finishedMs: core.clock.now(),
    }
    await core.store.change(run.link, async (draft) => {
      const table = draft.catalog.entries.get(record.tableId)
      if (table?.kind !== 'table') throw new SqlError('The table of the transaction was dropped')
      const columns = plan.columns.map((name) => existingColumn(table, name))
      const scope = scopeOf(run, { catalog: draft.catalog, trusted: true })
      const source = `stage.${plan.stage}`
      const { condition, deletes } = plan
      const merge = mergeOptions(table, columns, { condition, deletes, scope })
      await writeRows({ core, link: run.link, draft, table, source, columns, merge, scope })
      await run.link.run(`DROP TABLE ${source}`)
      await core.labels.write(run.link, visible)
    })
    core.labels.remember(visible)
    dataChanged(core, [record.tableId])
    return visible
  } finally {
    end()
  }
}

export async function dropPrepared(
  core: Core,
  record: LoadRecord,
  why: string,
): Promise<LoadRecord> {
  const { run, end } = await internalRun(core, { user: record.user })
  try {
    const aborted: LoadRecord = {
      ...record,
      state: 'ABORTED',
      plan: undefined,
      loaded: 0,
      message: why,
      finishedMs: core.clock.now(),
    }
    await core.store.change(run.link, async () => {
      if (record.plan) await run.link.run(`DROP TABLE IF EXISTS stage.${record.plan.stage}`)
      await core.labels.write(run.link, aborted)
    })
    core.labels.remember(aborted)
    return aborted
  } finally {
    end()
  }
}
