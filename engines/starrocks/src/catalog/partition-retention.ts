/**
 * Partitions that come and go with time: `dynamic_partition.*` makes those from `start` to `end` units around now and drops older ones;
 * `partition_ttl`, `partition_ttl_number` and `partition_live_number` drop old ones only. Pure: the caller says what time it is.
 * reference: StarRocks 3.3.7, DynamicPartitionScheduler and DynamicPartitionUtil.
 */
import { wallTimeText } from '../../../../src/kernel/time-zone.ts'
import { SqlError } from '../session.ts'
import type { SqlType } from '../sql/type.ts'
import type { PartitionBound, PartitionEntry, TableEntry } from './catalog.ts'
import { autoRule, partitionTypes } from './partition.ts'
import type { PartitionedTable } from './partition.ts'
import {
  compareBounds,
  compareValues,
  isRangeType,
  normalValue,
  stepValue,
} from './partition-value.ts'
import { dynamicOf, ttlOf } from './retention-property.ts'
import type { DynamicPartition } from './retention-property.ts'

type Kept = PartitionedTable & Pick<TableEntry, 'properties'> & { readonly kind?: string }

/** A moment in time, and how new partitions get their ids. */
export interface Moment {
  readonly nowMs: number
  /** Where the table names none. */
  readonly timeZone: string
  readonly newId: () => number
}

/** Whether time changes the table's partitions at all. */
export const isTimed = ({ properties, partition }: Kept): boolean =>
  partition !== undefined &&
  (dynamicOf(properties)?.enable === true || ttlOf(properties) !== undefined)

/** The partitions as they are to be now; the same list when nothing changes. */
export function retained(table: Kept, moment: Moment): readonly PartitionEntry[] {
  const types = partitionTypes(table)
  const [type] = types
  if (table.kind === 'materialized view' && table.partitions.some(({ values }) => values))
    return greatest(table, types)
  if (!type || types.length !== 1 || !isRangeType(type)) return table.partitions
  const dynamic = dynamicOf(table.properties)
  const made =
    dynamic?.enable === true ? rolled(table, { type, dynamic }, moment) : table.partitions
  return withinLife({ ...table, partitions: made }, type, moment)
}

/**
 * Of a view whose partitions are values, so many of the greatest; tables keep theirs.
 * reference: StarRocks 3.3.7, MVPCTRefreshListPartitioner.filterPartitionsByNumber.
 */
function greatest(table: Kept, types: readonly SqlType[]): readonly PartitionEntry[] {
  const ttl = ttlOf(table.properties)
  if (ttl?.kind !== 'number') return table.partitions
  const cell = ({ values }: PartitionEntry): Cell => values?.[0] ?? []
  const sorted = table.partitions
    .filter(({ temporary }) => !temporary)
    .toSorted((a, b) => compareCells(cell(b), cell(a), types))
  const gone = new Set(sorted.slice(ttl.count))
  return gone.size === 0 ? table.partitions : table.partitions.filter((entry) => !gone.has(entry))
}

type Cell = readonly (string | null)[]

/** NULL is below all values. */
function compareCells(a: Cell, b: Cell, types: readonly SqlType[]): number {
  for (const [index, type] of types.entries()) {
    const [left = null, right = null] = [a[index], b[index]]
    const order =
      left === null || right === null
        ? Number(left !== null) - Number(right !== null)
        : compareValues(left, right, type)
    if (order !== 0) return order
  }
  return 0
}

interface Rolling {
  readonly type: SqlType
  readonly dynamic: DynamicPartition
}

function rolled(
  table: Kept,
  { type, dynamic }: Rolling,
  moment: Moment,
): readonly PartitionEntry[] {
  const zone = dynamic.timeZone ?? moment.timeZone
  const now = unitStart(wallTimeText(moment.nowMs, zone), dynamic)
  const at = (index: number): PartitionBound => [
    { kind: 'value', text: normalValue(stepText(now, index, dynamic, type), type) },
  ]
  let partitions = table.partitions
  const first = Math.max(dynamic.start ?? -Infinity, -dynamic.history)
  for (let index = first; index <= dynamic.end; index++) {
    const range = { lower: at(index), upper: at(index + 1) }
    const meets = partitions.some(
      (entry) =>
        !entry.temporary &&
        entry.range &&
        compareBounds(entry.range.lower, range.upper, [type]) < 0 &&
        compareBounds(range.lower, entry.range.upper, [type]) < 0,
    )
    if (meets) continue
    const name = `${dynamic.prefix}${unitName(stepDay(now, index, dynamic), dynamic.unit)}`
    const entry: PartitionEntry = {
      id: moment.newId(),
      name,
      temporary: false,
      range,
      values: undefined,
      properties: {},
      createdMs: moment.nowMs,
      ...(dynamic.buckets > 0 && { buckets: dynamic.buckets }),
    }
    partitions = [...partitions, entry]
  }
  if (dynamic.start === undefined) return partitions
  const oldest = at(dynamic.start)
  return without(partitions, ({ upper }) => compareBounds(upper, oldest, [type]) <= 0)
}

