/**
 * RECOVER of what was dropped without FORCE.
 * reference: StarRocks 3.3.7, LocalMetastore.recoverDatabase, recoverTable and recoverPartition, CatalogRecycleBin
 */
import { catalogTarget, databaseTarget, demand, relationTarget } from '../../catalog/authority.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { Catalog, DatabaseEntry, TableColumn, TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { isSystemDatabase } from '../../catalog/lookup.ts'
import { meetsAny } from '../../catalog/partition-definition.ts'
import { temporaryRows } from '../../catalog/partition.ts'
import { droppedDatabase, droppedPartition, droppedRelations } from '../../catalog/recycle-bin.ts'
import type { DroppedEntry } from '../../catalog/record-kind.ts'
import { dataChanged } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { demandDefault, qualify } from '../../resolution/object-name.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import type { DefinitionStatement } from '../../sql/ast-definition.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { isExpired } from './recycle-bin.ts'
import { isTaken } from './table.ts'

type Recover = Extract<DefinitionStatement, { kind: 'recover' }>

export async function recover(execution: Execution, statement: Recover): Promise<Result> {
  const { engine, link } = execution
  const changed = await engine.store.change(link, async (draft) => {
    if (statement.what === 'database') return recoverDatabase(execution, draft, statement)
    if (statement.what === 'table') return recoverTable(execution, draft, statement)
    return recoverPartition(execution, draft, statement)
  })
  dataChanged(engine, changed)
  engine.refresher.reschedule()
  return done()
}

const unknownDatabase = (name: string): SqlError =>
  new SqlError(`Unknown database '${name}'`, 5501, '3F000')

const unknownTable = (name: string): SqlError =>
  new SqlError(`Unknown table '${name}'`, 5502, '42602')

/** What has expired may still be there for some minutes. */
const living = <Entry extends DroppedEntry>(
  { engine }: Execution,
  entry: Entry | undefined,
): Entry | undefined => (entry && !isExpired(engine, entry) ? entry : undefined)

function recoverDatabase(
  execution: Execution,
  draft: Draft,
  { name: { parts } }: Recover,
): readonly number[] {
  const [name = '', catalog] = parts.toReversed()
  demandDefault(execution, catalog)
  demand(draft.catalog, execution.state.authority, ['CREATE DATABASE'], catalogTarget)
  if (draft.catalog.database(name) || isSystemDatabase(name))
    throw new SqlError(`Database[${name}] already exist.`)
  const dropped = living(execution, droppedDatabase(draft.catalog, name))
  if (!dropped) throw unknownDatabase(name)
  const wanted = new Set(dropped.relations)
  const found = droppedRelations(draft.catalog, dropped.id).filter(({ object }) =>
    wanted.has(object.name),
  )
  for (const { object } of found) wanted.delete(object.name)
  if (wanted.size > 0)
    throw new SqlError(
      `Unable to recover database '${name}' because some tables have been deleted: ${[...wanted].join(',')}`,
    )
  draft.put(dropped.object)
  for (const { object } of found) draft.put(object)
  return found.map(({ id }) => id)
}

function recoverTable(execution: Execution, draft: Draft, statement: Recover): readonly number[] {
  const { database, name } = place(execution, draft.catalog, statement.name)
  demand(draft.catalog, execution.state.authority, ['CREATE TABLE'], databaseTarget(database))
  isTaken(draft.catalog, database, name, false)
  const named = droppedRelations(draft.catalog, database.id).find(
    ({ object }) => object.name === name,
  )
  const dropped = living(execution, named)
  if (!dropped) throw unknownTable(name)
  draft.put(dropped.object)
  return [dropped.id]
}

async function recoverPartition(
  execution: Execution,
  draft: Draft,
  { name: { parts }, from }: Recover,
): Promise<readonly number[]> {
  const partition = parts.at(-1) ?? ''
  const { database, name } = place(execution, draft.catalog, from ?? { parts: [], at: 0 })
  const table = draft.catalog.relation(database.id, name)
  if (!table) throw unknownTable(name)
  demand(draft.catalog, execution.state.authority, ['ALTER'], relationTarget(table))
  if (table.kind === 'view') throw new SqlError(`table[${name}] is not OLAP table or LAKE table`)
  demand(draft.catalog, execution.state.authority, ['INSERT'], relationTarget(table))
  if (table.partitions.some((entry) => !entry.temporary && entry.name === partition))
    throw new SqlError(`partition[${partition}] already exist in table[${name}]`)
  const dropped = living(execution, droppedPartition(draft.catalog, table.id, partition))
  if (!dropped)
    throw new SqlError(
      `No partition named '${partition}' in recycle bin that belongs to table '${name}'`,
    )
  const { object } = dropped
  if (!object.range) throw new SqlError('Does not support recover list partition')
  if (meetsAny(table, object))
    throw new SqlError(`Cannot recover partition '${object.name}': Range conflict.`)
  if (shapeOf(dropped.columns) !== shapeOf(table.columns))
    throw unsupportedByEngine('RECOVER PARTITION after a change of the columns of the table')
  const rows = temporaryRows(table, object)
  await execution.link.run(`INSERT INTO ${physicalName(table)} BY NAME SELECT * FROM ${rows}`)
  await execution.link.run(`DROP TABLE ${rows}`)
  draft.remove(dropped.id)
  draft.put(withPartition(table, object))
  return [table.id]
}

const withPartition = (
  table: TableEntry,
  partition: TableEntry['partitions'][number],
): TableEntry => ({ ...table, partitions: [...table.partitions, partition] })

const shapeOf = (columns: readonly TableColumn[]): string =>
  columns
    .map(({ name, type }) => JSON.stringify([name, type]))
    .toSorted()
    .join()

function place(
  execution: Execution,
  catalog: Catalog,
  written: Recover['name'],
): { readonly database: DatabaseEntry; readonly name: string } {
  const { database: databaseName, name } = qualify(execution, written)
  const database = catalog.database(databaseName)
  if (!database) throw unknownDatabase(databaseName)
  return { database, name }
}
