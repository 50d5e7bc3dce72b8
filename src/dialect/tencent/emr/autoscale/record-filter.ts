/** Which records of autoscaling are asked for (reference: api.json, DescribeAutoScaleRecords). */
import type { Operation } from '../../../../domain/operation.ts'
import { invalid, oneOf } from '../refusal.ts'

interface Filter {
  readonly Key: string
  readonly Value: string
}

type Holds = (operation: Operation) => boolean

const OFFSET = '+08:00'
/** By the numbers of the documents; those that never are here find nothing. */
const STATUSES = [undefined, 'completed', 'failed', undefined, 'running', undefined] as const
const ACTIONS = [undefined, 'elastic-scale-out', 'elastic-scale-in'] as const

const filters: Readonly<Record<string, (value: string, name: string) => Holds>> = {
  StartTime(value, name) {
    const fromMs = timeOf(value, name)
    return ({ startedMs }) => startedMs >= fromMs
  },
  EndTime(value, name) {
    const untilMs = timeOf(value, name)
    return ({ startedMs }) => startedMs <= untilMs
  },
  StrategyName: (value) => (operation) => operation.cause?.strategy === value,
  ActionStatus: (value) => (operation) => operation.status === STATUSES[Number(value)],
  ScaleAction: (value) => (operation) => operation.verb === ACTIONS[Number(value)],
}

/** Throws InvalidFilterKey or InvalidStartTimeOrEndTime. */
export function recordFilter(asked: readonly Filter[]): Holds {
  const all = asked.map(({ Key, Value }, at) => {
    const filter = Object.hasOwn(filters, Key) ? filters[Key] : undefined
    if (filter) return filter(Value, `Filters.${at}.Value`)
    throw invalid({
      name: `Filters.${at}.Key`,
      code: 'InvalidParameter.InvalidFilterKey',
      rule: oneOf(Object.keys(filters)),
      value: Key,
    })
  })
  return (operation) => all.every((holds) => holds(operation))
}

/** `2006-01-02 15:04:05` or `2006/01/02 15:04:05`, UTC+8. */
function timeOf(value: string, name: string): number {
  const match = /^(\d{4})[-/](\d{2})[-/](\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(value)
  const [, year, month, day, clock] = match ?? []
  const ms = Date.parse(`${year}-${month}-${day}T${clock}${OFFSET}`)
  if (match && !Number.isNaN(ms)) return ms
  throw invalid({
    name,
    code: 'InvalidParameter.InvalidStartTimeOrEndTime',
    rule: 'it must look like 2006-01-02 15:04:05',
    value,
  })
}
