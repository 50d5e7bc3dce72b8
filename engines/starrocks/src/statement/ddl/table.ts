/** CREATE TABLE in its three forms, and DROP TABLE. */
import type {
  ColumnDefinition,
  CreateTable,
  CreateTableAs,
  CreateTableLike,
  DefinitionStatement,
  TableOptions,
} from '../../sql/ast-definition.ts'
import type { ObjectName } from '../../sql/ast.ts'
import { maxVarcharLength } from '../../sql/type.ts'
import type { SqlType } from '../../sql/type.ts'
import { convert, translateExpression } from '../../sql/translate.ts'
import type { Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import { databaseTarget, demand, relationTarget } from '../../catalog/authority.ts'
import { isOrdered, shownName } from '../../catalog/catalog.ts'
import type { Catalog, DatabaseEntry, TableEntry } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { insert } from '../dml/insert.ts'
import { tableNamed, unknownRelation, writableDatabase } from '../../catalog/lookup.ts'
import type { QualifiedName } from '../../catalog/lookup.ts'
import { qualify, qualifyTable } from '../../resolution/object-name.ts'
import { chosenVolume, VOLUME_PROPERTY, volumeName } from '../../execution/storage-volume.ts'
import { translatedQuery } from '../../execution/translation.ts'
import type { Execution } from '../../execution/execution.ts'
import { takenAway } from '../../execution/internal-execution.ts'
import { settingOf } from '../../execution/configuration-item.ts'
import { replicationDefaults } from '../../execution/replication.ts'
import { done } from '../../execution/result.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import type { PartitionDefaults } from '../../catalog/partition-definition.ts'
import { defineTable } from '../../catalog/table-definition.ts'
import type { TableDefinition, TableRequest } from '../../catalog/table-definition.ts'
import { refuseFull } from '../../transaction/write-rows.ts'
import { checkExpressions } from './column-expression.ts'
import { deactivateViews } from './dependent-view.ts'
import { checkName } from './name.ts'
import { createPhysical, dropPhysical } from './physical-table.ts'
import { inTime } from './partition-time.ts'
import { dropForGood, droppingOf, isRecycled, recycleRelation } from './recycle-bin.ts'
import { addRollups } from './rollup.ts'
import { dropTemporaryTable, ownName } from './temporary-table.ts'

export async function createTable(execution: Execution, statement: CreateTable): Promise<Result> {
  refuseForms(statement)
  const { columns, indexes, options } = statement
  return make(execution, statement, (name) => ({ name, columns, indexes, options }))
}

export async function createTableLike(
  execution: Execution,
  statement: CreateTableLike,
): Promise<Result> {
  const { current } = execution.engine.store
  const source = tableNamed(current, qualifyTable(execution, statement.like))
  demand(current, execution.state.authority, ['SELECT'], relationTarget(source))
  const written = statement.options
  const options: TableOptions = {
    ...written,
    key: written.key ?? { model: source.model, columns: source.keys },
    comment: written.comment ?? source.comment,
    partition: written.partition,
    distribution: written.distribution ?? source.distribution,
    orderBy: written.orderBy.length > 0 || !isOrdered(source) ? written.orderBy : source.sortKeys,
    properties:
      written.properties.length > 0
        ? written.properties
        : Object.entries(source.properties)
            .filter(([name]) => !statement.temporary || name !== 'colocate_with')
            .filter(([name]) => name.toLowerCase() !== VOLUME_PROPERTY)
            .map(([name, value]) => ({ name, value }))
            .concat(likeVolume(execution, statement, source)),
  }
  const request = { columns: source.columns, indexes: source.indexes, options }
  return make(
    execution,
    statement,
    (name) => ({ name, ...request }),
    (definition, draft) =>
      written.partition
        ? definition
        : {
            ...definition,
            partition: source.partition,
            partitions: source.partitions
              .filter((entry) => !entry.temporary)
              .map((entry) => ({ ...entry, id: draft.newId() })),
          },
  )
}

/** It lies where the other one does. */
function likeVolume(
  { engine }: Execution,
  { temporary }: { readonly temporary: boolean },
  { properties, volume }: TableEntry,
): { name: string; value: string }[] {
  const { current } = engine.store
  const isWritten = Object.keys(properties).some((name) => name.toLowerCase() === VOLUME_PROPERTY)
  if (temporary || (!isWritten && current.volumes().length === 0)) return []
  return [{ name: VOLUME_PROPERTY, value: volumeName(current, volume) }]
}

export async function createTableAs(
  execution: Execution,
  statement: CreateTableAs,
): Promise<Result> {
  const { current } = execution.engine.store
  const name = targetOf(execution, statement)
  const database = current.database(name.database)
  if (statement.ifNotExists && database && current.relation(database.id, name.name)) return done()
  // What sleep() asks for passes when the rows are inserted.
  const scope = scopeOf(execution, { wait: () => undefined })
  const query = await translatedQuery(execution, statement.query, scope)
  const { indexes, options } = statement
  // Only what comes from tables of this instance: StarRocks leaves columns of files and external tables as they are.
  const isOutside = (execution.files?.size ?? 0) + (execution.lakes?.size ?? 0) > 0
  const columns = columnsOfQuery(statement.columns, query.columns).map((column, index) => ({
    ...column,
    type: isOutside ? column.type : exactType(column.type),
    nullable:
      query.columns[index]?.notNull?.origin !== true &&
      !isPrimaryKey(options, column.name) &&
      !isListed(options, column.name),
  }))
  await make(execution, statement, (tableName) => ({ name: tableName, columns, indexes, options }))
  const made = tableNamed(execution.engine.store.current, name)
  try {
    return await insert(execution, {
      kind: 'insert',
      overwrite: false,
      table: statement.name,
      files: undefined,
      label: undefined,
      partitions: [],
      partitionKeys: [],
      temporaryPartitions: false,
      columns: [],
      byName: false,
      query: statement.query,
      properties: [],
    })
  } catch (error) {
    // StarRocks, too, drops the table again when its first rows cannot be had.
    await dropAgain(execution, made)
    throw error
  }
}

function dropAgain(execution: Execution, made: TableEntry): Promise<void> {
  const failure = 'a table without its first rows was not dropped'
  return takenAway(execution, failure, ({ engine, link }) =>
    engine.store.change(link, async (draft) => {
      const table = draft.catalog.entries.get(made.id)
      if (table?.kind !== 'table') return
      draft.enter(table.volume)
      await dropPhysical(link, table)
      draft.remove(table.id)
    }),
  )
}

/** What a query's column may hold is not asked: as in StarRocks, a key takes no NULL, and a row that has one is refused. */
const isPrimaryKey = ({ key }: TableOptions, name: string): boolean =>
  key?.model === 'primary' &&
  key.columns.some((column) => column.toLowerCase() === name.toLowerCase())

/** The columns of partitions that are lists of values. */
const isListed = ({ partition }: TableOptions, name: string): boolean =>
  partition !== undefined &&
  partition.method !== 'range' &&
  partition.by.every(({ kind }) => kind === 'column') &&
  partition.by.some(
    (by) => by.kind === 'column' && by.path.at(-1)?.toLowerCase() === name.toLowerCase(),
  )

/** CTAS: any column may come to be a key, and a key is exact. reference: StarRocks' AnalyzerUtils.transformTableColumnType. */
function exactType(type: SqlType): SqlType {
  if (type.kind === 'float' || type.kind === 'double')
    return { kind: 'decimal', precision: 38, scale: 9 }
  if (type.kind === 'array') return { ...type, element: exactType(type.element) }
  if (type.kind === 'map')
    return { ...type, key: exactType(type.key), value: exactType(type.value) }
  if (type.kind !== 'struct') return type
  return {
    ...type,
    fields: type.fields.map((field) => ({ ...field, type: exactType(field.type) })),
  }
}

/** Text becomes as long as text may be, or as its column is; a bare NULL becomes BOOLEAN, as in StarRocks. */
export function columnsOfQuery(
  names: readonly string[],
  columns: readonly { readonly name: string; readonly type: SqlType; readonly table?: string }[],
): ColumnDefinition[] {
  if (names.length > 0 && names.length !== columns.length) {
    throw new SqlError(
      "Getting analyzing error. Detail message: Number of columns don't equal number of SELECT statement's select list.",
      5010,
      'HY000',
    )
  }
  return columns.map((column, index) => ({
    name: names[index] ?? column.name,
    type: storedType(column.type, (column.table ?? '') !== ''),
    key: false,
    aggregate: undefined,
    nullable: true,
    default: undefined,
    autoIncrement: false,
    comment: undefined,
    generated: undefined,
  }))
}

function storedType(type: SqlType, isColumn: boolean): SqlType {
  if (type.kind === 'null') return { kind: 'boolean' }
  if (type.kind !== 'char' && type.kind !== 'varchar') return type
  return { kind: 'varchar', length: isColumn ? type.length : maxVarcharLength }
}

function refuseForms(statement: { readonly external: boolean }): void {
  if (statement.external) throw unsupportedByEngine('CREATE EXTERNAL TABLE')
}

interface NamedTable {
  readonly name: ObjectName
  readonly ifNotExists: boolean
  readonly temporary: boolean
}

/** What the new table is found by. */
function targetOf(execution: Execution, { name, temporary }: NamedTable): QualifiedName {
  const written = qualify(execution, name)
  return temporary ? { ...written, name: ownName(execution, written.name) } : written
}

/** The parser knows the most that the setting can be. */
function refuseWide({ engine }: Execution, columns: number): void {
  const most = settingOf(engine.identity.settings, 'frontend', 'max_column_number_per_table')
  if (columns > Number(most))
    throw new SqlError(
      `The number of columns in a table must be less than or equal to ${most}, Please decrease the number of columns or increase frontend config 'max_column_number_per_table'.`,
    )
}

async function make(
  execution: Execution,
  statement: NamedTable,
  requestOf: (name: string) => TableRequest,
  adapt: (definition: TableDefinition, draft: Draft) => TableDefinition = (same) => same,
): Promise<Result> {
  const name = qualify(execution, statement.name)
  const key = targetOf(execution, statement).name
  checkName(name.name, 'table')
  return execution.engine.store.change(execution.link, async (draft) => {
    execution.guard.check()
    const database = writableDatabase(draft.catalog, name.database)
    demand(draft.catalog, execution.state.authority, ['CREATE TABLE'], databaseTarget(database))
    if (isTaken(draft.catalog, database, key, statement.ifNotExists)) return done()
    await refuseFull(execution.engine)
    const nowMs = execution.engine.clock.now()
    const computed = computedPartition(execution, draft.catalog)
    const making = { newId: () => draft.newId(), nowMs, computed }
    const request = requestOf(name.name)
    const volume = placeOfTable(execution, statement, {
      catalog: draft.catalog,
      properties: request.options.properties,
      database,
    })
    draft.enter(volume)
    const definition = adapt(await defineTable(request, making), draft)
    refuseWide(execution, definition.columns.length)
    const plain: TableEntry = {
      ...definition,
      properties: { ...replicationDefaults(execution.engine), ...definition.properties },
      kind: 'table',
      id: draft.newId(),
      databaseId: database.id,
      name: name.name,
      createdMs: nowMs,
      view: undefined,
      ...(volume !== undefined && { volume }),
      ...(statement.temporary && execution.state.temporarySession !== undefined
        ? { session: execution.state.temporarySession }
        : {}),
    }
    const table = addRollups(execution, draft, plain, request.options.rollups)
    await checkExpressions(execution, draft.catalog, table)
    await createPhysical(execution.link, table)
    draft.put(await inTime(execution, draft, table))
    return done()
  })
}

/** A temporary table lies with the instance: it goes with its session, whatever became of a store. */
function placeOfTable(
  execution: Execution,
  { temporary }: NamedTable,
  placed: Parameters<typeof chosenVolume>[1],
): number | undefined {
  if (!temporary) return chosenVolume(execution, placed)
  const { database: _of, ...written } = placed
  const isWritten = placed.properties.some(({ name }) => name.toLowerCase() === VOLUME_PROPERTY)
  if (isWritten && chosenVolume(execution, written) !== undefined)
    throw unsupportedByEngine('A temporary table in a storage volume other than the own one')
  return undefined
}

/** Kept with the table: what a partition holds may not change with the session that asks. */
export function computedPartition(
  execution: Execution,
  catalog: Catalog,
): NonNullable<PartitionDefaults['computed']> {
  return (expression, columns) => {
    const scope = scopeOf(execution, { catalog, trusted: true })
    const alias = 'emrys$partition'
    const source = { database: '', table: '', columns }
    const value = translateExpression(expression, scope, [{ alias, table: source }])
    const isTime = expression.kind === 'call' && expression.name.startsWith('from_unixtime')
    const type: SqlType = isTime ? { kind: 'datetime' } : value.type
    return { sql: convert(value, type).replaceAll(`${alias}.`, ''), type }
  }
}

/** True: it is there and that is fine. */
export function isTaken(
  catalog: Catalog,
  database: DatabaseEntry,
  name: string,
  ifNotExists: boolean,
): boolean {
  if (!catalog.relation(database.id, name)) return false
  if (ifNotExists) return true
  throw new SqlError(`Table '${shownName(name)}' already exists`, 1050, '42S01')
}

export async function dropTable(
  execution: Execution,
  statement: Extract<DefinitionStatement, { kind: 'dropTable' }>,
): Promise<Result> {
  if (statement.temporary) return dropTemporaryTable(execution, statement)
  const name = qualifyTable(execution, statement.name)
  return execution.engine.store.change(execution.link, async (draft) => {
    const database = writableDatabase(draft.catalog, name.database)
    if (!draft.catalog.relation(database.id, name.name)) {
      if (statement.ifExists) return done()
      throw unknownRelation(name)
    }
    const table = tableNamed(draft.catalog, name)
    demand(draft.catalog, execution.state.authority, ['DROP'], relationTarget(table))
    draft.enter(table.volume)
    const dropping = droppingOf(execution, draft)
    const { force } = statement
    if (await isRecycled(execution, { force, volume: table.volume }))
      await recycleRelation(dropping, table)
    else await dropForGood(dropping, table)
    deactivateViews(draft, table.id, `base-table dropped: ${table.name}`)
    return done()
  })
}
