/** DescribeEmrOverviewMetrics: figures of a cluster over time; where nobody measures there are none (reference: api.json, appendix B). */
import { integer, list, nullable, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { invalid, oneOf } from '../refusal.ts'
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

export const describeEmrOverviewMetrics = action({
  name: 'DescribeEmrOverviewMetrics',
  input: {
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
  },
  output: { Result: list(series) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Metric: metric, Start = 0, End }) {
    if (End < Start) {
      const rule = 'it must not be before Start'
      throw invalid({ name: 'End', code: 'InvalidParameterValue', rule, value: End })
    }
    await core.clusters.get(call, id)
    if (!METRICS.includes(metric)) {
      const code = 'ResourceNotFound.ResourceNotFound'
      throw invalid({ name: 'Metric', code, rule: oneOf(METRICS), value: metric })
    }
    return { Result: [] }
  },
})
