/** The properties that partition-retention.ts acts on: their forms and their defaults. reference: DynamicPartitionUtil, PropertyAnalyzer. */
import { timeZoneNamed, zoneOf } from '../../../../src/kernel/time-zone.ts'
import { SqlError } from '../session.ts'

export interface DynamicPartition {
  readonly enable: boolean
  readonly unit: 'hour' | 'day' | 'week' | 'month' | 'year'
  /** Below 0; undefined: nothing is dropped. */
  readonly start: number | undefined
  readonly end: number
  readonly prefix: string
  readonly buckets: number
  readonly timeZone: string | undefined
  readonly startOfWeek: number
  readonly startOfMonth: number
  readonly history: number
}

type Properties = Readonly<Record<string, string>>

const DYNAMIC = 'dynamic_partition.'
const units = ['hour', 'day', 'week', 'month', 'year'] as const
/** How StarRocks writes that nothing is dropped. */
export const NO_START = '-2147483648'

export const isRetention = (name: string): boolean =>
  name.startsWith(DYNAMIC) || lives.includes(name) || name === 'partition_ttl'

const lives = ['partition_live_number', 'partition_ttl_number']

function refuse(detail: string, errno: number): never {
  throw new SqlError(detail, errno, '42000')
}

const isInt = (text: string): boolean => /^[+-]?\d{1,9}$/.test(text) || text === NO_START

/** Throws for a value that the property cannot have. */
export function checkRetentionProperty(name: string, value: string): void {
  if (lives.includes(name)) {
    if (!isInt(value)) throw analyzed(`Partition TTL Number: For input string: "${value}".`)
    if (Number(value) <= 0 && value !== '-1')
      throw analyzed(`Illegal Partition TTL Number: ${value}.`)
    return
  }
  if (name === 'partition_ttl') {
    if (!ageOf(value)) throw analyzed(`illegal partition_ttl: ${value}.`)
    return
  }
  const check = Object.hasOwn(checks, name.slice(DYNAMIC.length))
    ? checks[name.slice(DYNAMIC.length)]
    : undefined
  if (!check) throw new SqlError(`Unknown properties: {${name}=${value}}`)
  check(value)
}

const analyzed = (detail: string): SqlError =>
  new SqlError(`Getting analyzing error. Detail message: ${detail}`)

const between = (name: string, least: number, most: number) => (value: string) => {
  if (!isInt(value)) throw new SqlError(`Invalid properties: ${DYNAMIC}${name}`)
  if (Number(value) < least || Number(value) > most)
    throw new SqlError(`${DYNAMIC}${name} should between ${least} and ${most}`)
}

const checks: Readonly<Record<string, (value: string) => void>> = {
  enable(value) {
    if (!/^(true|false)$/i.test(value))
      refuse(`Invalid dynamic partition enable: ${value}. Expected true or false`, 5068)
  },
  time_unit(value) {
    if (!units.some((unit) => unit === value.toLowerCase()))
      refuse(`Unsupported time unit ${value}. Expect DAY/WEEK/MONTH/YEAR.`, 5065)
  },
  start(value) {
    if (!isInt(value)) refuse(`Invalid dynamic partition start ${value}`, 5066)
    if (Number(value) >= 0) refuse('Dynamic partition start must less than 0', 5066)
  },
  end(value) {
    if (value === '') refuse('Dynamic partition end is empty', 5066)
    if (!isInt(value)) refuse(`Invalid dynamic partition end ${value}`, 5066)
    if (Number(value) <= 0) refuse('Dynamic partition end must greater than 0', 5066)
  },
  prefix(value) {
    if (!/^[A-Za-z]\w{0,63}$/.test(value))
      refuse(`Invalid dynamic partition prefix: ${value}.`, 5069)
  },
  buckets(value) {
    if (value === '') refuse('Dynamic partition buckets is empty', 5066)
    if (!isInt(value) || Number(value) < 0)
      refuse(`Invalid dynamic partition buckets ${value}`, 5067)
  },
  replication_num(value) {
    if (!isInt(value)) refuse(`Invalid dynamic partition replication num: ${value}.`, 5072)
    if (Number(value) <= 0) refuse('Dynamic partition replication num must greater than 0', 5071)
  },
  history_partition_num(value) {
    if (!isInt(value) || Number(value) < 0)
      refuse('Dynamic history partition num must greater than 0', 5092)
  },
  time_zone(value) {
    if (timeZoneNamed(value) === undefined)
      throw new SqlError(`Unknown or incorrect time zone: '${value}'`, 1298)
  },
  start_day_of_week: between('start_day_of_week', 1, 7),
  start_day_of_month: between('start_day_of_month', 1, 28),
}

/** Undefined: the table has no such properties. Throws for what must be there and is not. */
export function dynamicOf(properties: Properties): DynamicPartition | undefined {
  if (!Object.keys(properties).some((name) => name.toLowerCase().startsWith(DYNAMIC)))
    return undefined
  const value = (name: string) => properties[`${DYNAMIC}${name}`]
  const unit = units.find((one) => one === value('time_unit')?.toLowerCase())
  if (unit === undefined) throw new SqlError('Must assign dynamic_partition.time_unit properties')
  const end = value('end')
  if (end === undefined) throw new SqlError('Must assign dynamic_partition.end properties')
  const start = value('start')
  const zone = value('time_zone')
  return {
    enable: (value('enable') ?? 'true').toLowerCase() === 'true',
    unit,
    start: start === undefined || start === NO_START ? undefined : Number(start),
    end: Number(end),
    prefix: value('prefix') ?? 'p',
    buckets: Number(value('buckets') ?? 0),
    timeZone: zone === undefined ? undefined : zoneOf(zone),
    startOfWeek: Number(value('start_day_of_week') ?? 1),
    startOfMonth: Number(value('start_day_of_month') ?? 1),
    history: Number(value('history_partition_num') ?? 0),
  }
}

export type PartitionLife =
  | { readonly kind: 'number'; readonly count: number }
  | { readonly kind: 'age'; readonly count: number; readonly unit: string }

export function ttlOf(properties: Properties): PartitionLife | undefined {
  const age = properties['partition_ttl']
  if (age !== undefined) return ageOf(age)
  const count = Number(
    properties['partition_live_number'] ?? properties['partition_ttl_number'] ?? -1,
  )
  return count > 0 ? { kind: 'number', count } : undefined
}

/** `1 MONTH`, `24 hours`. */
function ageOf(text: string): PartitionLife | undefined {
  const found = /^\s*(\d{1,6})\s*(hour|day|week|month|year|minute|second)s?\s*$/i.exec(text)
  if (!found) return undefined
  const [, count = '', unit = ''] = found
  return Number(count) > 0
    ? { kind: 'age', count: Number(count), unit: unit.toLowerCase() }
    : undefined
}
