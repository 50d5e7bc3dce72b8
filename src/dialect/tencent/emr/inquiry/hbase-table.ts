/** Figures of a table of HBase over time: what is asked and what is answered (reference: api.json, HBaseMetricData). */
import { decimal, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { clusterId } from '../cluster/cluster-id.ts'
import { seconds } from './window.ts'

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
