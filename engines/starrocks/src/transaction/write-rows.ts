/**
 * The one way rows come into a table: inside a change of the catalog, with partitions made on demand, the storage quota
 * looked at before and after, and the label recorded in the same transaction.
 */
import { SqlError } from '../session.ts'
import { translateExpression } from '../sql/translate.ts'
import { columnNamed } from '../catalog/catalog.ts'
import { literal, quoted } from '../sql/quote.ts'
import type { PartitionEntry, TableColumn, TableEntry } from '../catalog/catalog.ts'
import type { Draft } from '../catalog/catalog-store.ts'
import { settingOf } from '../execution/configuration-item.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import { storageFullError } from '../storage/duck-error.ts'
import type { Link } from '../storage/link.ts'
import type { StagedRows } from '../execution/open-transaction.ts'
import { mergeSql, newKeysSql } from './merge.ts'
import type { MergeOptions } from './merge.ts'
import { newRow } from './new-row.ts'
import { autoRule } from '../catalog/partition.ts'
import { batchPartitionsMax } from '../catalog/partition-definition.ts'
import { momentName, normalValue, stepValue } from '../catalog/partition-value.ts'
import type { Scope } from '../sql/scope.ts'

export interface RowWrite {
  readonly engine: EngineContext
  readonly link: Link
  readonly draft: Draft
  readonly table: TableEntry
  /** A FROM item of judged and accepted rows. */
  readonly source: string
  readonly columns: readonly TableColumn[]
  readonly merge?: Omit<MergeOptions, 'initial' | 'required'>
  readonly scope: Scope
}

/** Answers how many rows a table got that appends; one that merges by key says nothing. */
export async function writeRows(write: RowWrite): Promise<number> {
  write.draft.enter(write.table.volume)
  await refuseFull(write.engine)
  await makePartitions(write)
  const { table, columns, scope } = write
  const isPartial = table.model === 'primary' && write.merge?.updateOnly !== true
  const merge = { ...write.merge, ...(isPartial && newRow(table, columns, scope)) }
  await refuseUnfilled(write, merge)
  const changed = await write.link.run(mergeSql(table, write.source, columns, merge))
  await refuseFull(write.engine)
  return changed
}

/** A partial update that meets a new row cannot say what it holds in a column without a default. */
async function refuseUnfilled(
  { link, table, source }: RowWrite,
  merge: MergeOptions,
): Promise<void> {
  const [column] = merge.required ?? []
  if (column === undefined) return
  const [key] = await link.rows(newKeysSql(table, source, merge.deletes ?? false))
  if (!key) return
  throw new SqlError(
    `${column} has no default value, and partial_update met a new row: ${String(key[0])}`,
  )
}

/** The file's size is looked at first: asking DuckDB for its free blocks is needed only near the limit. */
export async function refuseFull(engine: EngineContext): Promise<void> {
  const used = await bytesOfFull(engine)
  if (used === undefined) return
  for (const listener of engine.onFull) listener()
  throw storageFullError(used, engine.limits.storageBytes)
}

export const isFull = async (engine: EngineContext): Promise<boolean> =>
  (await bytesOfFull(engine)) !== undefined

async function bytesOfFull({ duck, limits }: EngineContext): Promise<number | undefined> {
  if (duck.fileBytes() <= limits.storageBytes) return undefined
  const used = await duck.usedBytes()
  return used > limits.storageBytes ? used : undefined
}

const PARTITIONS = 'max_automatic_partition_number'

/** Partitions that an expression partitioned table needs for the rows to come. */
async function makePartitions(write: RowWrite): Promise<void> {
  const { table, draft } = write
  const known = new Set(table.partitions)
  const made = [...new Set(await partitionsOfRows(write))]
    .filter((entry) => !known.has(entry))
    .map((entry) => ({ ...entry, id: draft.newId() }))
  if (made.length === 0) return
  const most = settingOf(write.engine.identity.settings, 'frontend', PARTITIONS)
  if (table.partitions.length + made.length > Number(most))
    throw new SqlError(
      `Automatically created partitions exceeded the maximum limit: ${most}. You can modify this restriction on by setting ${PARTITIONS} larger.`,
    )
  if (made.length > batchPartitionsMax) {
    throw new SqlError(
      `The number of automatically created partitions in one load is over ${batchPartitionsMax}`,
    )
  }
  draft.put({ ...table, partitions: [...table.partitions, ...made] })
}

