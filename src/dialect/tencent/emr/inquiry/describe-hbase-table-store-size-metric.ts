/** DescribeHBaseTableStoreSizeMetric: the size of the files of a table of HBase over time (reference: api.json, examples.json). */
import { list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { hbaseMetric, tableInput } from './hbase-table.ts'
import { checkOrder } from './window.ts'

export const describeHbaseTableStoreSizeMetric = action({
  name: 'DescribeHBaseTableStoreSizeMetric',
  input: tableInput,
  output: { MetricDataList: list(hbaseMetric) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, StartTime, EndTime }) {
    if (StartTime !== undefined && EndTime !== undefined) checkOrder({ StartTime, EndTime })
    await core.clusters.get(call, id)
    return { MetricDataList: [] }
  },
})
