/**
 * ALTER TABLE: several clauses of one statement are one change. Column changes are in alter-column.ts and modify-column.ts.
 * Unlike StarRocks, which changes schemas in the background, a change is finished when the statement answers.
 */
import type { AlterTableClause, DefinitionStatement } from '../../sql/ast-definition.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { demand, relationTarget } from '../../catalog/authority.ts'
import { physicalName } from '../../catalog/catalog.ts'
import type { TableEntry } from '../../catalog/catalog.ts'
import { dataChanged } from '../../execution/engine-context.ts'
import { autoRule, namedPartitions, partitionCondition } from '../../catalog/partition.ts'
import { checkPartitionName, recordOf, withPartitions } from '../../catalog/partition-definition.ts'
import { existingColumn, storedNamed } from '../../catalog/lookup.ts'
import { qualifyTable } from '../../resolution/object-name.ts'
import type { Execution } from '../../execution/execution.ts'
import { refuseOtherVolume, VOLUME_PROPERTY } from '../../execution/storage-volume.ts'
import { done } from '../../execution/result.ts'
import { analyzingError, unsupportedByEngine } from '../../sql/sql-error.ts'
import { checkIndex } from '../../catalog/table-index.ts'
import { checkCooldown, checkProperties } from '../../catalog/table-property.ts'
import { addColumns, dropColumn, orderColumns, renameColumn } from './alter-column.ts'
import { deactivateViews, deactivateViewsOfColumns } from './dependent-view.ts'
import { modifyColumn } from './modify-column.ts'
import { checkName } from './name.ts'
import { isTaken } from './table.ts'
import { checkRetention, refuseDynamicChange } from '../../catalog/partition-retention.ts'
import { recordAlteration } from './alteration.ts'
import { inTime } from './partition-time.ts'
import { recyclePartitions } from './recycle-bin.ts'
import { refuseTemporaryChange } from './temporary-table.ts'
import {
  addTemporaryPartitions,
  dropTemporaryPartitions,
  refuseTemporaryPartitions,
  replacePartitions,
} from './temporary-partition.ts'
import { addRollups, dropRollups, renameRollup, retypedRollups } from './rollup.ts'
import type { TableChange } from './alter-column.ts'
import { changeField } from './alter-field.ts'

export async function alterTable(
  execution: Execution,
  statement: Extract<DefinitionStatement, { kind: 'alterTable' }>,
): Promise<Result> {
  const name = qualifyTable(execution, statement.name)
  const id = await execution.engine.store.change(execution.link, async (draft) => {
    execution.guard.check()
    let table = storedNamed(draft.catalog, name)
    if (table.kind !== 'table') refuseViewChange(table, statement.clauses)
    refuseTemporaryChange(table)
    demand(draft.catalog, execution.state.authority, ['ALTER'], relationTarget(table))
    draft.enter(table.volume)
    for (const clause of statement.clauses) {
      if (rewriting.includes(clause.kind)) refuseTemporaryPartitions(table)
      const before = table
      table = await alter({ execution, draft, table }, clause)
      draft.put(table)
      if (columnClauses.includes(clause.kind)) {
        table = retypedRollups(execution, draft, table)
        draft.put(table)
        recordAlteration(execution, draft, table, { what: 'column', detail: table })
      }
      followViews({ execution, draft, table: before }, clause)
    }
    return table.id
  })
  dataChanged(execution.engine, [id])
  return done()
}

/** A materialized view has indexes as tables have. */
function refuseViewChange({ name }: TableEntry, clauses: readonly AlterTableClause[]): void {
  if (clauses.every(({ kind }) => kind === 'addIndex' || kind === 'dropIndex')) return
  throw analyzingError(
    `The '${name}' cannot be alter by 'ALTER TABLE', because it is a materialized view,you can use 'ALTER MATERIALIZED VIEW' to alter it..`,
  )
}

/** What StarRocks lists as a change of columns. */
const columnClauses: readonly AlterTableClause['kind'][] = [
  'addColumns',
  'dropColumn',
  'modifyColumn',
  'addField',
  'dropField',
  'orderBy',
]

