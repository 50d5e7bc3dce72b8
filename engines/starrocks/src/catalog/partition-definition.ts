/** From PARTITION BY clauses to partitions: ranges closed up, batches laid out, overlaps and duplicates refused. */
import { beginTurn } from '../../../../src/kernel/turn.ts'
import { SqlError } from '../session.ts'
import type { PartitionDefinition, PartitionItem } from '../sql/ast-definition.ts'
import type { Property } from '../sql/ast.ts'
import { printType } from '../sql/type.ts'
import type { SqlType } from '../sql/type.ts'
import { columnNamed } from './catalog.ts'
import { checkListed, checkSlice } from './automatic-partition.ts'
import type { PartitionBound, PartitionEntry, PartitionScheme, TableEntry } from './catalog.ts'
import { autoRule, partitionTypes, plainColumn } from './partition.ts'
import type { PartitionedTable } from './partition.ts'
import { partitionOrder } from './partition-order.ts'
import type { PartitionOrder } from './partition-order.ts'
import {
  compareBounds,
  compareValues,
  firstBound,
  isListType,
  isRangeType,
  momentName,
  normalBound,
  normalValue,
  stepValue,
} from './partition-value.ts'
import type { Expression } from '../sql/ast.ts'
import { columnReferences } from '../sql/expression-walk.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'

/** StarRocks' max_partitions_in_one_batch. */
export const batchPartitionsMax = 4096

export interface PartitionDefaults {
  readonly newId: () => number
  readonly nowMs: number
  readonly temporary?: boolean
  /** The table is there already. */
  readonly adds?: true
  /** They are a materialized view's. */
  readonly ofView?: true
  /** What the expression of a RANGE is in DuckDB's SQL over these columns. */
  readonly computed?: (
    expression: Expression,
    columns: TableEntry['columns'],
  ) => NonNullable<PartitionScheme['computed']>
}

export function schemeOf(
  definition: PartitionDefinition,
  columns: TableEntry['columns'],
  defaults: PartitionDefaults,
): PartitionScheme {
  const [only] = definition.by
  if (definition.method === 'range' && only && isComputed(only) && definition.by.length === 1) {
    return {
      ...computedScheme(only, columns, defaults),
      ...(definition.quoted && { quoted: true }),
    }
  }
  const automatic =
    definition.method === 'expression' ||
    definition.by.some((expression) => plainColumn(expression) === undefined)
  const method = automatic ? 'expression' : definition.method
  const { quoted } = definition
  const draft: PartitionScheme = {
    method,
    by: definition.by,
    ...(quoted && { quoted }),
    columns: [],
  }
  const rule = autoRule(draft)
  if (automatic && !rule) throw unsupportedByEngine('This partition expression')
  const names =
    rule?.kind === 'slice' ? [rule.column] : definition.by.map((by) => plainColumn(by) ?? '')
  for (const name of names) {
    const column = columnNamed({ columns } as TableEntry, name)
    if (!column) {
      throw new SqlError(`Partition column[${name}] does not exist in column list.`)
    }
    if (rule?.kind === 'slice' && only)
      checkSlice(only, rule, { type: column.type, ofView: defaults.ofView })
    const fits = method === 'range' || rule?.kind === 'slice' ? isRangeType : isListType
    if (!fits(column.type)) {
      throw new SqlError(
        `Getting analyzing error. Detail message: Invalid partition column '${name}': unsupportedByEngine type ${column.type.kind}.`,
      )
    }
  }
  return { ...draft, columns: names }
}

/** What StarRocks takes in RANGE (…) beside a column: functions that make a time of a number or text, and a number of a part of a text. */
const computing: readonly string[] = [
  'from_unixtime',
  'from_unixtime_ms',
  'str2date',
  'str_to_date',
  'substr',
  'substring',
]

function isComputed(expression: Expression): boolean {
  if (expression.kind === 'cast') return isComputed(expression.operand)
  return expression.kind === 'call' && computing.includes(expression.name)
}

/** Of the functions that make a time, only these arguments. reference: StarRocks 3.3.7, PartitionExprAnalyzer, PartitionFunctionChecker */
const taking: Readonly<Record<string, readonly SqlType['kind'][]>> = {
  from_unixtime: ['int', 'bigint'],
  from_unixtime_ms: ['bigint'],
}

/** Year, month and day, in this order. */
const strictDate = /%Y.*%m.*%d/

