/**
 * What StarRocks changes in the background and lists in SHOW ALTER. Here a change is finished when its statement answers; it is
 * recorded in the same transaction, and the last ones of each database are kept.
 */
import { demand, relationTarget } from '../../catalog/authority.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import type { AlterationEntry } from '../../catalog/record-kind.ts'
import { databaseNamed, tableNamed } from '../../catalog/lookup.ts'
import { addRecord } from '../../catalog/record.ts'
import { qualifyTable } from '../../resolution/object-name.ts'
import { SqlError } from '../../session.ts'
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import type { Execution } from '../../execution/execution.ts'

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
  const entry = {
    kind: 'alteration',
    id: draft.newId(),
    databaseId: table.databaseId,
    what,
    name: table.name,
    detail: detail.name,
    detailId: detail.id,
    createdMs: startMs,
    finishedMs: engine.clock.now(),
  } as const
  addRecord(draft, entry, draft.catalog.alterations(table.databaseId))
}

/**
 * CANCEL ALTER finds nothing under way: a change is finished before anybody can ask.
 * reference: StarRocks 3.3.7, SchemaChangeHandler.cancel, MaterializedViewHandler.cancel and cancelMV.
 */
export function cancelAlteration(
  execution: Execution,
  statement: Extract<DefinitionStatement, { kind: 'cancelAlter' }>,
): never {
  const { current } = execution.engine.store
  const name = qualifyTable(execution, statement.name)
  if (statement.what === 'materialized view') {
    databaseNamed(current, name.database)
    throw new SqlError(
      `Table[${name.name}] is not under MATERIALIZED VIEW. Use 'DROP MATERIALIZED VIEW' if you want to.`,
    )
  }
  const table = tableNamed(current, name)
  demand(current, execution.state.authority, ['ALTER'], relationTarget(table))
  throw new SqlError(
    statement.what === 'rollup'
      ? `Table[${table.name}] is not under ROLLUP/WAITING_STABLE. Use 'ALTER TABLE DROP ROLLUP' if you want to.`
      : `Table[${table.name}] is not under SCHEMA_CHANGE/WAITING_STABLE.`,
  )
}