const rewriting: readonly AlterTableClause['kind'][] = [
  ...columnClauses,
  'addRollup',
  'distribution',
  'renameColumn',
]

/** What a change of a table means for the materialized views on it. */
function followViews({ execution, draft, table }: TableChange, clause: AlterTableClause): void {
  if (clause.kind === 'rename')
    deactivateViews(draft, table.id, `base-table renamed: ${table.name}`)
  if (clause.kind === 'swap') {
    // A view on both is notified by the second one.
    const other = draft.catalog.relation(table.databaseId, table.name)
    if (other) deactivateViews(draft, other.id, `base-table swapped: ${clause.name}`)
    deactivateViews(draft, table.id, `base-table swapped: ${table.name}`)
  }
  if (clause.kind === 'dropColumn')
    deactivateViewsOfColumns(execution, draft, table.id, [clause.name])
  if (clause.kind === 'renameColumn')
    deactivateViewsOfColumns(execution, draft, table.id, [clause.from])
  if (clause.kind === 'modifyColumn')
    deactivateViewsOfColumns(execution, draft, table.id, [clause.column.name])
  if (clause.kind === 'addField')
    deactivateViewsOfColumns(execution, draft, table.id, [clause.column])
  if (clause.kind === 'dropField')
    deactivateViewsOfColumns(execution, draft, table.id, [clause.column, clause.field])
}

async function alter(change: TableChange, clause: AlterTableClause): Promise<TableEntry> {
  const { table } = change
  switch (clause.kind) {
    case 'addColumns':
      return addColumns(change, clause)
    case 'dropColumn':
      return dropColumn(change, clause)
    case 'modifyColumn':
      return modifyColumn(change, clause)
    case 'addField':
    case 'dropField':
      return changeField(change, clause)
    case 'modifyColumnComment': {
      const column = existingColumn(table, clause.name)
      return replaceColumn(table, column.name, { ...column, comment: clause.comment })
    }
    case 'renameColumn':
      return renameColumn(change, clause)
    case 'orderBy':
      return orderColumns(table, clause.columns)
    case 'rename':
      return rename(change, clause.name)
    case 'swap':
      return swap(change, clause.name)
    case 'comment':
      return { ...table, comment: clause.comment }
    case 'addPartition':
      if (clause.temporary) return addTemporaryPartitions(change, clause)
      refuseDynamicChange(table)
      return addPartition(change, clause)
    case 'dropPartition':
      if (clause.temporary) return dropTemporaryPartitions(change, clause)
      refuseDynamicChange(table)
      return dropPartition(change, clause)
    case 'truncatePartition':
      await deletePartitions(change, clause.names)
      return table
    case 'renamePartition':
      return renamePartition(table, clause)
    case 'modifyPartition':
      return modifyPartition(table, clause)
    case 'setProperties': {
      const changed = withProperties(table, clause)
      return inTime(change.execution, change.draft, changed)
    }
    case 'distribution':
      return optimize(change, clause)
    case 'addIndex':
      return addIndex(table, clause.index)
    case 'dropIndex':
      return dropIndex(table, clause.name)
    case 'replacePartition':
      return replacePartitions(change, clause)
    case 'addRollup':
      return addAndRecordRollups(change, clause)
    case 'dropRollup':
      return dropRollups(table, clause.names)
    case 'renameRollup':
      return renameRollup(table, clause.from, clause.to)
    case 'partitionBy':
      throw unsupportedByEngine('ALTER TABLE … PARTITION BY')
    case 'compact':
      return compacted(table, clause)
  }
}

function withProperties(table: TableEntry, clause: Clause<'setProperties'>): TableEntry {
  const properties = recordOf(clause.properties)
  checkProperties(properties, 'table')
  if (VOLUME_PROPERTY in properties)
    throw unsupportedByEngine(`ALTER TABLE of the property "${VOLUME_PROPERTY}"`)
  const changed = { ...table, properties: { ...table.properties, ...properties } }
  checkRetention(changed)
  return changed
}

