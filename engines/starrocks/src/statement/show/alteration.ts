/**
 * SHOW ALTER TABLE {COLUMN | ROLLUP | OPTIMIZE} and SHOW ALTER MATERIALIZED VIEW: changes are finished when their statement answers.
 * reference: StarRocks 3.3.7, SchemaChangeProcDir, RollupProcDir, OptimizeProcDir.
 */
import type { Show } from '../../sql/ast-session.ts'
import { sees } from '../../catalog/authority.ts'
import type { AlterationEntry } from '../../catalog/record-kind.ts'
import { databaseNamed, isSystemDatabase } from '../../catalog/lookup.ts'
import { timeZoneOf } from '../../execution/statement-context.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { long, momentText, text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { shownDatabase } from './object.ts'

const TIMEOUT_SECONDS = 86_400
/** StarRocks writes NULL as this into a column of text. */
const nothing = String.raw`\N`

const end = { State: text, Msg: text, Progress: text, Timeout: long }

const shapes = {
  column: virtualColumns({
    JobId: long,
    TableName: text,
    CreateTime: text,
    FinishTime: text,
    IndexName: text,
    IndexId: long,
    OriginIndexId: long,
    SchemaVersion: text,
    TransactionId: long,
    ...end,
  }),
  rollup: virtualColumns({
    JobId: long,
    TableName: text,
    CreateTime: text,
    FinishedTime: text,
    BaseIndexName: text,
    RollupIndexName: text,
    RollupId: long,
    TransactionId: long,
    ...end,
  }),
  optimize: virtualColumns({
    JobId: long,
    TableName: text,
    CreateTime: text,
    FinishTime: text,
    Operation: text,
    TransactionId: long,
    ...end,
  }),
}

export function alterations(context: StatementContext, show: Show): VirtualTable {
  const what = (show.what === 'alter table' ? show.text : 'rollup') as AlterationEntry['what']
  const name = shownDatabase(context, show)
  const { current } = context.engine.store
  const database = isSystemDatabase(name) ? undefined : databaseNamed(current, name)
  const visible = new Set(
    current
      .relations(database?.id ?? -1)
      .filter((relation) => sees(current, context.state.authority, relation))
      .map((relation) => relation.name),
  )
  const found = current
    .alterations(database?.id ?? -1)
    .filter((entry) => entry.what === what && visible.has(entry.name))
  const zone = timeZoneOf(context)
  const rows = found.map((entry) => rowOf(entry, zone))
  return { database: '', name: 'alter table', columns: shapes[what], rows }
}

function rowOf(entry: AlterationEntry, zone: string): Cell[] {
  const { id, name, detail, detailId } = entry
  const head = [id, name, momentText(entry.createdMs, zone), momentText(entry.finishedMs, zone)]
  const middle = {
    column: [name, detailId, detailId, '0:0', id],
    rollup: [name, detail, detailId, id],
    optimize: [detail, id],
  }
  const progress = entry.what === 'optimize' ? '100%' : nothing
  return [...head, ...middle[entry.what], 'FINISHED', '', progress, TIMEOUT_SECONDS]
}