function checkComputing(
  expression: Expression,
  columns: TableEntry['columns'],
  [name = '']: readonly string[],
): void {
  if (expression.kind !== 'call') return
  const type = columnNamed({ columns } as TableEntry, name)?.type
  if (type === undefined) return
  const kinds = Object.hasOwn(taking, expression.name) ? taking[expression.name] : undefined
  if (kinds && !kinds.includes(type.kind))
    throw analyzingError(
      `Unsupported partition expression ${expression.name} for column ${name} type ${printType(type).toUpperCase()}`,
    )
  if (expression.name !== 'str2date') return
  const format = expression.args[1]
  const isText = type.kind === 'char' || type.kind === 'varchar'
  if (isText && format?.kind === 'string' && strictDate.test(format.value)) return
  throw analyzingError(
    'partition function check fail, only supports the result of the function str2date(VARCHAR str, VARCHAR format) as a strict DATE type',
  )
}

function computedScheme(
  expression: Expression,
  columns: TableEntry['columns'],
  defaults: PartitionDefaults,
): PartitionScheme {
  const names = columnReferences(expression)
  checkComputing(expression, columns, names)
  const computed = names.length === 1 ? defaults.computed?.(expression, columns) : undefined
  if (!computed || !isRangeType(computed.type)) {
    throw unsupportedByEngine('This partition expression')
  }
  return { method: 'range', by: [expression], columns: names, computed }
}

/** StarRocks names partitions more freely than this says; a NUL, the one thing refused here, no client can show. */
export function checkPartitionName(name: string): void {
  if (name === '' || name.includes('\0')) {
    throw new SqlError(`Incorrect partition name '${name}'`, 1567, 'HY000')
  }
}

/** The table's partitions with `items` added; throws when one overlaps or has a name twice. There may be thousands: others have their turns meanwhile. */
export async function withPartitions(
  table: PartitionedTable,
  items: readonly PartitionItem[],
  defaults: PartitionDefaults,
): Promise<PartitionEntry[]> {
  checkListed(table, items, defaults.adds ?? false)
  const types = partitionTypes(table)
  const names = new Set(table.partitions.map(({ name }) => name))
  const rivals = partitionOrder(
    table.partitions.filter((entry) => entry.temporary === (defaults.temporary ?? false)),
    types,
  )
  const added: PartitionEntry[] = []
  const turn = beginTurn()
  for (const item of items) {
    if (turn.isOver()) await turn.next()
    for (const made of partitionsOf(table, item, { ...defaults, rivals })) {
      checkPartitionName(made.name)
      const twice = names.has(made.name)
      if (twice && 'ifNotExists' in item && item.ifNotExists) continue
      if (twice) throw new SqlError(`Duplicate partition name ${made.name}`, 1517, 'HY000')
      const other = rivals.meeting(made)
      if (other) throw intersected(made, other)
      names.add(made.name)
      rivals.add(made)
      added.push(made)
    }
  }
  return [...table.partitions, ...added]
}

const intersected = (made: PartitionEntry, other: PartitionEntry): SqlError =>
  new SqlError(
    `Range ${describePartition(made)} is intersected with another range of partition ${other.name}`,
  )

/** From the smallest value on is from the beginning, where NULL is, too. */
function fromBeginning(
  bound: PartitionBound,
  types: readonly SqlType[],
): PartitionBound | undefined {
  const isFirst = JSON.stringify(bound) === JSON.stringify(firstBound(types))
  return isFirst ? undefined : bound
}

function partitionsOf(
  table: PartitionedTable,
  item: PartitionItem,
  defaults: PartitionDefaults & { readonly rivals: PartitionOrder },
): PartitionEntry[] {
  const scheme = table.partition
  if (!scheme) throw new SqlError('PARTITION () clause on non partitioned table', 1747, 'HY000')
  const types = partitionTypes(table)
  const isList = scheme.method === 'list' || autoRule(scheme)?.kind === 'columns'
  if (isList !== (item.kind === 'list')) {
    throw new SqlError(
      `Cannot mix ${item.kind} partitions with a ${scheme.method} partitioned table`,
    )
  }
  if (item.kind === 'batch') return batchOf(types[0] ?? { kind: 'null' }, item, defaults)
  const base = {
    id: defaults.newId(),
    name: item.name,
    temporary: defaults.temporary ?? false,
    properties: recordOf(item.properties),
    createdMs: defaults.nowMs,
  }
  if (item.kind === 'list') {
    const values = item.values.map((row) =>
      row.map((value, at) => value && normalValue(value, types[at] ?? { kind: 'null' })),
    )
    if (values.some((row) => row.length !== types.length)) {
      throw new SqlError('Partition values number is not equal to partition column number')
    }
    return [{ ...base, range: undefined, values }]
  }
  const upper: PartitionBound =
    item.upper.length === 0 ? [{ kind: 'max' }] : normalBound(item.upper, types)
  const written = item.kind === 'fixed' ? normalBound(item.lower, types) : undefined
  const lower = written ? fromBeginning(written, types) : defaults.rivals.endBelow(upper)
  if (compareBounds(lower, upper, types) >= 0) {
    throw new SqlError(
      `Range of partition '${item.name}' is empty or reaches into an older partition`,
    )
  }
  return [{ ...base, range: { lower, upper }, values: undefined }]
}

