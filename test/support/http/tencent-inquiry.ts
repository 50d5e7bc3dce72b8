/** Legal requests for what a cluster's services have done; EMR-ID stands for the cluster. */

const InstanceId = 'EMR-ID'
const window = { InstanceId, StartTime: 1_730_000_000, EndTime: 1_730_003_600 }
const rows = { ...window, Offset: 0, Limit: 20 }
const pages = { ...window, Page: 1, PageSize: 20 }
const table = { InstanceId, TableName: 'hbase_meta', StartTime: 1, EndTime: 2 }

export const inquiryRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  DescribeDAGInfo: { InstanceID: 'EMR-ID', Type: 'STARROCKS', IDList: ['query-1'] },
  DescribeEmrApplicationStatics: { InstanceId },
  DescribeEmrOverviewMetrics: { InstanceId, End: 2, Metric: 'NODE.CPU', Downsample: '30s-min' },
  DescribeHBaseTableOverview: { InstanceId, Offset: 0, Limit: 10 },
  DescribeHBaseTableRequestMetric: table,
  DescribeHBaseTableStoreSizeMetric: table,
  DescribeHDFSStorageInfo: window,
  DescribeHiveQueries: rows,
  DescribeImpalaQueries: rows,
  DescribeInsightList: pages,
  DescribeKyuubiQueryInfo: pages,
  DescribeSparkApplications: pages,
  DescribeSparkQueries: rows,
  DescribeStarRocksQueryInfo: pages,
  DescribeTrinoQueryInfo: pages,
  DescribeYarnApplications: rows,
}
