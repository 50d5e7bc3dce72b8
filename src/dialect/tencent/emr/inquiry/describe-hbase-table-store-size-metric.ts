/** DescribeHBaseTableStoreSizeMetric: what a table of HBase has in memory and in files (reference: api.json, examples.json). */
import { list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { hbaseMetric, metricsOf, tableInput, type TableFigure } from './hbase-table.ts'

const figures: readonly TableFigure[] = [
  {
    name: 'mem_store_size',
    description: 'hbase mem store size',
    of: ({ memoryBytes }) => memoryBytes,
  },
  {
    name: 'store_file_size',
    description: 'hbase storefile size',
    of: ({ fileBytes }) => fileBytes,
  },
]

export const describeHbaseTableStoreSizeMetric = action({
  name: 'DescribeHBaseTableStoreSizeMetric',
  input: tableInput,
  output: { MetricDataList: list(hbaseMetric) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  run: (core, call, asked) => metricsOf(core, call, { asked, figures }),
})