/** DuckDB merges what was written by itself: there is nothing to do for a partition that is there. */
function compacted(table: TableEntry, { names }: Clause<'compact'>): TableEntry {
  namedPartitions(table, names)
  return table
}

function addAndRecordRollups(
  { execution, draft, table }: TableChange,
  { rollups }: Clause<'addRollup'>,
): TableEntry {
  const changed = addRollups(execution, draft, table, rollups)
  for (const detail of (changed.rollups ?? []).slice(table.rollups?.length ?? 0))
    recordAlteration(execution, draft, table, { what: 'rollup', detail })
  return changed
}

/** DuckDB lays rows out by itself: what is written is checked, kept and shown, and its job is finished. */
function optimize(change: TableChange, clause: Clause<'distribution'>): TableEntry {
  const { execution, draft, table } = change
  const { distribution, partitions } = clause
  const old = table.distribution
  for (const column of distribution.columns) existingColumn(table, column)
  if (old.method === 'random' && distribution.method === 'random') {
    throw analyzingError(
      'Random distribution table already supports automatic scaling and does not require optimization.',
      undefined,
      5064,
    )
  }
  if (partitions.length > 0) {
    if (old.method !== distribution.method)
      throw analyzingError('not support change distribution type when specify partitions.')
    if (old.columns.join('\0').toLowerCase() !== distribution.columns.join('\0').toLowerCase())
      throw analyzingError('not support change distribution column when specify partitions.')
  }
  const chosen = namedPartitions(table, partitions)
  const { buckets } = distribution
  const name = `DISTRIBUTED BY ${distribution.method.toUpperCase()}${buckets === undefined ? '' : ` BUCKETS ${buckets}`}`
  const detail = {
    id: table.id,
    name: partitions.length > 0 ? `PARTITIONS (${partitions.join(', ')}) ${name}` : name,
  }
  recordAlteration(execution, draft, table, { what: 'optimize', detail })
  if (partitions.length === 0) {
    const all = table.partitions.map(({ buckets: _, ...entry }) => entry)
    return { ...table, distribution, partitions: all }
  }
  return {
    ...table,
    partitions: table.partitions.map((entry) =>
      chosen.includes(entry) && buckets !== undefined ? { ...entry, buckets } : entry,
    ),
  }
}

type Clause<Kind extends AlterTableClause['kind']> = Extract<AlterTableClause, { kind: Kind }>

function replaceColumn(
  table: TableEntry,
  name: string,
  by: TableEntry['columns'][number],
): TableEntry {
  return {
    ...table,
    columns: table.columns.map((column) => (column.name === name ? by : column)),
  }
}

function rename({ draft, table }: TableChange, name: string): TableEntry {
  checkName(name, 'table')
  const database = draft.catalog.entries.get(table.databaseId)
  if (database?.kind === 'database') isTaken(draft.catalog, database, name, false)
  return { ...table, name }
}

/** Both tables keep their rows and exchange their names. */
function swap({ execution, draft, table }: TableChange, name: string): TableEntry {
  const other = draft.catalog.relation(table.databaseId, name)
  if (other?.kind !== table.kind) throw new SqlError(`Unknown table '${name}'`, 1051, '42S02')
  demand(draft.catalog, execution.state.authority, ['ALTER'], relationTarget(other))
  refuseOtherVolume(table, other)
  draft.put({ ...other, name: table.name })
  return { ...table, name }
}

/** A partition lies as its table does; only the number of its buckets is its own. reference: StarRocks 3.3.7, LocalMetastore.getDistributionInfo */
function refuseDistribution(
  { distribution }: TableEntry,
  written: Clause<'addPartition'>['distribution'],
): void {
  if (written === undefined) return
  if (written.method !== distribution.method)
    throw new SqlError(
      `Cannot assign different distribution type. default is: ${distribution.method.toUpperCase()}`,
    )
  if (written.columns.join('\0').toLowerCase() !== distribution.columns.join('\0').toLowerCase())
    throw new SqlError(
      `Cannot assign hash distribution with different distribution cols. default is: [${distribution.columns.join(', ')}]`,
    )
}