function batchOf(
  type: SqlType,
  item: Extract<PartitionItem, { kind: 'batch' }>,
  defaults: PartitionDefaults,
): PartitionEntry[] {
  if (!Number.isInteger(item.every) || item.every <= 0) {
    throw new SqlError('The interval of EVERY must be a positive integer')
  }
  const made: PartitionEntry[] = []
  const end = normalValue(item.end, type)
  let at = normalValue(item.start, type)
  while (compareValues(at, end, type) < 0) {
    if (made.length >= batchPartitionsMax) {
      throw new SqlError(`The number of partitions in one batch is over ${batchPartitionsMax}`)
    }
    const step = stepValue(at, type, item.every, item.unit)
    const next = compareValues(step, end, type) < 0 ? step : end
    made.push({
      id: defaults.newId(),
      name: item.unit === undefined ? `p${at.replace('-', '_')}` : momentName(at, item.unit),
      temporary: defaults.temporary ?? false,
      range: { lower: [{ kind: 'value', text: at }], upper: [{ kind: 'value', text: next }] },
      values: undefined,
      properties: {},
      createdMs: defaults.nowMs,
    })
    at = next
  }
  return made
}

/** Whether it has values of one that the table has. */
export const meetsAny = (
  table: PartitionedTable & { readonly partitions: readonly PartitionEntry[] },
  entry: PartitionEntry,
): boolean => {
  const rivals = table.partitions.filter(({ temporary }) => !temporary)
  return partitionOrder(rivals, partitionTypes(table)).meeting(entry) !== undefined
}

export function refuseOverlap(
  table: PartitionedTable,
  rivals: readonly PartitionEntry[],
  made: PartitionEntry,
): void {
  const other = partitionOrder(rivals, partitionTypes(table)).meeting(made)
  if (other) throw intersected(made, other)
}

/** `[types: [DATE]; keys: [2024-01-01]; ..types: [DATE]; keys: [2024-01-02]; )`, as StarRocks writes ranges. */
export function partitionValueTexts(table: TableEntry): (entry: PartitionEntry) => string {
  const types = partitionTypes(table)
    .map((type) => printType(type).replace(/\(.*/, '').toUpperCase())
    .join(', ')
  const keys = (bound: PartitionBound | undefined) =>
    bound?.map((value) => (value.kind === 'max' ? 'MAXVALUE' : value.text)).join(', ') ?? 'MINVALUE'
  // StarRocks keeps those of such a table as lists of rows.
  const isAutomatic = autoRule(table.partition)?.kind === 'columns'
  return ({ values, range }) => {
    if (values) {
      const lists = values.map((row) => {
        const list = row.map(quotedValue).join(', ')
        return row.length === 1 && !isAutomatic ? list : `(${list})`
      })
      return `(${lists.join(', ')})`
    }
    if (!range) return ''
    return `[types: [${types}]; keys: [${keys(range.lower)}]; ..types: [${types}]; keys: [${keys(range.upper)}]; )`
  }
}

const quotedValue = (value: string | null): string => (value === null ? 'NULL' : `'${value}'`)

/** As SHOW PARTITIONS prints it. */
function describePartition(entry: PartitionEntry): string {
  if (entry.values) {
    const rows = entry.values.map(
      (row) => `(${row.map((value) => (value === null ? 'NULL' : `'${value}'`)).join(', ')})`,
    )
    return `[${rows.join(', ')}]`
  }
  if (!entry.range) return ''
  const keys = (bound: PartitionBound | undefined) =>
    bound?.map((value) => (value.kind === 'max' ? 'MAXVALUE' : value.text)).join(', ') ?? 'MINVALUE'
  return `[${keys(entry.range.lower)}; ${keys(entry.range.upper)})`
}

export function recordOf(properties: readonly Property[]): Record<string, string> {
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]))
}
