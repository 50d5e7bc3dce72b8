/**
 * DescribeEmrOverviewMetrics: figures of a cluster over time, as far as somebody measures them: they are measured when they are asked for,
 * which makes one point of the time that is asked for, if it is not over (reference: api.json, examples.json).
 */
import type { Inquiries } from '../../../../domain/inquiry.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { integer, list, nullable, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { given, invalid, oneOf } from '../refusal.ts'
import { intervalOf } from './interval.ts'
import { unanswered } from './unanswered.ts'
import { seconds } from './window.ts'

/** One more is of serverless instances. */
const METRICS = ['NODE.CPU', 'HDFS.NN.CAPACITY']

const series = object({
  Metric: text(),
  First: integer(),
  Last: integer(),
  Interval: integer(),
  DataPoints: nullable(list(text())),
  Tags: nullable(object({ Unit: text(), Type: text() })),
})

const input = {
  End: seconds,
  Metric: text({ trim: true, min: 1, max: 64 }),
  InstanceId: clusterId('InvalidParameterValue'),
  Downsample: text({
    pattern: /^\d{1,4}[smhd]-(min|max|avg|sum)$/,
    rule: 'it must look like 30s-max',
  }),
  Start: optional(seconds),
  Aggregator: optional(text({ max: 64 })),
  Tags: optional(text({ max: 1024 })),
}

export const describeEmrOverviewMetrics = action({
  name: 'DescribeEmrOverviewMetrics',
  input,
  output: { Result: list(series) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    const { InstanceId: id, Metric: metric, Start = 0, End } = asked
    if (End < Start) {
      const rule = 'it must not be before Start'
      throw invalid({ name: 'End', code: 'InvalidParameterValue', rule, value: End })
    }
    const types = typesOf(asked.Tags)
    const { can } = await core.inquiries.of(call, id)
    if (!METRICS.includes(metric)) {
      const code = 'ResourceNotFound.ResourceNotFound'
      throw invalid({ name: 'Metric', code, rule: oneOf(METRICS), value: metric })
    }
    const interval = intervalOf(asked.Downsample)
    const now = Math.floor(core.clock.now() / 1000)
    const isOver = End < now - interval || Start > now
    if (isOver) return { Result: [] }
    const measured = metric === 'NODE.CPU' ? await processorFigures(can) : await diskFigures(can)
    const figures = measured.filter(({ Type }) => types?.has(Type) ?? true)
    const atS = now - (now % interval)
    return {
      Result: figures.map(({ value, ...Tags }) => ({
        Metric: metric,
        First: atS,
        Last: atS,
        Interval: interval,
        DataPoints: [String(value)],
        Tags,
      })),
    }
  },
})

interface Figure {
  readonly Type: string
  readonly Unit: string
  readonly value: number
}

const LOST = 'ResourceNotFound.ResourceNotFound'

/** By the names that the NameNode itself has for them. */
async function diskFigures(can: Inquiries): Promise<readonly Figure[]> {
  const it = await can.capacity?.().catch(unanswered(LOST))
  if (!it) return []
  const figure = (Type: string, value: number) => ({ Unit: 'byte', Type, value })
  return [
    figure('CapacityTotal', it.totalBytes),
    figure('CapacityUsed', it.usedBytes),
    figure('CapacityRemaining', it.remainingBytes),
    figure('CapacityUsedNonDFS', it.otherBytes),
  ]
}

async function processorFigures(can: Inquiries): Promise<readonly Figure[]> {
  const it = await can.processors?.().catch(unanswered(LOST))
  if (!it) return []
  return [
    { Type: 'CPUUsedPercent', Unit: '', value: Math.round(10 * it.usedPercent) / 10 },
    { Type: 'CPUCoresTotal', Unit: '核', value: it.cores },
  ]
}

/** `{"type":"CapacityTotal|CapacityRemaining"}`; undefined for all. Throws InvalidParameterValue for what is not written so. */
function typesOf(tags: string | undefined): ReadonlySet<string> | undefined {
  const written = given(tags)
  if (written === undefined) return undefined
  const read = readJson(Buffer.from(written))
  const type =
    'value' in read && typeof read.value === 'object' && read.value !== null && 'type' in read.value
      ? read.value.type
      : undefined
  if (typeof type === 'string') return new Set(type.split('|'))
  const rule = 'it must be JSON, as {"type":"CapacityTotal|CapacityRemaining"}'
  throw invalid({ name: 'Tags', code: 'InvalidParameterValue', rule, value: written })
}