type RowSource = Pick<RowWrite, 'engine' | 'link' | 'table' | 'source' | 'scope'>

/** The partitions that rows belong to, by rule: those that are there, and others, without an id, that they would make. */
export async function partitionsOfRows(rows: RowSource): Promise<PartitionEntry[]> {
  const { table, engine } = rows
  if (!autoRule(table.partition) || !table.partition) return []
  const found = await rows.link.rows(
    // In order, so that partitions come into being as they follow each other.
    `SELECT DISTINCT ${partitionKeys(rows).join(', ')} FROM ${rows.source} AS w ORDER BY ALL`,
  )
  const types = table.partition.columns.map((name) => typeOf(table, name))
  const known = new Map(
    table.partitions
      .filter((entry) => !entry.temporary)
      .map((entry) => [identity(entry), entry] as const),
  )
  const names = new Set(table.partitions.map((entry) => entry.name))
  return found.map((row) => {
    const values = row.map((value, at) =>
      value === null ? null : normalValue(String(value), types[at] ?? { kind: 'null' }),
    )
    const entry = autoPartition(table, values, { id: 0, createdMs: engine.clock.now() })
    const standing = known.get(identity(entry))
    if (standing) return standing
    const name = freeName(entry.name, names)
    names.add(name)
    const made = { ...entry, name }
    known.set(identity(made), made)
    return made
  })
}

function partitionKeys({ table, scope }: RowSource): string[] {
  const scheme = table.partition
  const rule = autoRule(scheme)
  if (!scheme || rule?.kind !== 'slice') {
    return (scheme?.columns ?? []).map((name) => `CAST(${quoted(name)} AS VARCHAR)`)
  }
  const source = {
    database: '',
    table: table.name,
    columns: table.columns.map((column) => ({ name: column.name, type: column.type })),
  }
  return scheme.by.map(
    (by) =>
      `CAST(${translateExpression(by, scope, [{ alias: 'w', table: source }]).sql} AS VARCHAR)`,
  )
}

function autoPartition(
  table: TableEntry,
  values: readonly (string | null)[],
  base: Pick<PartitionEntry, 'id' | 'createdMs'>,
): PartitionEntry {
  const rule = autoRule(table.partition)
  const [first = null] = values
  const common = { ...base, temporary: false, properties: {} }
  if (rule?.kind !== 'slice' || first === null) {
    const name = values.map((value) => value ?? 'NULL').join('_')
    return {
      ...common,
      name: `p${name.replaceAll(/[^\p{L}\p{N}_]/gu, '')}`,
      range: undefined,
      values: [values],
    }
  }
  const type = typeOf(table, rule.column)
  const upper = stepValue(first, type, rule.count, rule.unit)
  return {
    ...common,
    name: momentName(first, rule.unit),
    range: { lower: [{ kind: 'value', text: first }], upper: [{ kind: 'value', text: upper }] },
    values: undefined,
  }
}

const identity = (entry: PartitionEntry): string =>
  JSON.stringify(entry.range?.lower ?? entry.values)

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name
  for (let more = 1; taken.has(free); more++) free = `${name}_${more}`
  return free
}

function typeOf(table: TableEntry, name: string) {
  return columnNamed(table, name)?.type ?? ({ kind: 'null' } as const)
}

/** `error()` of DuckDB inside a condition: the statement fails at the first row that has a reason. */
export const failOnReason = (reason: string): string =>
  `CASE WHEN ${reason} IS NULL THEN true ELSE error(${literal(filteredPrefix)} || ${reason}) END`

const filteredPrefix = 'Insert has filtered data in strict mode. '

/** A statement that failed for its rows. */
export class FilteredRowsError extends SqlError {
  readonly total: number
  readonly filtered: number
  readonly reasons: readonly string[]

  constructor(rows: Pick<StagedRows, 'total' | 'filtered' | 'reasons'>) {
    super(`${filteredPrefix}${rows.reasons[0] ?? ''}`, 1064, '42000')
    this.name = 'FilteredRowsError'
    this.total = rows.total
    this.filtered = rows.filtered
    this.reasons = rows.reasons
  }

  /** Of the message of a statement that DuckDB ended at its first row that has a reason. */
  static reasonsIn(message: string): readonly string[] {
    return message.startsWith(filteredPrefix) ? [message.slice(filteredPrefix.length)] : []
  }
}