function withinLife(table: Kept, type: SqlType, moment: Moment): readonly PartitionEntry[] {
  const ttl = ttlOf(table.properties)
  if (!ttl || (table.partition?.method === 'list' && !autoRule(table.partition)))
    return table.partitions
  const now = wallTimeText(moment.nowMs, moment.timeZone)
  if (ttl.kind === 'age') {
    if (type.kind !== 'date' && type.kind !== 'datetime') return table.partitions
    const text = stepValue(now, { kind: 'datetime' }, -ttl.count, ttl.unit)
    const oldest: PartitionBound = [{ kind: 'value', text: normalValue(text, type) }]
    return without(table.partitions, ({ upper }) => compareBounds(upper, oldest, [type]) <= 0)
  }
  const isTime = type.kind === 'date' || type.kind === 'datetime'
  const today: PartitionBound | undefined = isTime
    ? [{ kind: 'value', text: normalValue(now, type) }]
    : undefined
  // Partitions of the future are not counted.
  const counted = table.partitions
    .filter(({ temporary, range }) => !temporary && range !== undefined)
    .filter(({ range }) => !today || compareBounds(range?.lower, today, [type]) <= 0)
    .toSorted((a, b) => compareBounds(b.range?.lower, a.range?.lower, [type]))
  const gone = new Set(counted.slice(ttl.count))
  return gone.size === 0 ? table.partitions : table.partitions.filter((entry) => !gone.has(entry))
}

function without(
  partitions: readonly PartitionEntry[],
  isGone: (range: NonNullable<PartitionEntry['range']>) => boolean,
): readonly PartitionEntry[] {
  const left = partitions.filter(({ temporary, range }) => temporary || !range || !isGone(range))
  return left.length === partitions.length ? partitions : left
}

const day: SqlType = { kind: 'date' }
const time: SqlType = { kind: 'datetime' }

/** The beginning of the unit that holds this moment. */
function unitStart(now: string, { unit, startOfWeek, startOfMonth }: DynamicPartition): string {
  const [date = '', clock = ''] = now.split(' ')
  if (unit === 'hour') return `${date} ${clock.slice(0, 2)}:00:00`
  if (unit === 'day') return `${date} 00:00:00`
  if (unit === 'year') return `${date.slice(0, 4)}-01-01 00:00:00`
  if (unit === 'month') {
    const begun = `${date.slice(0, 7)}-${String(startOfMonth).padStart(2, '0')} 00:00:00`
    return date >= begun.slice(0, 10) ? begun : stepValue(begun, time, -1, 'month')
  }
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  const since = (weekday - (startOfWeek - 1) + 7) % 7
  return stepValue(`${date} 00:00:00`, time, -since, 'day')
}

const stepDay = (from: string, index: number, { unit }: DynamicPartition): string =>
  stepValue(from, time, index, unit)

function stepText(from: string, index: number, dynamic: DynamicPartition, type: SqlType): string {
  const text = stepDay(from, index, dynamic)
  if (type.kind === 'date' || type.kind === 'datetime') return text
  const digits = text.replaceAll(/\D/g, '')
  return digits.slice(0, dynamic.unit === 'hour' ? 10 : 8)
}

/** StarRocks names weeks by their number in the year. */
function unitName(text: string, unit: DynamicPartition['unit']): string {
  const digits = text.replaceAll(/\D/g, '')
  if (unit === 'week') {
    const [year, week] = weekOf(text)
    return `${year}_${String(week).padStart(2, '0')}`
  }
  return digits.slice(0, { hour: 10, day: 8, month: 6, year: 4 }[unit])
}

/** ISO's: the week of the year's first Thursday is its first. */
function weekOf(text: string): readonly [year: number, week: number] {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + 3 - ((date.getUTCDay() + 6) % 7))
  const year = date.getUTCFullYear()
  const days = (date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000
  return [year, Math.floor(days / 7) + 1]
}

/** Throws where the properties do not suit the table. */
export function checkRetention(table: Kept): void {
  const dynamic = dynamicOf(table.properties)
  const types = partitionTypes(table)
  const [type] = types
  if (dynamic) {
    if (table.partition?.method === 'expression')
      throw new SqlError(
        'Expression partitioning does not support properties of dynamic partitioning',
      )
    if (table.partition?.method !== 'range' || !type || types.length !== 1)
      throw new SqlError('Dynamic partition only support single-column range partition')
    if (type.kind === day.kind && dynamic.unit === 'hour') {
      throw new SqlError(
        'Getting analyzing error. Detail message: Date type partition does not support dynamic partitioning granularity of hour.',
      )
    }
    const expected = dynamic.end - Math.max(dynamic.start ?? -Infinity, -dynamic.history)
    if (expected > PARTITIONS_MAX) {
      throw new SqlError(`Too many dynamic partitions: ${expected}. Limit: ${PARTITIONS_MAX}`)
    }
  }
  if (ttlOf(table.properties) && (!type || types.length !== 1)) {
    throw new SqlError(
      'Getting analyzing error. Detail message: Partition TTL needs a table with one partition column.',
    )
  }
}

/** StarRocks' max_dynamic_partition_num. */
const PARTITIONS_MAX = 500

/** ADD and DROP PARTITION of a table whose partitions come by themselves. */
export function refuseDynamicChange(table: Kept): void {
  if (dynamicOf(table.properties)?.enable !== true) return
  throw new SqlError(
    'Getting analyzing error. Detail message: Cannot add/drop partition on a Dynamic Partition Table, Use command `ALTER TABLE tbl_name SET ("dynamic_partition.enable" = "false")` firstly.',
  )
}
