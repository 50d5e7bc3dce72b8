/**
 * What StarRocks asks of partitions that are listed for a table that makes its own.
 * reference: StarRocks 3.3.7, PartitionDescAnalyzer and MultiRangePartitionDesc.
 */
import { SqlError } from '../session.ts'
import type { Expression } from '../sql/ast.ts'
import type { PartitionItem } from '../sql/ast-definition.ts'
import { printExpression } from '../sql/print.ts'
import { analyzingError } from '../sql/sql-error.ts'
import type { SqlType } from '../sql/type.ts'
import { autoRule, partitionTypes } from './partition.ts'
import type { AutoRule, PartitionedTable } from './partition.ts'
import { beginningOf, compareValues, normalValue, stepValue } from './partition-value.ts'

type Slice = Extract<AutoRule, { kind: 'slice' }>
type Batch = Extract<PartitionItem, { kind: 'batch' }>

const units: Readonly<Record<string, readonly string[]>> = {
  date_trunc: ['hour', 'day', 'month', 'year'],
  time_slice: ['minute', 'hour', 'day', 'month', 'year'],
}

/** Of materialized views. reference: StarRocks suite, test_materialized_view */
const viewUnits = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']

/** Rows are kept apart by these units only, and by hours and minutes only where there are some. */
export function checkSlice(
  expression: Expression,
  { unit }: Slice,
  { type, ofView = false }: { readonly type: SqlType; readonly ofView?: boolean | undefined },
): void {
  if (expression.kind !== 'call') return
  const refuse = (explanation: string): never => {
    throw new SqlError(
      `Getting syntax error. Detail message: Unsupported expr '${printExpression(expression)}' in PARTITION BY clause.${explanation}`,
    )
  }
  const known = ofView ? viewUnits : units[expression.name]
  if (!known?.includes(unit)) refuse('')
  if ((unit === 'hour' || unit === 'minute') && type.kind !== 'datetime')
    refuse(' The hour/minute parameter only supports datetime type.')
}

/** Of a table that is there, or that is being made. */
export function checkListed(
  table: PartitionedTable,
  items: readonly PartitionItem[],
  isMade: boolean,
): void {
  const rule = autoRule(table.partition)
  if (!rule) return
  for (const item of items) {
    if (rule.kind === 'columns' && item.kind === 'list' && item.values.length > 1) {
      throw analyzingError(
        'Automatically partitioned tables does not support multiple values in the same partition.',
      )
    }
    if (rule.kind === 'slice') checkRange(table, rule, { item, isMade })
  }
}

function checkRange(
  table: PartitionedTable,
  rule: Slice,
  { item, isMade }: { readonly item: PartitionItem; readonly isMade: boolean },
): void {
  if (item.kind !== 'batch') {
    if (!isMade)
      throw new SqlError(
        'Getting syntax error. Detail message: Automatic partition table creation only supports batch create partition syntax.',
      )
    throw analyzingError(
      'Currently, you cannot manually add a single range partition to a table that is automatically partition.',
    )
  }
  const [type] = partitionTypes(table)
  if (!type) return
  const [start, end] = [normalValue(item.start, type), normalValue(item.end, type)]
  if (compareValues(start, end, type) >= 0)
    throw analyzingError('Batch build partition start date should less than end date..')
  if (isMade) checkAdded(rule, item)
  else checkFirst(table, rule, item)
  checkAligned(item, type, { start, end })
}

function checkFirst({ partition }: PartitionedTable, rule: Slice, item: Batch): void {
  const [by] = partition?.by ?? []
  if (by?.kind === 'call' && by.name === 'time_slice')
    throw new SqlError(
      'Getting syntax error. Detail message: time_slice does not support pre-created partitions.',
    )
  if (item.unit !== rule.unit)
    throw new SqlError(
      'Getting syntax error. Detail message: The partition granularity of automatic partition table batch creation in advance should be consistent.',
    )
  if (item.every !== 1)
    throw analyzingError(
      'Automatically create partition tables and create partitions in advance only supports an interval of 1.',
    )
}

function checkAdded(rule: Slice, item: Batch): void {
  if (item.every > 1) throw analyzingError('The step of the auto-partitioned table should be 1.')
  if (item.unit !== rule.unit)
    throw analyzingError(
      `The granularity of the auto-partitioned table granularity(${rule.unit}) should be consistent with the increased partition granularity(${item.unit ?? ''})..`,
    )
  if (item.every !== rule.count)
    throw new SqlError(
      `Step length [${item.every}] in the operation is not equal to the partition step length [${rule.count}] stored in the table`,
      5701,
      '42000',
    )
}

const extra: Readonly<Record<string, string>> = {
  week: 'with start day of week 1',
  month: 'with start day of month 1',
}

/** Each end at the beginning of a unit. */
function checkAligned(
  { unit = '', every }: Batch,
  type: SqlType,
  { start, end }: { readonly start: string; readonly end: string },
): void {
  const from = beginningOf(start, type, unit)
  const last = beginningOf(end, type, unit)
  const to = last === from ? stepValue(from, type, every, unit) : last
  if (from === start && to === end) return
  throw analyzingError(
    `Batch build partition range [${start},${end}) should be a standard unit of time (${unit.toUpperCase()}) ${extra[unit] ?? ''}. suggest range [${from},${to})If you want to create partial partitions in batch, you can turn off this check by setting the FE config enable_create_partial_partition_in_batch=true.`,
  )
}
