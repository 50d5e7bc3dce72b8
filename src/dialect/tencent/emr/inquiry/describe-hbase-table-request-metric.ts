/** DescribeHBaseTableRequestMetric: the reads and writes of a table of HBase for a second (reference: api.json, examples.json). */
import { list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { hbaseMetric, metricsOf, perSecond, tableInput, type TableFigure } from './hbase-table.ts'

const figures: readonly TableFigure[] = [
  {
    name: 'read_request_rate',
    description: 'read request rate',
    of: ({ readsPerSecond }) => perSecond(readsPerSecond),
  },
  {
    name: 'write_request_rate',
    description: 'write request rate',
    of: ({ writesPerSecond }) => perSecond(writesPerSecond),
  },
]

export const describeHbaseTableRequestMetric = action({
  name: 'DescribeHBaseTableRequestMetric',
  input: tableInput,
  output: { MetricDataList: list(hbaseMetric) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  run: (core, call, asked) => metricsOf(core, call, { asked, figures }),
})