async function addPartition(
  { execution, draft, table }: TableChange,
  clause: Clause<'addPartition'>,
): Promise<TableEntry> {
  const nowMs = execution.engine.clock.now()
  refuseDistribution(table, clause.distribution)
  const defaults = { newId: () => draft.newId(), nowMs, adds: true } as const
  return { ...table, partitions: await withPartitions(table, clause.items, defaults) }
}

async function dropPartition(
  change: TableChange,
  clause: Clause<'dropPartition'>,
): Promise<TableEntry> {
  const { table } = change
  if (!table.partition) {
    throw new SqlError('PARTITION () clause on non partitioned table', 1747, 'HY000')
  }
  const standing = new Set(
    table.partitions.filter(({ temporary }) => !temporary).map(({ name }) => name),
  )
  const missing = clause.names.find((name) => !standing.has(name))
  if (missing !== undefined && !clause.ifExists)
    throw new SqlError(`Error in list of partitions to ${missing}`, 1507, 'HY000')
  const present = clause.names.filter((name) => standing.has(name))
  await recyclePartitions(change, namedPartitions(table, present), clause.force)
  await deletePartitions(change, present)
  const dropped = new Set(present)
  return {
    ...table,
    partitions: table.partitions.filter(({ name, temporary }) => temporary || !dropped.has(name)),
  }
}

async function deletePartitions({ execution, table }: TableChange, names: readonly string[]) {
  const conditions = namedPartitions(table, names).map(
    (entry) => `(${partitionCondition(table, entry)})`,
  )
  if (conditions.length === 0) return
  await execution.link.run(`DELETE FROM ${physicalName(table)} WHERE ${conditions.join(' OR ')}`)
}

function renamePartition(table: TableEntry, clause: Clause<'renamePartition'>): TableEntry {
  // The name is made of the values, by which rows find it. reference: StarRocks 3.3.7, LocalMetastore.renamePartition.
  if (autoRule(table.partition))
    throw new SqlError(
      `Table[${table.name}] is automatic partitioned. not support to rename partition name.`,
    )
  checkPartitionName(clause.to)
  const [old] = namedPartitions(table, [clause.from])
  if (table.partitions.some((entry) => entry.name === clause.to)) {
    throw new SqlError(`Duplicate partition name ${clause.to}`, 1517, 'HY000')
  }
  const partitions = table.partitions.map((entry) =>
    entry === old ? { ...entry, name: clause.to } : entry,
  )
  return { ...table, partitions }
}

function modifyPartition(table: TableEntry, clause: Clause<'modifyPartition'>): TableEntry {
  const properties = recordOf(clause.properties)
  checkProperties(properties)
  const isRange = table.partition?.method === 'range' || autoRule(table.partition)?.kind === 'slice'
  if (properties['storage_cooldown_ttl'] !== undefined && !isRange)
    throw new SqlError('Only support range partition table to modify storage_cooldown_ttl')
  checkCooldown(properties)
  const chosen = new Set(
    clause.names.length > 0 ? namedPartitions(table, clause.names) : table.partitions,
  )
  const partitions = table.partitions.map((entry) =>
    chosen.has(entry) ? { ...entry, properties: { ...entry.properties, ...properties } } : entry,
  )
  return { ...table, partitions }
}

function addIndex(table: TableEntry, index: TableEntry['indexes'][number]): TableEntry {
  checkIndex(table, index)
  const lower = index.name.toLowerCase()
  if (table.indexes.some((known) => known.name.toLowerCase() === lower)) {
    throw new SqlError(`index \`${index.name}\` already exist.`)
  }
  return { ...table, indexes: [...table.indexes, index] }
}

function dropIndex(table: TableEntry, name: string): TableEntry {
  const lower = name.toLowerCase()
  const indexes = table.indexes.filter((index) => index.name.toLowerCase() !== lower)
  if (indexes.length === table.indexes.length) throw new SqlError(`index ${name} does not exist`)
  return { ...table, indexes }
}
