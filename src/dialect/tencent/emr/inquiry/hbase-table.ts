/**
 * Figures of a table of HBase over time: they are measured when they are asked for, which makes one point of the time that is asked for, if
 * it is not over (reference: api.json, HBaseMetricData; examples.json).
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { TableLoad } from '../../../../domain/inquiry.ts'
import {
  decimal,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { clusterId } from '../cluster/cluster-id.ts'
import { given } from '../refusal.ts'
import { intervalOf } from './interval.ts'
import { unanswered } from './unanswered.ts'
import { checkOrder, seconds } from './window.ts'

export const tableInput = {
  InstanceId: clusterId('InvalidParameterValue'),
  TableName: text({ trim: true, min: 1, max: 512 }),
  RegionServer: optional(text({ max: 300 })),
  Downsample: optional(text({ pattern: /^\d{1,4}[smhd]$/, rule: 'it must look like 5m' })),
  StartTime: optional(seconds),
  EndTime: optional(seconds),
}

export const hbaseMetric = object({
  MetricName: text(),
  MetricDesc: text(),
  Timestamps: list(integer()),
  Values: list(decimal()),
})

/** As a table is called there: `default_orders`. */
export function tableName({ namespace, name }: TableLoad): string {
  return `${namespace}_${name}`
}

/** The code that these actions have for a service that does not answer. */
export const LOST = 'ResourceNotFound'

export interface TableFigure {
  readonly name: string
  readonly description: string
  of(load: TableLoad): number
}

/** By example, where nobody says another one. */
const DOWNSAMPLE = '5m'

/** Each figure, with its one point; nothing where no HBase runs. */
export async function metricsOf(
  core: Core,
  call: Call,
  {
    asked,
    figures,
  }: {
    readonly asked: Static<TObject<typeof tableInput>>
    readonly figures: readonly TableFigure[]
  },
): Promise<{ MetricDataList: Static<typeof hbaseMetric>[] }> {
  const now = Math.floor(core.clock.now() / 1000)
  const { StartTime = 0, EndTime = now } = asked
  if (asked.StartTime !== undefined && asked.EndTime !== undefined)
    checkOrder({ StartTime, EndTime })
  const { can } = await core.inquiries.of(call, asked.InstanceId)
  const interval = intervalOf(asked.Downsample ?? DOWNSAMPLE)
  const isOver = EndTime < now - interval || StartTime > now
  const found = await can.tables?.(given(asked.RegionServer)).catch(unanswered(LOST))
  if (!found) return { MetricDataList: [] }
  const load = isOver ? undefined : found.find((each) => tableName(each) === asked.TableName)
  const metrics = figures.map((figure) => ({
    MetricName: figure.name,
    MetricDesc: figure.description,
    Timestamps: load ? [now - (now % interval)] : [],
    Values: load ? [figure.of(load)] : [],
  }))
  return { MetricDataList: metrics }
}

/** Requests for a second, with two digits behind the point. */
export function perSecond(rate: number): number {
  return Math.round(100 * rate) / 100
}
