/** INSERT OVERWRITE: which rows the new ones replace. */
import type { TableEntry } from '../../catalog/catalog.ts'
import { physicalName } from '../../catalog/catalog.ts'
import { partitionCondition } from '../../catalog/partition.ts'
import type { Execution } from '../../execution/execution.ts'
import type { StagedRows } from '../../execution/open-transaction.ts'
import { variableOf } from '../../execution/statement-context.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import type { Link } from '../../storage/link.ts'
import type { InsertPlan } from './insert.ts'

/** What INSERT OVERWRITE replaces: the partitions that it names, automatic ones that its rows go to (`dynamic_overwrite`), or all rows. */
export async function clearReplaced(
  execution: Execution,
  table: TableEntry,
  { partitions, columns, replaced }: Pick<InsertPlan, 'partitions' | 'columns' | 'replaced'>,
  { accepted }: StagedRows,
): Promise<void> {
  const { link } = execution
  if (replaced !== undefined) return deleteAny(link, table, [replaced])
  const dynamic = partitions.length === 0 && variableOf(execution, 'dynamic_overwrite') === 'true'
  if (!dynamic || table.partition?.method !== 'expression') {
    const conditions = partitions.map((entry) => partitionCondition(table, entry))
    return deleteAny(link, table, conditions.length > 0 ? conditions : ['true'])
  }
  const given = new Set(columns.map(({ name }) => name))
  if (!table.partition.columns.every((name) => given.has(name)))
    throw unsupportedByEngine('dynamic_overwrite of a table that computes its partition columns')
  const conditions = table.partitions
    .filter((entry) => !entry.temporary)
    .map((entry) => partitionCondition(table, entry))
  if (conditions.length === 0) return
  const [met] = await link.rows(
    `SELECT ${conditions.map((condition) => `bool_or(${condition})`).join(', ')} FROM ${accepted}`,
  )
  const touched = conditions.filter((_, at) => met?.[at] === true)
  return deleteAny(link, table, touched)
}

async function deleteAny(link: Link, table: TableEntry, conditions: readonly string[]) {
  if (conditions.length === 0) return
  const where = conditions.map((condition) => `(${condition})`).join(' OR ')
  await link.run(`DELETE FROM ${physicalName(table)} WHERE ${where}`)
}
